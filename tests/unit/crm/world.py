"""A CRM on a real store for tests: sessions that commit, and a count of the statements they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from towpath.crm.catalogue import Catalogue, install
from towpath.crm.reading import reading
from towpath.crm.saving import SaveRules
from towpath.crm.session import Session
from towpath.model.change import Cause, Change
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import SequenceIds

NOON = 1_767_268_800_000_000  # 2026-01-01T12:00:00Z
ANN = Cause("ann")

Result = TypeVar("Result")


class Counting:
    """A transaction that counts statements by kind and table."""

    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction
        self.statements: Counter[tuple[str, str]] = Counter()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._transaction, name)

        def counted(table: Any, *args: Any, **more: Any) -> Any:
            self.statements[name, table.name] += 1
            return method(table, *args, **more)

        return counted


class World:
    """A store with the CRM installed and a clock that stands still unless it is set."""

    def __init__(self, store: SQLiteStore) -> None:
        self.store = store
        self.ids = SequenceIds()
        self.now = NOON
        self.rules: SaveRules = {}
        self.changes: list[Change] = []
        self.statements: Counter[tuple[str, str]] = Counter()
        self.catalogue: Catalogue = store.write(install)

    def run(self, work: Callable[[Session], Result]) -> Result:
        """Run work in a session of its own and commit it; ``changes`` and ``statements`` tell what came of it."""

        def unit(transaction: Any) -> Result:
            counting = Counting(transaction)
            session = Session(counting, self.catalogue, self.now, self.ids, self.rules)
            result = work(session)
            self.changes = session.finish()
            self.statements = counting.statements
            return result

        return self.store.write(unit)

    def create(self, name: str, *rows: dict[str, Any]) -> list[Any]:
        return self.run(lambda session: session.create(name, rows, ANN))

    def one(self, name: str, /, **row: Any) -> str:
        """The id of a new record."""
        (record,) = self.create(name, row)
        return str(record["id"])

    def update(self, name: str, key: str, /, **values: Any) -> Any:
        return self.run(lambda session: session.update(name, [key], [values], ANN))[0]

    def get(self, name: str, key: str) -> Any:
        """The record as it is stored; leaves ``changes`` and ``statements`` alone."""
        found = self.store.read(lambda reader: reading(reader, self.catalogue).get(name, [key]))
        return found.get(key)


def new_world() -> World:
    return World(SQLiteStore(":memory:"))
