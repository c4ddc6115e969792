"""The port's operations on one Postgres connection, inside a transaction that the store has begun."""

# ruff: noqa: S608 - identifiers come from tables and are quoted, values are bound
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from psycopg import Connection

from towpath.model.condition import Condition
from towpath.model.table import Order, Table
from towpath.ports.store import Row
from towpath.storage.postgres.arrays import array, copied
from towpath.storage.postgres.dialect import ARRAYS, PostgresDialect, comparable
from towpath.storage.postgres.errors import REFUSALS, storage_error
from towpath.storage.postgres.schema import complete
from towpath.storage.relational.codec import Decoder, Encoder, Rows, encoder
from towpath.storage.relational.dialect import Sql
from towpath.storage.relational.reading import RelationalReader, Shelf, is_comparable

DIALECT = PostgresDialect()
_FEW = 50  # rows that go as arrays in one round trip; COPY needs two, and is faster per row


class PostgresReader(RelationalReader):
    """Reads one consistent state."""

    def __init__(self, connection: Connection[Any], shelf: Shelf) -> None:
        super().__init__(shelf)
        self._connection: Connection[Any] | None = connection

    def end(self) -> None:
        """Nothing can be done with this object from now on."""
        self._connection = None

    def _rows(self, table: Table, text: str, values: tuple[Any, ...], decode: Decoder | None) -> Rows:
        def run(connection: Connection[Any]) -> Rows:
            cursor = connection.execute(text, values, binary=True)
            rows: Rows = cursor.fetchall()
            return rows if decode is None else decode(rows)

        rows: Rows = self._do(table, run)
        return rows

    def _do(self, table: Table, run: Callable[[Connection[Any]], Any]) -> Any:
        connection = self._connection or self._ended()
        try:
            return run(connection)
        except REFUSALS as error:
            failure = storage_error(error, table)
            self.failure = self.failure or failure
            raise failure from error

    def _among(self, column: str, keys: Sequence[Any], kind: str) -> Sql:
        known = comparable([key for key in keys if is_comparable(key, kind)], kind)
        return Sql(f"{column} = ANY(%s)", (array(kind, known),))


class PostgresTransaction(PostgresReader):
    """Reads and writes."""

    mark: object | None = None  # others write beside this process, and nothing tells of it

    def __init__(self, connection: Connection[Any], shelf: Shelf) -> None:
        super().__init__(connection, shelf)
        self.ensured: list[Table] = []

    def insert(
        self, table: Table, columns: Sequence[str], rows: Iterable[Row], *, ignore_conflicts: bool = False
    ) -> None:
        """Add rows."""
        names = tuple(columns)
        written = self._shelf.of(table).names(names)
        head = f"{self._name(table)} ({DIALECT.name('_tenant')}, {written})"

        def run(connection: Connection[Any]) -> None:
            values = _columns(names, rows, encoder(table, names))
            kinds = [table.column(name).kind for name in names]
            if not values:
                return
            if len(values[0]) > _FEW and not ignore_conflicts:
                _copy(connection, head, copied(self._shelf.tenant, kinds, values))
                return
            marks = ", ".join(f"%s::{ARRAYS[kind]}" for kind in kinds)
            ignored = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
            source = f"SELECT {self._shelf.tenant:d}, * FROM unnest({marks})"
            connection.execute(f"INSERT INTO {head} {source}{ignored}", _arrays(kinds, values))

        self._do(table, run)

    def update(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Set columns of rows found by key, in the order of the keys, so that two cannot wait for each other."""
        names = tuple(columns)
        self._shelf.of(table).names(names)  # refuses unknown ones
        sets = ", ".join(f"{DIALECT.name(name)} = given.v{at}" for at, name in enumerate(names))

        def run(connection: Connection[Any]) -> None:
            key = itemgetter(*range(len(names), len(names) + len(table.key)))
            last = {key(row): row for row in map(tuple, rows)}
            ordered = [last[each] for each in sorted(last)]
            everything = (*names, *table.key)
            values = _columns(everything, ordered, encoder(table, everything))
            if values:
                self._joined(
                    connection, table, f"UPDATE {self._name(table)} AS kept SET {sets} FROM", everything, values
                )

        self._do(table, run)

    def delete(self, table: Table, keys: Iterable[Any]) -> None:
        """Remove rows by key."""

        def run(connection: Connection[Any]) -> None:
            rows = sorted({(key,) for key in keys} if len(table.key) == 1 else set(map(tuple, keys)))
            values = _columns(table.key, rows, None)
            if values:
                self._joined(connection, table, f"DELETE FROM {self._name(table)} AS kept USING", table.key, values)

        self._do(table, run)

    def claim(
        self, table: Table, columns: Sequence[str], where: Condition, *, order: Sequence[Order] = (), limit: int
    ) -> Rows:
        """The rows that match and that no other transaction has; no other gets them until this one ends."""
        statements = self._shelf.of(table)
        wanted = tuple(columns)
        sql = statements.select(wanted, where, order, limit)
        text = f"{sql.text} FOR NO KEY UPDATE SKIP LOCKED"
        return self._rows(table, text, sql.values, statements.decoder(wanted))

    def ensure(self, table: Table) -> None:
        """Create or complete the table."""
        if table not in self._shelf.ensured:
            self._do(table, lambda connection: complete(connection, table, DIALECT))
            self.ensured.append(table)

    def _joined(
        self, connection: Connection[Any], table: Table, start: str, columns: tuple[str, ...], values: list[Any]
    ) -> None:
        """Run a statement on the rows whose keys are the last of the given columns."""
        kinds = [table.column(name).kind for name in columns]
        marks = ", ".join(f"%s::{ARRAYS[kind]}" for kind in kinds)
        given = ", ".join(f"v{at}" for at in range(len(kinds)))
        first = len(kinds) - len(table.key)
        found = " AND ".join(f"kept.{DIALECT.name(name)} = given.v{first + at}" for at, name in enumerate(table.key))
        text = f"{start} unnest({marks}) AS given({given}) WHERE kept.{self._shelf.of(table).mine} AND {found}"
        connection.execute(text, _arrays(kinds, values))

    def _name(self, table: Table) -> str:
        return DIALECT.name(table.name)


def _copy(connection: Connection[Any], head: str, data: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {head.replace('%%', '%')} FROM STDIN BINARY") as copy:
        copy.write(data)


def _columns(names: Sequence[str], rows: Iterable[Row], encode: Encoder | None) -> list[tuple[Any, ...]]:
    """The rows' values column by column; nothing where there are no rows."""
    values = list(zip(*(rows if encode is None else encode(rows)), strict=True))
    if values and len(values) != len(names):
        raise ValueError(f"rows of {len(values)} values for {len(names)} columns")
    return values


def _arrays(kinds: Sequence[str], values: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(array(kind, column) for kind, column in zip(kinds, values, strict=True))
