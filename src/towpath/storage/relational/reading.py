"""The reading half of the storage port, once for all databases: an adapter says how a statement is run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from threading import local
from typing import Any, NoReturn

from towpath.errors import StorageError
from towpath.model.condition import Condition
from towpath.model.table import Order, Table
from towpath.storage.relational.codec import Decoder, Rows
from towpath.storage.relational.dialect import Dialect, Sql
from towpath.storage.relational.statements import Statements

_MOST_TABLES = 1000


class Inside(local):
    """What this thread is inside of: the reader or transaction of the unit of work that it is running."""

    reader: RelationalReader | None = None


class Shelf:
    """The statements of every table in use, kept by the table object itself."""

    def __init__(self, tenant: int, dialect: Dialect) -> None:
        self.tenant = tenant
        self.dialect = dialect
        self.ensured: set[Table] = set()  # known to be complete in the database
        self._statements: dict[int, Statements] = {}

    def of(self, table: Table) -> Statements:
        """The table's statements. Looked up by identity: a table's hash walks through all of its columns."""
        kept = self._statements.get(id(table))
        if kept is None or kept.table is not table:
            if len(self._statements) > _MOST_TABLES:
                self._statements.clear()
            kept = self._statements[id(table)] = Statements(table, self.tenant, self.dialect)
        return kept


class RelationalReader(ABC):
    """Reads one consistent state."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.failure: StorageError | None = None  # set by the first operation that fails

    def select(
        self,
        table: Table,
        columns: Sequence[str] | None = None,
        where: Condition | None = None,
        *,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Rows:
        """The rows that match."""
        statements = self._shelf.of(table)
        wanted = table.names if columns is None else tuple(columns)
        sql = statements.select(wanted, where, order, limit, offset)
        return self._rows(table, sql.text, sql.values, statements.decoder(wanted))

    def get(
        self, table: Table, keys: Sequence[Any], columns: Sequence[str] | None = None, *, by: str | None = None
    ) -> Rows:
        """The rows with these keys, in one statement."""
        if not keys:
            return []
        statements = self._shelf.of(table)
        wanted = table.names if columns is None else tuple(columns)
        column = by or single_key(table)
        keyed = statements.names((column,))
        among = self._among(keyed, keys, table.column(column).kind)
        text = f"{statements.all_of(wanted)} AND {among.text}"
        return self._rows(table, text, among.values, statements.decoder(wanted))

    def count(
        self, table: Table, where: Condition | None = None, *, by: Sequence[str] = (), sums: Sequence[str] = ()
    ) -> Rows:
        """How many rows match, and what their numbers come to."""
        statements = self._shelf.of(table)
        groups = tuple(by)
        sql = statements.count(where, groups, tuple(sums))
        return self._rows(table, sql.text, sql.values, statements.decoder(groups))

    @abstractmethod
    def end(self) -> None:
        """Nothing can be done with this object from now on."""

    @abstractmethod
    def _rows(self, table: Table, text: str, values: tuple[Any, ...], decode: Decoder | None) -> Rows:
        """Run one statement; an error of the database is kept as the failure and raised as a StorageError."""

    @abstractmethod
    def _among(self, column: str, keys: Sequence[Any], kind: str) -> Sql:
        """The quoted column has one of the keys; keys that no row can have are left out."""

    def _ended(self) -> NoReturn:
        raise StorageError(
            "This transaction has ended.",
            code="storage.ended",
            hint="Use a transaction only inside the unit of work that it was given to.",
        )


def single_key(table: Table) -> str:
    """The one column of the key; StorageError where there are several."""
    if len(table.key) != 1:
        raise StorageError(
            f"The key of {table.name!r} has {len(table.key)} columns.",
            code="storage.key",
            hint="Say which column the keys belong to: get(..., by=...).",
        )
    return table.key[0]


def is_comparable(key: object, kind: str) -> bool:
    """Whether a row of that kind of column could have this key."""
    if kind == "text":
        return isinstance(key, str) and _is_unicode(key)
    if isinstance(key, bool):
        return kind == "boolean"
    return isinstance(key, int | float) and kind in ("integer", "real")


def _is_unicode(text: str) -> bool:
    """Half a surrogate pair is no text that could be stored, so no row has it."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
