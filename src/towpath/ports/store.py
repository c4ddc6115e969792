"""The storage port: set-wise operations on tables inside transactions.

A unit of work is a function of a transaction. ``Store.write`` runs it and returns only when its effects
are on disk; several units may share one commit (group commit), each under a savepoint of its own, so that
one that fails takes nothing of the others with it. A unit may be run again after a rollback: it must have
no effect outside the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from towpath.model.condition import Condition
from towpath.model.table import Order, Table

Row = Sequence[Any]
Result = TypeVar("Result")


class Reader(Protocol):
    """Reads one consistent state of the store."""

    def select(
        self,
        table: Table,
        columns: Sequence[str] | None = None,
        where: Condition | None = None,
        *,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[tuple[Any, ...]]:
        """The rows that match, as tuples in the order of ``columns`` (default: all of the table)."""
        ...

    def get(
        self, table: Table, keys: Sequence[Any], columns: Sequence[str] | None = None, *, by: str | None = None
    ) -> list[tuple[Any, ...]]:
        """Rows whose ``by`` column (default: the single key column) is one of ``keys``, in one statement; any order."""
        ...

    def count(
        self, table: Table, where: Condition | None = None, *, by: Sequence[str] = (), sums: Sequence[str] = ()
    ) -> list[tuple[Any, ...]]:
        """How many rows match, as ``[(n,)]``, or per group as ``[(group values..., n)]`` in group order.

        After ``n`` stand the sums of the columns in ``sums``, None where no row has a value.
        """
        ...


class Transaction(Reader, Protocol):
    """Reads and writes; sees its own writes; ends as a whole or not at all."""

    @property
    def mark(self) -> object | None:
        """Equal to an earlier transaction's mark while only units of this process have written since, and all of them
        have succeeded; None where the store cannot know. What was known then may be taken for known now."""
        ...

    def insert(
        self, table: Table, columns: Sequence[str], rows: Iterable[Row], *, ignore_conflicts: bool = False
    ) -> None:
        """Add rows in one statement per batch. A key or unique clash raises StorageError ``storage.conflict``."""
        ...

    def update(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Set ``columns`` on rows found by key; each row is the new values followed by the key values."""
        ...

    def delete(self, table: Table, keys: Iterable[Any]) -> None:
        """Remove rows by key (a plain value where the key is one column, a tuple where it is several)."""
        ...

    def claim(
        self,
        table: Table,
        columns: Sequence[str],
        where: Condition,
        *,
        order: Sequence[Order] = (),
        limit: int,
    ) -> list[tuple[Any, ...]]:
        """Like ``select``; until this transaction ends no other can claim the rows. Those taken already are skipped."""
        ...

    def ensure(self, table: Table) -> None:
        """Create the table and its indexes, or add the columns and indexes it lacks; never removes anything."""
        ...


class Store(Protocol):
    """One tenant's durable data."""

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a unit of work and return its result once it is on disk."""
        ...

    def read(self, work: Callable[[Reader], Result]) -> Result:
        """Run a reading unit of work on one consistent snapshot."""
        ...

    def close(self) -> None:
        """Finish what is under way and let go of the files or connections."""
        ...
