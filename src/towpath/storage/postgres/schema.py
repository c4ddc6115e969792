"""Creates and completes tables. Processes that start together take turns."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.errors import SerializationFailure

from towpath.model.table import Table
from towpath.storage.postgres.dialect import PostgresDialect, own_name
from towpath.storage.relational.definitions import add_column, create_index, create_table, index_name

_DOOR = 7_305_804_401_993_000_001  # the advisory lock of whoever defines tables
_COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
_INDEXES = "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = to_regclass(%s)"


def complete(connection: Connection[Any], table: Table, dialect: PostgresDialect) -> None:
    """Create the table, or add what it lacks.

    SerializationFailure where another process has just defined something: this transaction may see the state before
    that, and has to be run again.
    """
    _take_turn(connection)
    name = dialect.name(table.name).replace("%%", "%")
    exists = connection.execute("SELECT to_regclass(%s)", (name,)).fetchall()[0][0] is not None
    present = {row[0] for row in connection.execute(_COLUMNS, (name,))}
    if exists and not present:
        raise SerializationFailure("the table has been created since this transaction began")
    if not exists:
        _define(connection, create_table(table, dialect))
    else:
        for column in table.columns:
            if own_name(column.name) not in present:
                _define(connection, add_column(table, column, dialect))
    indexes = {row[0] for row in connection.execute(_INDEXES, (name,))}
    for index in table.indexes:
        if index_name(table, index) not in indexes:
            _define(connection, create_index(table, index, dialect))


def _take_turn(connection: Connection[Any]) -> None:
    """Wait for others who define tables; who had to wait has an old view of the database and begins again."""
    if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_DOOR,)).fetchall()[0][0]:
        return
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_DOOR,))
    raise SerializationFailure("another process was defining tables")


def _define(connection: Connection[Any], text: str) -> None:
    connection.execute(text, ())
