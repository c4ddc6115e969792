"""The embedded store: one SQLite file, WAL, synchronous FULL, one writer at a time with group commit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import apsw

from towpath.errors import StorageError
from towpath.ports.store import Reader, Transaction
from towpath.storage.sqlite_errors import storage_error, translated
from towpath.storage.sqlite_transaction import SQLiteTransaction

T = TypeVar("T")
OLDEST = (3, 51, 3)  # earlier ones back to 3.7.0 can corrupt a WAL that is being reset
BUSY_TIMEOUT = 10_000  # milliseconds to wait for another process's transaction
GROUP = 256  # most units of work in one commit


class _Unit:
    """A unit of work on its way through the writer."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self.work = work
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None


class SQLiteStore:
    """One tenant's data in a file, or in memory for ``":memory:"``.

    Whoever calls ``write`` while nobody is writing commits his own unit and, with it, those that queue up
    meanwhile: a lone write waits for nobody, and under load many share one fsync. Other processes may use the
    same file: each transaction takes SQLite's own write lock.
    """

    def __init__(self, path: str | Path, *, tenant: int = 1, busy_timeout: int = BUSY_TIMEOUT) -> None:
        _check_version()
        self.path = str(path)
        self.tenant = tenant
        self._busy_timeout = busy_timeout
        self._closed = False
        self._queue: deque[_Unit] = deque()
        self._turn = threading.Condition()
        self._writing = False
        self._writer_thread: int | None = None
        with translated():
            self._connection = self._open()
        self._transaction = SQLiteTransaction(self._connection, tenant)
        self._readers: list[apsw.Connection] = []
        self._readers_lock = threading.Lock()
        self.in_memory = self.path == ":memory:"

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run a unit of work; it is on disk when this returns."""
        if self._writer_thread == threading.get_ident():
            raise StorageError(
                "a unit of work cannot start another one",
                code="storage.nested_write",
                hint="Use the transaction it was given.",
            )
        unit = _Unit(work)
        with self._turn:
            self._queue.append(unit)
            while self._writing and not unit.done:
                self._turn.wait()
            if not unit.done:
                self._writing = True
        if not unit.done:
            self._lead()
        if unit.error is not None:
            raise unit.error
        result: T = unit.result
        return result

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run a reading unit of work on one snapshot."""
        if self.in_memory or self._writer_thread == threading.get_ident():
            return self.write(work) if self._writer_thread != threading.get_ident() else work(self._transaction)
        connection = self._borrow()
        try:
            with translated():
                connection.execute("BEGIN")
            try:
                return work(SQLiteTransaction(connection, self.tenant))
            finally:
                connection.execute("COMMIT")
        finally:
            with self._readers_lock:
                self._readers.append(connection)

    def close(self) -> None:
        """Wait for the writer and close every connection."""
        with self._turn:
            while self._writing:
                self._turn.wait()
            self._closed = True
        for connection in (*self._readers, self._connection):
            connection.close()

    def backup(self, to: str | Path) -> None:
        """Copy the database to a file while it is in use."""
        with translated():
            target = apsw.Connection(str(to))
            with target.backup("main", self._connection, "main") as copy:
                while not copy.done:
                    copy.step(1000)
            target.close()

    def integrity_problems(self) -> list[str]:
        """What SQLite's own check of the file finds; empty when it is sound."""
        rows = self._connection.execute("PRAGMA integrity_check").fetchall()
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def _lead(self) -> None:
        """Commit what is queued, in one transaction, and let the callers go."""
        self._writer_thread = threading.get_ident()
        try:
            with self._turn:
                group = [self._queue.popleft() for _ in range(min(len(self._queue), GROUP))]
            self._commit(group)
        finally:
            self._writer_thread = None
            with self._turn:
                for unit in group:
                    unit.done = True
                self._writing = False
                self._turn.notify_all()

    def _commit(self, group: list[_Unit]) -> None:
        try:
            if self._closed:
                raise StorageError("the store is closed", code="storage.closed")
            with translated():
                self._connection.execute("BEGIN IMMEDIATE")
            if len(group) == 1:
                self._run_alone(group[0])
            else:
                self._run_together(group)
        except apsw.Error as error:
            self._fail(group, storage_error(error))
        except BaseException as error:
            self._fail(group, error)

    def _run_alone(self, unit: _Unit) -> None:
        unit.result = unit.work(self._transaction)
        with translated():
            self._connection.execute("COMMIT")

    def _run_together(self, group: list[_Unit]) -> None:
        for unit in group:
            self._connection.execute("SAVEPOINT unit")
            try:
                unit.result = unit.work(self._transaction)
            except BaseException as error:
                unit.error = error
                if not self._connection.in_transaction:
                    raise  # SQLite itself has rolled everything back
                self._connection.execute("ROLLBACK TO unit")
            self._connection.execute("RELEASE unit")
        with translated():
            self._connection.execute("COMMIT")

    def _fail(self, group: list[_Unit], error: BaseException) -> None:
        """The commit did not happen: everybody in the group hears why, unless his own unit failed already."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        for unit in group:
            unit.error = unit.error or error

    def _borrow(self) -> apsw.Connection:
        with self._readers_lock:
            if self._readers:
                return self._readers.pop()
        with translated():
            return self._open()

    def _open(self) -> apsw.Connection:
        connection = apsw.Connection(self.path, statementcachesize=512)
        connection.set_busy_timeout(self._busy_timeout)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        return connection


def _check_version() -> None:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < OLDEST:
        raise StorageError(
            f"SQLite {apsw.sqlite_lib_version()} is too old: it can damage the database",
            code="storage.sqlite_too_old", hint="Install apsw from its own wheel, which brings SQLite 3.51.3 or newer.",
        )  # fmt: skip
