"""The embedded store: one SQLite file, or memory, that keeps what it has acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeVar

import apsw

from towpath.errors import StorageError
from towpath.ports.store import Reader, Transaction
from towpath.storage.sqlite import maintenance
from towpath.storage.sqlite.committing import Committer
from towpath.storage.sqlite.connection import MEMORY, check_version, connect
from towpath.storage.sqlite.errors import storage_error
from towpath.storage.sqlite.queue import CommitQueue
from towpath.storage.sqlite.transaction import Shelf, SQLiteReader, SQLiteTransaction

Result = TypeVar("Result")
BUSY_TIMEOUT = 10.0  # seconds


class SQLiteStore:
    """One tenant's data in a file, or in memory for ``":memory:"``.

    Threads may share a store; their writes share commits. Other processes may have the same file open: they see
    each other's commits, and a writer waits up to ``busy_timeout`` seconds for another's transaction to end.
    ``max_bytes`` bounds the size of the file.
    """

    def __init__(
        self, path: str | Path, *, tenant: int = 1, busy_timeout: float = BUSY_TIMEOUT, max_bytes: int | None = None
    ) -> None:
        check_version()
        self.path = str(path)
        self.tenant = tenant
        self.in_memory = self.path == MEMORY
        self._busy_timeout = busy_timeout
        self._closed = False
        self._shelf = Shelf(tenant)
        self._writer = connect(self.path, busy_timeout)
        if max_bytes is not None:
            self._writer.pragma("max_page_count", max(1, max_bytes // self._writer.pragma("page_size")))
        self._queue = CommitQueue(Committer(self._writer, self._shelf).commit)
        self._readers: list[apsw.Connection] = []  # those that nobody is reading with
        self._readers_lock = Lock()

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a unit of work; it is on disk when this returns."""
        return self._queue.run(work)

    def read(self, work: Callable[[Reader], Result]) -> Result:
        """Run a reading unit of work on one snapshot, beside all writing; in memory, in turn with it."""
        if self.in_memory or self._queue.leading:
            return self._queue.run(lambda transaction: work(_reading(transaction, self._shelf)))
        with self._reading_connection() as connection:
            reader = SQLiteReader(connection, self._shelf)
            try:
                return work(reader)
            finally:
                reader.end()

    def close(self) -> None:
        """Finish what is being written and let go of the file. Closing again does nothing."""
        if self._closed:
            return
        self._queue.run(self._close)

    def backup(self, to: str | Path) -> None:
        """Copy everything, as it is at one moment, to a new file, while others read and write."""
        if self.in_memory:
            self._queue.run(lambda _: None)
        with self._a_connection() as connection:
            maintenance.backup(connection, Path(to))

    def integrity_check(self) -> list[str]:
        """What is wrong with the file; empty when it is sound. Reads all of it."""
        with self._a_connection() as connection:
            return maintenance.integrity_check(connection)
