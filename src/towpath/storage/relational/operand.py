"""The sides of a comparison: what sort of value each is, known before any row is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from towpath.errors import StorageError, did_you_mean
from towpath.model.condition import Field, Scalar
from towpath.model.table import Kind, Table
from towpath.storage.relational.dialect import Dialect, JsonPlace, Sort, Sql

_SORTS: dict[Kind, Sort | Literal["bytes"]] = {
    "text": "text", "integer": "number", "real": "number", "boolean": "checkbox", "bytes": "bytes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plain:
    """A column or constant of one known sort."""

    sql: Sql
    sort: Sort | Literal["bytes"]
    constant: Scalar = None  # None for columns
    kind: Kind | None = None  # of a column, or what a value has to be compared as


@dataclass(frozen=True, slots=True)
class Json:
    """A place in a JSON column: what is there is known only row by row."""

    place: JsonPlace


@dataclass(frozen=True, slots=True)
class Null:
    """The constant null."""


Side: TypeAlias = Plain | Json | Null


def side_of(operand: Field | Scalar, table: Table, dialect: Dialect, *, literals: bool = False) -> Side:
    """One side of a comparison; ``literals`` writes constants into the text, as definitions need."""
    if isinstance(operand, Field):
        return _field(operand, table, dialect)
    if operand is None:
        return Null()
    sql = Sql(dialect.literal(operand)) if literals else dialect.bind(operand)
    return Plain(sql, sort_of(operand), operand, "integer" if _beyond_real(operand) else None)


def sort_of(value: str | float | bool) -> Sort:
    """The sort of a constant. True is no number."""
    if isinstance(value, bool):
        return "checkbox"
    return "text" if isinstance(value, str) else "number"


def _beyond_real(value: Scalar) -> bool:
    """A whole number that no real is equal to."""
    if type(value) is not int or -(2**53) <= value <= 2**53:
        return False
    try:
        return int(float(value)) != value
    except OverflowError:
        return True


def _field(field: Field, table: Table, dialect: Dialect) -> Side:
    for column in table.columns:
        if column.name == field.name:
            quoted = dialect.name(column.name)
            if column.kind == "json":
                return Json(JsonPlace(quoted))
            return Plain(Sql(quoted), _SORTS[column.kind], kind=column.kind)
    first, *rest = field.parts
    if rest and first in table.names and table.column(first).kind == "json":
        return Json(JsonPlace(dialect.name(first), tuple(rest)))
    raise unknown_column(table, field.name)


def unknown_column(table: Table, name: str) -> StorageError:
    """The error for a name that the table does not have."""
    return StorageError(
        f"The table {table.name!r} has no column {name!r}.",
        code="storage.unknown_column",
        hint=did_you_mean(name, table.names),
        params={"table": table.name, "column": name},
    )
