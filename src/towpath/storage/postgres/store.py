"""The shared store: one Postgres database that many processes work on, and that keeps what it has acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from towpath.errors import StorageError
from towpath.ports.store import Reader, Transaction
from towpath.storage.postgres.committing import Committer
from towpath.storage.postgres.pool import ReadPool
from towpath.storage.postgres.settings import PostgresSettings
from towpath.storage.postgres.transaction import DIALECT, PostgresReader
from towpath.storage.relational.queue import CommitQueue
from towpath.storage.relational.reading import Inside, Shelf
from towpath.storage.relational.refusals import nested

Result = TypeVar("Result")


class PostgresStore:
    """One tenant's data in a database.

    Threads may share a store; their writes share commits. Other processes write at the same time: where two change
    the same rows, one of them is run again. A server that restarts is waited for.
    """

    def __init__(self, settings: PostgresSettings | str, *, tenant: int = 1) -> None:
        chosen = PostgresSettings(settings) if isinstance(settings, str) else settings
        self.tenant = tenant
        self.settings = chosen
        self._inside = Inside()
        self._shelf = Shelf(tenant, DIALECT)
        self._committer = Committer(chosen, self._shelf, self._inside)
        self._queue = CommitQueue(self._committer.commit)
        self._pool = ReadPool(chosen)

    @property
    def retries(self) -> int:
        """How often a unit has been run again because another process was in its way or the server away."""
        return self._committer.retries

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a unit of work; it is on disk when this returns. Units do not nest."""
        if self._inside.reader is not None:
            raise nested()
        return self._queue.run(work)

    def read(self, work: Callable[[Reader], Result]) -> Result:
        """Run a reading unit of work on one snapshot, beside all writing.

        Inside another unit of work it sees what that unit sees.
        """
        if self._inside.reader is not None:
            return work(self._inside.reader)
        with self._pool.snapshot() as connection:
            reader = self._inside.reader = PostgresReader(connection, self._shelf)
            try:
                return work(reader)
            finally:
                self._inside.reader = None
                reader.end()

    def close(self) -> None:
        """Finish what is being written and let go of the connections. Closing again does nothing."""
        if self._committer.closed:
            return
        self._committer.closed = True
        try:
            self._queue.run(lambda _: None)  # waits for its turn: nobody is writing then, and nobody will any more
        except StorageError:
            self._pool.close()
            self._committer.close()
