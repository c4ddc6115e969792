"""Runs a group of units in one transaction, each under a savepoint of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw

from towpath.errors import StorageError
from towpath.storage.sqlite.errors import storage_error
from towpath.storage.sqlite.queue import Unit
from towpath.storage.sqlite.transaction import Shelf, SQLiteTransaction


class Committer:
    """The one connection that writes."""

    def __init__(self, connection: apsw.Connection, shelf: Shelf) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._shelf = shelf

    def commit(self, units: list[Unit[Any]]) -> None:
        """Run the units and commit those that succeed; each gets its own result or error."""
        try:
            self._together(units)
        except StorageError as error:
            # Nothing was committed: the disk is full, say. Alone, the units that can succeed do.
            if len(units) == 1:
                units[0].error = error
            else:
                for unit in units:
                    unit.error = None
                    self.commit([unit])

    def _together(self, units: list[Unit[Any]]) -> None:
        self._statement("BEGIN IMMEDIATE")
        ensured: list[Any] = []
        run: Callable[[Unit[Any]], SQLiteTransaction] = self._run if len(units) == 1 else self._run_in_savepoint
        try:
            for unit in units:
                transaction = run(unit)
                if unit.error is None:
                    ensured += transaction.ensured
            self._statement("COMMIT" if any(unit.error is None for unit in units) else "ROLLBACK")
        except BaseException:
            self._roll_back()
            raise
        self._shelf.ensured.update(ensured)

    def _run(self, unit: Unit[Any]) -> SQLiteTransaction:
        transaction = SQLiteTransaction(self._connection, self._shelf)
        try:
            unit.result = unit.work(transaction)
            unit.error = transaction.failure
        except Exception as error:  # noqa: BLE001 - it belongs to the unit's caller
            unit.error = error
        finally:
            transaction.end()
        return transaction

    def _run_in_savepoint(self, unit: Unit[Any]) -> SQLiteTransaction:
        self._statement("SAVEPOINT unit")
        transaction = self._run(unit)
        if unit.error is not None:
            if not self._connection.in_transaction:  # SQLite has given up the whole transaction, not only this unit
                raise transaction.failure or StorageError("The transaction was lost.", code="storage.failed")
            self._statement("ROLLBACK TO unit")
        self._statement("RELEASE unit")
        return transaction

    def _statement(self, text: str) -> None:
        try:
            self._execute(text)
        except apsw.Error as error:
            raise storage_error(error) from error

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._statement("ROLLBACK")
