"""A transaction on SQLite: the port's operations as one statement each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import apsw

from towpath.model.condition import Condition
from towpath.model.table import Order, Table
from towpath.ports.store import Row
from towpath.storage.codec import reader, writer
from towpath.storage.sql import TENANT, Where, create_index, create_table, index_name, names, order_by, quoted
from towpath.storage.sqlite_dialect import SQLiteDialect, json_array, literal_condition
from towpath.storage.sqlite_errors import translated

_DIALECT = SQLiteDialect()


class SQLiteTransaction:
    """Reads and writes of one tenant on one connection, inside a transaction that the store began."""

    def __init__(self, connection: apsw.Connection, tenant: int) -> None:
        self._connection = connection
        self._tenant = tenant

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
        """The rows that match."""
        wanted = tuple(columns) if columns is not None else table.names
        condition, bound = self._where(table, where)
        sql = f"SELECT {names(table, wanted)} FROM {quoted(table.name)} WHERE {condition}{order_by(table, order)}"
        if limit is not None or offset:
            sql += " LIMIT ? OFFSET ?"
            bound += [-1 if limit is None else limit, offset]
        return self._fetch(table, wanted, sql, bound)

    def claim(
        self, table: Table, columns: Sequence[str], where: Condition, *, order: Sequence[Order] = (), limit: int
    ) -> list[tuple[Any, ...]]:
        """Like select: a writing transaction has the whole database to itself."""
        return self.select(table, columns, where, order=order, limit=limit)

    def get(
        self, table: Table, keys: Sequence[Any], columns: Sequence[str] | None = None, *, by: str | None = None
    ) -> list[tuple[Any, ...]]:
        """Rows by key, in one statement; the keys travel as one JSON array."""
        if not keys:
            return []
        wanted = tuple(columns) if columns is not None else table.names
        column = names(table, [by or table.key[0]])
        # CROSS JOIN keeps the keys outside: each is one probe of the index, instead of a scan of the table.
        sql = (
            f'SELECT {names(table, wanted)} FROM (SELECT value AS "sought key" FROM json_each(?)) '
            f'CROSS JOIN {quoted(table.name)} WHERE {quoted(TENANT)} = ? AND {column} = "sought key"'
        )
        return self._fetch(table, wanted, sql, [json_array(list(dict.fromkeys(keys))), self._tenant])

    def count(self, table: Table, where: Condition | None = None, *, by: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """How many rows match, per group."""
        condition, bound = self._where(table, where)
        groups = names(table, by)
        head = f"{groups}, " if by else ""
        tail = f" GROUP BY {groups}{order_by(table, [Order(name) for name in by])}" if by else ""
        sql = f"SELECT {head}count(*) FROM {quoted(table.name)} WHERE {condition}{tail}"
        rows = self._run(sql, bound)
        read = reader(table, tuple(by)) if by else None
        return (
            rows
            if read is None
            else [(*key, row[-1]) for key, row in zip(read([row[:-1] for row in rows]), rows, strict=True)]
        )

    def insert(
        self, table: Table, columns: Sequence[str], rows: Iterable[Row], *, ignore_conflicts: bool = False
    ) -> None:
        """Add rows."""
        columns = tuple(columns)
        tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
        marks = ", ".join("?" * len(columns))
        # The tenant is a number of our own: written into the text, it costs nothing per row.
        sql = f"INSERT INTO {quoted(table.name)} ({quoted(TENANT)}, {names(table, columns)}) VALUES ({self._tenant:d}, {marks}){tail}"
        self._many(table, columns, sql, rows)

    def update(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Change rows by key."""
        names(table, columns)
        assignments = ", ".join(f"{quoted(name)} = ?" for name in columns)
        sql = f"UPDATE {quoted(table.name)} SET {assignments} WHERE {self._by_key(table)}"
        self._many(table, (*columns, *table.key), sql, rows)

    def delete(self, table: Table, keys: Iterable[Any]) -> None:
        """Remove rows by key."""
        rows = keys if len(table.key) > 1 else ((key,) for key in keys)
        self._many(table, table.key, f"DELETE FROM {quoted(table.name)} WHERE {self._by_key(table)}", rows)

    def ensure(self, table: Table) -> None:
        """Create or complete a table."""
        with translated(table):
            self._connection.execute(create_table(table, _DIALECT, suffix=_suffix(table)))
            present = {row[1] for row in self._connection.execute(f"PRAGMA table_info({quoted(table.name)})")}
            for column in table.columns:
                if column.name not in present:
                    kind = _DIALECT.types[column.kind]
                    self._connection.execute(
                        f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(column.name)} {kind}"
                    )
            known = {row[1] for row in self._connection.execute(f"PRAGMA index_list({quoted(table.name)})")}
            for index in table.indexes:
                if index_name(table, index) not in known:
                    self._connection.execute(create_index(table, index, literal_condition(index.where)))

    def _where(self, table: Table, where: Condition | None) -> tuple[str, list[Any]]:
        compiled = Where(table, _DIALECT)
        text = f"{quoted(TENANT)} = ?"
        if where is not None:
            text += f" AND {compiled.text(where)}"
        return text, [self._tenant, *compiled.bound]

    def _by_key(self, table: Table) -> str:
        return " AND ".join([f"{quoted(TENANT)} = {self._tenant:d}", *(f"{quoted(name)} = ?" for name in table.key)])

    def _fetch(self, table: Table, columns: tuple[str, ...], sql: str, bound: Sequence[Any]) -> list[tuple[Any, ...]]:
        rows = self._run(sql, bound, table)
        read = reader(table, columns)
        return rows if read is None else read(rows)

    def _run(self, sql: str, bound: Sequence[Any], table: Table | None = None) -> list[tuple[Any, ...]]:
        with translated(table):
            return self._connection.execute(sql, bound).fetchall()

    def _many(self, table: Table, columns: tuple[str, ...], sql: str, rows: Iterable[Row]) -> None:
        write = writer(table, columns)
        with translated(table):
            self._connection.executemany(sql, rows if write is None else write(rows))


def _suffix(table: Table) -> str:
    """Narrow tables are stored in their key's tree; wide ones (records) keep a row id, so that indexes stay small."""
    return " WITHOUT ROWID" if len(table.columns) <= 20 else ""
