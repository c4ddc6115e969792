"""One worker process as the host sees it: started in an empty environment, asked, and killed when it is late."""

from __future__ import annotations

import importlib.util
import json
import os
import select
import struct
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from towpath.errors import StorageError

START_SECONDS = 20.0
MAX_ANSWER_BYTES = 64 << 20
_PACKAGE = Path(__file__).parent
# Imports the worker's few modules without running the package's own __init__, which would load all of Towpath.
_START = (
    "import sys, types; package = types.ModuleType('towpath'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['towpath'] = package; from towpath.sandbox.child import main; main(*sys.argv[2:])"
)


class WorkerLostError(Exception):
    """The worker ended, was late, or answered nonsense; ``late`` says that it was killed for taking too long."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("late" if late else "ended")
        self.late = late


@lru_cache(maxsize=1)
def _arguments() -> tuple[str, ...]:
    engine, zones = importlib.util.find_spec("_quickjs"), importlib.util.find_spec("tzdata")
    if engine is None or engine.origin is None or zones is None or not zones.submodule_search_locations:
        raise StorageError(
            "The JavaScript engine or the time zones are not installed.",
            code="sandbox.missing",
            hint="Install towpath again with its dependencies (quickjs-ng, tzdata).",
        )
    folders = (zones.submodule_search_locations[0] + "/zoneinfo", str(_PACKAGE / "javascript"))
    return (sys.executable, "-I", "-S", "-c", _START, str(_PACKAGE.parent), engine.origin, *folders)


class Worker:
    """A running worker; ``spent`` says that it has grown so much that it is to be replaced."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
            _arguments(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        self.spent = False
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        try:
            header, _ = self._answer(time.monotonic() + START_SECONDS)
        except WorkerLostError:
            raise StorageError(
                "The process that evaluates JavaScript did not start.",
                code="sandbox.start",
                hint="Look whether the machine has memory and processes left, then try again.",
            ) from None
        self.caged = bool(header.get("caged"))

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def ask(self, request: dict[str, Any], payload: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """The header and body that answer; raises WorkerLostError, after which the worker is gone."""
        head = json.dumps(request).encode()
        frame = b"".join((struct.pack("<I", len(head)), head, struct.pack("<I", len(payload)), payload))
        ends = time.monotonic() + seconds
        self._write(frame, ends)
        header, body = self._answer(ends)
        self.spent = bool(header.get("spent"))
        return header, body

    def close(self) -> None:
        """End the process at once; it holds nothing worth keeping."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _write(self, data: bytes, ends: float) -> None:
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [self._in], [], max(ends - time.monotonic(), 0))
            if not ready:
                raise self._lost(late=True)
            try:
                view = view[os.write(self._in, view[:65536]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._lost(late=False) from None

    def _answer(self, ends: float) -> tuple[dict[str, Any], bytes]:
        head, tail = struct.unpack("<II", self._read(8, ends))
        if head + tail > MAX_ANSWER_BYTES:
            raise self._lost(late=False)
        header, body = self._read(head, ends), self._read(tail, ends)
        try:
            found = json.loads(header)
        except ValueError:
            raise self._lost(late=False) from None
        if not isinstance(found, dict):
            raise self._lost(late=False)
        return found, body

    def _read(self, size: int, ends: float) -> bytes:
        parts, missing = [], size
        while missing:
            ready, _, _ = select.select([self._out], [], [], max(ends - time.monotonic(), 0))
            if not ready:
                raise self._lost(late=True)
            part = os.read(self._out, min(missing, 1 << 20))
            if not part:
                raise self._lost(late=False)
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _lost(self, *, late: bool) -> WorkerLostError:
        self.close()
        return WorkerLostError(late=late)
