"""A RabbitMQ for tests: the one that TOWPATH_TEST_BROKER_URL names, else one of our own from Debian's package.

Where neither is found the tests are skipped, but not in CI, which installs the package.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

VARIABLE = "TOWPATH_TEST_BROKER_URL"
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
PATIENCE = 90.0  # seconds to start, on a busy machine


@contextmanager
def broker() -> Iterator[str]:
    """The URL of a broker; skips, or fails in CI, where there is none."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    if not PROGRAM.exists() or shutil.which("erl") is None:
        message = f"no RabbitMQ: install Debian's rabbitmq-server, or name one in {VARIABLE}"
        pytest.fail(message) if "CI" in os.environ else pytest.skip(message)
    with tempfile.TemporaryDirectory(prefix="towpath-rabbit-") as folder:
        yield from _own(Path(folder))


def _own(folder: Path) -> Iterator[str]:
    port, names, distribution = _free_port(), _free_port(), _free_port()
    (folder / "rabbit.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nlog.file = false\n")
    environment = {
        **os.environ, "HOME": str(folder), "RABBITMQ_NODENAME": f"towpath{os.getpid()}@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbit.conf"), "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"), "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"), "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "flags"),
        "ERL_EPMD_PORT": str(names), "ERL_EPMD_ADDRESS": "127.0.0.1",
    }  # fmt: skip
    with (folder / "out.txt").open("wb") as log:
        process = subprocess.Popen([PROGRAM], env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(process, port, folder / "out.txt")
        yield f"amqp://guest:guest@127.0.0.1:{port}//"
    finally:
        for sent in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sent)
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
        with suppress(OSError, subprocess.TimeoutExpired):  # Erlang's list of names outlives its nodes
            subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, timeout=15, check=False)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(log.read_text(errors="replace"))
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
