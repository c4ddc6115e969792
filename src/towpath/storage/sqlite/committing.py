"""Runs a group of units in one transaction, each under a savepoint of its own."""

from __future__ import annotations

from typing import Any

import apsw

from towpath.errors import StorageError
from towpath.model.table import Table
from towpath.storage.relational.queue import Unit
from towpath.storage.relational.reading import Inside, Shelf
from towpath.storage.sqlite.errors import storage_error
from towpath.storage.sqlite.transaction import SQLiteTransaction


class Committer:
    """Works with the one connection that writes."""

    def __init__(self, connection: apsw.Connection, shelf: Shelf, inside: Inside) -> None:
        self._connection = connection
        self._shelf = shelf
        self._inside = inside
        self.closed = False
        self._undone = 0  # units and transactions that were rolled back

    def commit(self, units: list[Unit[Any]]) -> None:
        """Run the units and commit those that succeed; each gets its own result or error."""
        try:
            self._together(units)
        except StorageError as error:
            # Nothing was committed, because the disk is full, say: alone, the units that can succeed do.
            retry = len(units) > 1 and error.code not in ("storage.locked", "storage.closed")
            for unit in units:
                unit.error = None if retry else error
                if retry:
                    self.commit([unit])

    def _together(self, units: list[Unit[Any]]) -> None:
        if self.closed:
            raise closed()
        self._execute("BEGIN IMMEDIATE")
        try:
            ensured = self._run(units[0]) if len(units) == 1 else self._run_in_turn(units)
            if any(unit.error is None for unit in units):
                self._execute("COMMIT")
            else:
                self._roll_back()
        except BaseException:
            self._roll_back()
            raise
        self._shelf.ensured.update(ensured)

    def _run_in_turn(self, units: list[Unit[Any]]) -> list[Table]:
        ensured: list[Table] = []
        for unit in units:
            self._execute("SAVEPOINT unit")
            ensured += self._run(unit)
            if not self._connection.in_transaction:  # SQLite has given up all of it, not only this unit's part
                raise StorageError("The transaction was lost.", code="storage.failed")
            if unit.error is not None:
                self._execute("ROLLBACK TO unit")
            self._execute("RELEASE unit")
        return ensured

    def _run(self, unit: Unit[Any]) -> list[Table]:
        """Run one unit; gives the tables that it made sure of, which counts if it is committed."""
        mark = (self._connection.pragma("data_version"), self._undone)  # the first: commits of other connections
        transaction = self._inside.reader = SQLiteTransaction(self._connection, self._shelf, mark)
        try:
            unit.result = unit.work(transaction)
            unit.error = transaction.failure  # a unit that caught it has still written only a part
        except Exception as error:  # noqa: BLE001 - it belongs to the unit's caller
            unit.error = error
        finally:
            self._inside.reader = None
            transaction.end()
        if unit.error is not None:
            self._undone += 1
            return []
        return transaction.ensured

    def _execute(self, text: str) -> None:
        try:
            self._connection.execute(text)
        except apsw.Error as error:
            raise storage_error(error) from error

    def _roll_back(self) -> None:
        self._undone += 1
        if self._connection.in_transaction:
            self._execute("ROLLBACK")


def closed() -> StorageError:
    """The error of a store that has been closed."""
    return StorageError("The store is closed.", code="storage.closed", hint="Open it again.")
