"""A store that counts the statements of its transactions, by kind and table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

_CALLS = frozenset({"select", "get", "count", "insert", "update", "delete", "claim"})


class Counting:
    """A transaction that counts."""

    def __init__(self, transaction: Any, statements: Counter[tuple[str, str]]) -> None:
        self._transaction = transaction
        self._statements = statements

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._transaction, name)
        if name not in _CALLS:
            return method

        def counted(table: Any, *args: Any, **more: Any) -> Any:
            self._statements[name, table.name] += 1
            return method(table, *args, **more)

        return counted


class CountingStore:
    """Put it in the place of a platform's store: ``platform.store = CountingStore(platform.store)``."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.statements: Counter[tuple[str, str]] = Counter()
        self.transactions = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, work: Callable[[Any], Any]) -> Any:
        self.transactions += 1
        return self._store.write(lambda tx: work(Counting(tx, self.statements)))

    def read(self, work: Callable[[Any], Any]) -> Any:
        return self._store.read(lambda tx: work(Counting(tx, self.statements)))

    @property
    def total(self) -> int:
        return sum(self.statements.values())
