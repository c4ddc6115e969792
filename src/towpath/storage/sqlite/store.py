"""The embedded store: one SQLite file, or memory, that keeps what it has acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import apsw

from towpath.errors import StorageError
from towpath.ports.store import Reader, Transaction
from towpath.storage.relational.queue import CommitQueue
from towpath.storage.relational.reading import Inside, Shelf
from towpath.storage.relational.refusals import nested
from towpath.storage.sqlite import maintenance
from towpath.storage.sqlite.committing import Committer
from towpath.storage.sqlite.connection import MEMORY, check_version, connect
from towpath.storage.sqlite.pool import ReadPool
from towpath.storage.sqlite.transaction import DIALECT, SQLiteReader

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
        self._inside = Inside()
        self._shelf = Shelf(tenant, DIALECT)
        self._writer = connect(self.path, busy_timeout)
        if max_bytes is not None:
            self._writer.pragma("max_page_count", max(1, max_bytes // self._writer.pragma("page_size")))
        self._committer = Committer(self._writer, self._shelf, self._inside)
        self._queue = CommitQueue(self._committer.commit)
        self._pool = ReadPool(self.path, busy_timeout)

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a unit of work; it is on disk when this returns. Units do not nest."""
        if self._inside.reader is not None:
            raise nested()
        return self._queue.run(work)

    def read(self, work: Callable[[Reader], Result]) -> Result:
        """Run a reading unit of work on one snapshot, beside all writing; in memory, in turn with it.

        Inside another unit of work it sees what that unit sees.
        """
        if self._inside.reader is not None:
            return work(self._inside.reader)
        if self.in_memory:
            return self._queue.run(lambda _: self._read(self._writer, work))
        with self._pool.snapshot() as connection:
            return self._read(connection, work)

    def close(self) -> None:
        """Finish what is being written and let go of the file. Closing again does nothing."""
        if self._committer.closed:
            return
        self._committer.closed = True
        try:
            self._queue.run(lambda _: None)  # waits for its turn: nobody is writing then, and nobody will any more
        except StorageError:
            self._pool.close()
            self._writer.close()

    def backup(self, to: str | Path) -> None:
        """Copy everything, as it is at one moment, to a new file, while others read and write."""
        if self.in_memory:
            self._queue.run(lambda _: maintenance.copy_memory(self._writer, Path(to)))
            return
        with self._pool.connection() as connection:
            maintenance.copy_file(connection, Path(to))

    def keep_copy(self, reason: str) -> Path | None:
        """A copy beside the file, named by the reason, before something that cannot be undone; None in memory.

        A copy that an earlier, interrupted attempt has made is kept: it is the one from before.
        """
        if self.in_memory:
            return None
        copy = Path(f"{self.path}.{reason}")
        if not copy.exists():
            self.backup(copy)
        return copy

    def integrity_check(self) -> list[str]:
        """What is wrong with the database; empty when it is sound. Reads all of it."""
        if self.in_memory:
            return self._queue.run(lambda _: maintenance.integrity_check(self._writer))
        with self._pool.connection() as connection:
            return maintenance.integrity_check(connection)

    def _read(self, connection: apsw.Connection, work: Callable[[Reader], Result]) -> Result:
        outer = self._inside.reader
        reader = self._inside.reader = SQLiteReader(connection, self._shelf)
        try:
            return work(reader)
        finally:
            self._inside.reader = outer
            reader.end()
