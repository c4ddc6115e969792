"""One worker per data folder: a lock that the operating system lets go of when its owner dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType

from towpath.errors import ConflictError

NAME = "worker.lock"


class FolderLock:
    """Held by the process that runs a folder's worker; other processes may still read and write records."""

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder).resolve() / NAME
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise ConflictError naming who has it."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(handle)
            os.close(handle)
            raise ConflictError(
                f"another process works on this folder: pid {owner.get('pid', '?')} on {owner.get('host', '?')} since {owner.get('since', '?')}",
                code="storage.folder_in_use",
                hint="Stop that process first, or give this one a folder of its own with --folder.",
                params=owner,
            ) from None
        since = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}).encode(), 0)
        self._file = handle

    def release(self) -> None:
        """Let go of the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> FolderLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _owner(handle: int) -> dict[str, object]:
    try:
        owner = json.loads(os.pread(handle, 4096, 0))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}
