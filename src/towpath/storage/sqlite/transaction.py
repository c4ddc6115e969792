"""The port's operations on one SQLite connection, inside a transaction that the store has begun."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import apsw

from towpath.errors import StorageError
from towpath.model.condition import Condition
from towpath.model.table import Order, Table
from towpath.ports.store import Row
from towpath.storage.relational.codec import Decoder, Encoder, Rows, json_text
from towpath.storage.relational.definitions import add_column, create_index, create_table, index_name
from towpath.storage.relational.dialect import Sql
from towpath.storage.relational.reading import RelationalReader, Shelf, is_comparable
from towpath.storage.sqlite.dialect import SQLiteDialect
from towpath.storage.sqlite.errors import UNSTORABLE, storage_error

DIALECT = SQLiteDialect()
_REFUSALS = (apsw.Error, *UNSTORABLE)


class SQLiteReader(RelationalReader):
    """Reads one consistent state."""

    def __init__(self, connection: apsw.Connection, shelf: Shelf) -> None:
        super().__init__(shelf)
        self._connection: apsw.Connection | None = connection

    def end(self) -> None:
        """Nothing can be done with this object from now on."""
        self._connection = None

    def _rows(self, table: Table, text: str, values: tuple[Any, ...], decode: Decoder | None) -> Rows:
        connection = self._connection or self._ended()
        try:
            rows: Rows = connection.execute(text, values).fetchall()
        except _REFUSALS as error:
            raise self._failed(error, table) from error
        return rows if decode is None else decode(rows)

    def _among(self, column: str, keys: Sequence[Any], kind: str) -> Sql:
        source, listed = key_list(keys, kind)
        return Sql(f"{column} IN {source}", (listed,))

    def _failed(self, error: Exception, table: Table) -> StorageError:
        failure = storage_error(error, table)
        self.failure = self.failure or failure
        return failure


class SQLiteTransaction(SQLiteReader):
    """Reads and writes."""

    def __init__(self, connection: apsw.Connection, shelf: Shelf, mark: object = None) -> None:
        super().__init__(connection, shelf)
        self.ensured: list[Table] = []
        self.mark = mark

    def insert(
        self, table: Table, columns: Sequence[str], rows: Iterable[Row], *, ignore_conflicts: bool = False
    ) -> None:
        """Add rows."""
        text, encode = self._shelf.of(table).insert(tuple(columns), ignore_conflicts=ignore_conflicts)
        self._each(table, text, rows, encode)

    def update(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Set columns of rows found by key."""
        text, encode = self._shelf.of(table).update(tuple(columns))
        self._each(table, text, rows, encode)

    def delete(self, table: Table, keys: Iterable[Any]) -> None:
        """Remove rows by key."""
        rows = ((key,) for key in keys) if len(table.key) == 1 else keys
        self._each(table, self._shelf.of(table).delete(), rows, None)

    def claim(
        self, table: Table, columns: Sequence[str], where: Condition, *, order: Sequence[Order] = (), limit: int
    ) -> Rows:
        """Like select: a writing transaction has the whole database to itself."""
        return self.select(table, columns, where, order=order, limit=limit)

    def ensure(self, table: Table) -> None:
        """Create or complete the table."""
        if table in self._shelf.ensured:
            return
        self._define(table, create_table(table, DIALECT))
        name = DIALECT.name(table.name)
        present = {row[1] for row in self._define(table, f"PRAGMA table_info({name})")}
        for column in table.columns:
            if column.name not in present:
                self._define(table, add_column(table, column, DIALECT))
        indexes = {row[1] for row in self._define(table, f"PRAGMA index_list({name})")}
        for index in table.indexes:
            if index_name(table, index) not in indexes:
                self._define(table, create_index(table, index, DIALECT))
        self.ensured.append(table)

    def _define(self, table: Table, text: str) -> Rows:
        return self._rows(table, text, (), None)

    def _each(self, table: Table, text: str, rows: Iterable[Any], encode: Encoder | None) -> None:
        connection = self._connection or self._ended()
        try:
            connection.executemany(text, rows if encode is None else encode(rows))
        except _REFUSALS as error:
            raise self._failed(error, table) from error


def key_list(keys: Sequence[Any], kind: str) -> tuple[str, Any]:
    """A table of the keys and the one value to bind for it: a C array where they allow it, which costs half of JSON."""
    try:
        if kind == "text":
            return "carray(?)", apsw.carray(tuple(keys))
        if kind == "integer":
            return "carray(?)", apsw.carray(array("q", keys))
    except (TypeError, ValueError, OverflowError):  # other kinds, nulls or NUL characters among them
        pass
    return "(SELECT value FROM json_each(?))", json_text([key for key in keys if is_comparable(key, kind)])
