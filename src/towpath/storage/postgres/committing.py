"""Runs a group of units in one transaction, each under a savepoint of its own; again where another was in the way."""

from __future__ import annotations

import random
import time
from typing import Any

import psycopg

from towpath.errors import StorageError
from towpath.storage.postgres.errors import AGAIN, LOST, storage_error
from towpath.storage.postgres.settings import PostgresSettings
from towpath.storage.postgres.transaction import PostgresTransaction
from towpath.storage.relational.queue import Unit
from towpath.storage.relational.reading import Inside, Shelf

BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_ATTEMPTS = 30  # of a unit that others are in the way of
_PAUSE = 0.5  # seconds at most between two attempts


class Committer:
    """Works with the one connection that writes; opens it anew when it breaks.

    Every unit sees one state of the database, and no row that it changes has been changed by another since: else the
    database refuses (SQLSTATE 40001, 40P01) and the unit is run again.
    """

    def __init__(self, settings: PostgresSettings, shelf: Shelf, inside: Inside) -> None:
        self._settings = settings
        self._shelf = shelf
        self._inside = inside
        self._connection: psycopg.Connection[Any] | None = settings.connect()
        self.retries = 0  # units run again, for whoever measures
        self.closed = False

    def commit(self, units: list[Unit[Any]]) -> None:
        """Run the units and commit those that succeed; each gets its own result or error."""
        attempt = 0
        until = time.monotonic() + self._settings.patience
        while units:
            attempt += 1
            self._try(units)
            units = [unit for unit in units if _may_try_again(unit, attempt, until)]
            if units:
                self.retries += len(units)
                time.sleep(min(_PAUSE, 0.002 * 2**attempt) * random.random())  # noqa: S311 - so that two do not meet again

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, units: list[Unit[Any]]) -> None:
        for unit in units:
            unit.error = None
        try:
            self._together(units)
        except StorageError as error:
            for unit in units:
                unit.error = unit.error or error

    def _together(self, units: list[Unit[Any]]) -> None:
        if self.closed:
            raise closed()
        connection = self._begin()
        ended = False
        try:
            ensured = [self._run(connection, unit, alone=len(units) == 1) for unit in units]
            if any(unit.error is None for unit in units):
                self._commit(connection)
            else:
                self._execute(connection, "ROLLBACK")
            ended = True
        finally:
            if not ended:
                self._forget()  # whatever it was in, the server rolls it back
        for tables in ensured:
            self._shelf.ensured.update(tables)

    def _begin(self) -> psycopg.Connection[Any]:
        """A connection in a new transaction; one that broke while it was idle is replaced at once."""
        if self._connection is not None:
            try:
                self._execute(self._connection, BEGIN)
            except StorageError:
                self._forget()
            else:
                return self._connection
        self._connection = self._settings.connect()
        self._execute(self._connection, BEGIN)
        return self._connection

    def _commit(self, connection: psycopg.Connection[Any]) -> None:
        try:
            self._execute(connection, "COMMIT")
        except StorageError as error:
            if error.code != LOST:
                raise
            raise StorageError(
                "The connection broke while the transaction was being committed: nobody knows whether it is stored.",
                code="storage.in_doubt",
                hint="Look whether the change is there before you make it again.",
            ) from error

    def _run(self, connection: psycopg.Connection[Any], unit: Unit[Any], *, alone: bool) -> list[Any]:
        """Run one unit; gives the tables that it made sure of, which counts if it is committed."""
        if not alone:
            self._execute(connection, "SAVEPOINT unit")
        transaction = self._inside.reader = PostgresTransaction(connection, self._shelf)
        try:
            unit.result = unit.work(transaction)
            unit.error = transaction.failure  # a unit that caught it has still written only a part
        except Exception as error:  # noqa: BLE001 - it belongs to the unit's caller
            unit.error = transaction.failure if _is_passing(transaction.failure) else error
        finally:
            self._inside.reader = None
            transaction.end()
        if not alone:
            self._execute(connection, "RELEASE unit" if unit.error is None else "ROLLBACK TO unit")
        return transaction.ensured if unit.error is None else []

    def _execute(self, connection: psycopg.Connection[Any], text: str) -> None:
        try:
            connection.execute(text)
        except psycopg.Error as error:
            raise storage_error(error) from error

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _is_passing(error: BaseException | None) -> bool:
    return isinstance(error, StorageError) and error.code in (AGAIN, LOST)


def _may_try_again(unit: Unit[Any], attempt: int, until: float) -> bool:
    """Whether a unit failed for a reason that will pass. Of a broken connection nothing has been committed."""
    if not isinstance(unit.error, StorageError):
        return False
    if unit.error.code == AGAIN:
        return attempt < _ATTEMPTS
    return unit.error.code == LOST and time.monotonic() < until


def closed() -> StorageError:
    """The error of a store that has been closed."""
    return StorageError("The store is closed.", code="storage.closed", hint="Open it again.")
