"""Tables and indexes as DDL. The tenant is the first column of every key and index."""

from __future__ import annotations

import re
from zlib import crc32

from towpath.errors import StorageError
from towpath.model.condition import Comparison, Condition
from towpath.model.table import Column, Index, Table
from towpath.storage.relational.condition import Conditions
from towpath.storage.relational.dialect import Dialect
from towpath.storage.relational.operand import unknown_column

TENANT = "_tenant"
_LONGEST_NAME = 63  # bytes; Postgres cuts longer ones


def create_table(table: Table, dialect: Dialect) -> str:
    """The table with its key; StorageError where two names cannot live side by side in a database."""
    _check_names(table)
    columns = [f"{dialect.name(TENANT)} {dialect.column(Column(TENANT, 'integer'))} NOT NULL"]
    for column in table.columns:
        must = " NOT NULL" if column.required or column.name in table.key else ""
        columns.append(f"{dialect.name(column.name)} {dialect.column(column)}{must}")
    key = _names((TENANT, *table.key), dialect)
    body = ", ".join([*columns, f"PRIMARY KEY ({key})"])
    return f"CREATE TABLE IF NOT EXISTS {dialect.name(table.name)} ({body}){dialect.table_options(table)}"


def add_column(table: Table, column: Column, dialect: Dialect) -> str:
    """A column for a table that has rows. It may be null even if required: the rows have nothing to put there yet."""
    return f"ALTER TABLE {dialect.name(table.name)} ADD COLUMN {dialect.name(column.name)} {dialect.column(column)}"


def create_index(table: Table, index: Index, dialect: Dialect) -> str:
    """An index or unique constraint."""
    for name in index.columns:
        if name not in table.names:
            raise unknown_column(table, name)
    unique = "UNIQUE " if index.unique else ""
    keyed = [dialect.indexed(dialect.name(name), nullable=name not in table.key) for name in index.columns]
    columns = ", ".join([dialect.name(TENANT), *keyed])
    name = dialect.name(index_name(table, index))
    text = f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {dialect.name(table.name)} ({columns})"
    if index.where is None:
        return text
    where = Conditions(table, dialect, literals=True).compile(_wider(index.where, unique=index.unique))
    return f"{text} WHERE {where.text}"


def index_name(table: Table, index: Index) -> str:
    """A name that says what the index is on and changes with its definition, so that a new one is made beside it."""
    mark = f"{crc32(repr((table.name, index)).encode('utf-8', 'replace')):08x}"
    readable = re.sub(r"\W+", "_", "_".join((table.name, *index.columns)), flags=re.ASCII)
    return f"{readable[: _LONGEST_NAME - 9]}_{mark}"


def _wider(condition: Condition, *, unique: bool) -> Condition:
    """'Is not empty' of an index as 'is not null': searches by value then use it, and it only holds a little more.

    A unique index keeps its exact condition, for it decides what clashes.
    """
    if isinstance(condition, Comparison) and condition.operator == "is_not_empty" and not unique:
        return Comparison(condition.left, "!=", None)
    return condition


def _names(names: tuple[str, ...], dialect: Dialect) -> str:
    return ", ".join(map(dialect.name, names))


def _check_names(table: Table) -> None:
    seen = {TENANT: TENANT}
    for name in table.names:
        other = seen.get(name.lower())
        seen[name.lower()] = name
        if other is not None:
            raise StorageError(
                f"The table {table.name!r} cannot have the columns {other!r} and {name!r} side by side.",
                code="storage.column_names",
                hint="Names must differ by more than upper and lower case, and '_tenant' is taken.",
            )
    for name in table.key:
        if name not in table.names:
            raise unknown_column(table, name)
