"""One worker per data folder: a lock that the operating system takes back when its owner dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from towpath.errors import ConflictError

NAME = "worker.lock"
_PATIENCE = 1.0  # seconds to wait for a new owner to write down who it is


class FolderLock:
    """Held by the process that runs a folder's worker; other processes may still read and write records.

    The lock is on the file itself, not on its name, so a folder reached through a symbolic link or a mount is the
    same folder. The file stays when the lock is gone; removing it could leave two owners.
    """

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder) / NAME
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise ConflictError ``storage.folder_in_use`` that names the process that has it."""
        if self._file is not None:
            raise _in_use(_me())
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except BlockingIOError:
            owner = _owner(handle)
            os.close(handle)
            raise _in_use(owner) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(_me()).encode(), 0)
        self._file = handle

    def release(self) -> None:
        """Let go of the lock; does nothing without it."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _lock(handle: int) -> None:
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _me() -> dict[str, object]:
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": since}


def _owner(handle: int) -> dict[str, object]:
    """Who the file says has the lock; the owner writes that down just after taking it."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            owner = json.loads(os.pread(handle, 4096, 0))
        except ValueError:
            owner = None
        if isinstance(owner, dict) or time.monotonic() > until:
            return owner or {}
        time.sleep(0.01)


def _in_use(owner: dict[str, object]) -> ConflictError:
    pid, host, since = (owner.get(name, "unknown") for name in ("pid", "host", "since"))
    return ConflictError(
        f"Another process works on this folder: pid {pid} on {host}, since {since}.",
        code="storage.folder_in_use",
        hint="Stop that process first, or give this one a folder of its own.",
        params=owner,
    )
