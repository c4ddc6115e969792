"""SQL text from tables, conditions and orders. Identifiers come only from tables, values are always bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from towpath.errors import StorageError, did_you_mean
from towpath.model.condition import All, Any_, Comparison, Condition, Field, Not
from towpath.model.table import Index, Order, Table

TENANT = "tenant"


class Dialect(Protocol):
    """What differs between databases."""

    types: dict[str, str]
    mark: str  # the placeholder of a bound value

    def in_list(self, column: str, kind: str, values: Sequence[Any], bound: list[Any]) -> str:
        """``column`` is one of the values, as one bound parameter."""
        ...

    def contains(self, column: str, kind: str, value: Any, bound: list[Any]) -> str:
        """Text contains text, or a JSON list has the value."""
        ...

    def affix(self, column: str, value: str, bound: list[Any], *, start: bool) -> str:
        """Text starts or ends with the value, case-sensitive."""
        ...


def quoted(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def names(table: Table, columns: Sequence[str]) -> str:
    """Quoted column names, each of which must be in the table."""
    known = table.names
    for column in columns:
        if column not in known:
            raise StorageError(
                f"table {table.name!r} has no column {column!r}",
                code="storage.unknown_column",
                hint=did_you_mean(column, known),
            )
    return ", ".join(map(quoted, columns))


_FAMILY: dict[str, type | tuple[type, ...]] = {"text": str, "integer": (int, float), "real": (int, float), "boolean": bool, "json": object, "bytes": bytes}


class Where:
    """Compiles a condition for one table; ``bound`` collects the values in order."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self.table = table
        self.dialect = dialect
        self.bound: list[Any] = []

    def text(self, condition: Condition) -> str:
        """The condition as SQL that is true or false, never null."""
        match condition:
            case All(parts):
                return "(" + " AND ".join(map(self.text, parts)) + ")" if parts else "(1 = 1)"
            case Any_(parts):
                return "(" + " OR ".join(map(self.text, parts)) + ")" if parts else "(1 = 0)"
            case Not(part):
                return f"(NOT {self.text(part)})"
            case Comparison(Field() as left, operator, right):
                return self._comparison(left, operator, right)
        raise StorageError(
            f"a {type(condition).__name__.lower().rstrip('_')} condition cannot be looked up in the store",
            code="storage.condition", hint="Ask about the present values of fields; changes exist only at the moment of a save.",
        )  # fmt: skip

    def _comparison(self, left: Field, operator: str, right: Any) -> str:
        column, kind = names(self.table, [left.name]), self.table.column(left.name).kind
        if operator in ("is_empty", "is_not_empty"):
            empty = (
                f"{column} IS NULL" if kind in ("integer", "real", "boolean", "bytes") else self._empty(column, kind)
            )
            return f"({empty})" if operator == "is_empty" else f"(NOT ({empty}))"
        if isinstance(right, Field):
            return self._fields(column, kind, operator, right)
        if right is None:
            return {"==": f"({column} IS NULL)", "!=": f"({column} IS NOT NULL)"}.get(operator, "(1 = 0)")
        if operator in ("in", "not_in"):
            return self._in(column, kind, operator, right)
        if operator == "between":
            return f"({self._compare(column, kind, '>=', right[0])} AND {self._compare(column, kind, '<=', right[1])})"
        if operator in ("contains", "not_contains", "starts_with", "ends_with"):
            return self._text_test(column, kind, operator, right)
        return self._compare(column, kind, operator, right)

    def _empty(self, column: str, kind: str) -> str:
        return (
            f"{column} IS NULL OR {column} = ''"
            if kind == "text"
            else f"{column} IS NULL OR {column} IN ('[]', '{{}}', '\"\"')"
        )

    def _compare(self, column: str, kind: str, operator: str, value: Any) -> str:
        if not _fits(kind, value):
            return f"({column} IS NOT NULL)" if operator == "!=" else "(1 = 0)"
        sql = {"==": "=", "!=": "<>"}.get(operator, operator)
        self.bound.append(int(value) if kind == "boolean" else value)
        return f"({column} IS NOT NULL AND {column} {sql} {self.dialect.mark})"

    def _fields(self, column: str, kind: str, operator: str, right: Field) -> str:
        other, other_kind = names(self.table, [right.name]), self.table.column(right.name).kind
        known = f"{column} IS NOT NULL AND {other} IS NOT NULL"
        if _FAMILY[kind] != _FAMILY[other_kind]:
            return f"({known})" if operator == "!=" else "(1 = 0)"
        if operator not in ("==", "!=", "<", "<=", ">", ">="):
            raise StorageError(
                f"{operator} between two fields cannot be looked up in the store", code="storage.condition"
            )
        sql = {"==": "=", "!=": "<>"}.get(operator, operator)
        return f"({known} AND {column} {sql} {other})"

    def _in(self, column: str, kind: str, operator: str, values: Sequence[Any]) -> str:
        fitting = [int(value) if kind == "boolean" else value for value in values if _fits(kind, value)]
        inside = self.dialect.in_list(column, kind, fitting, self.bound) if fitting else "1 = 0"
        return f"({column} IS NOT NULL AND {'NOT ' if operator == 'not_in' else ''}({inside}))"

    def _text_test(self, column: str, kind: str, operator: str, value: Any) -> str:
        if operator in ("starts_with", "ends_with"):
            if kind != "text" or not isinstance(value, str):
                return "(1 = 0)"
            test = self.dialect.affix(column, value, self.bound, start=operator == "starts_with")
            return f"({column} IS NOT NULL AND {test})"
        if kind not in ("text", "json") or (kind == "text" and not isinstance(value, str)):
            return "(1 = 0)"
        test = self.dialect.contains(column, kind, value, self.bound)
        return f"({column} IS NOT NULL AND {'NOT ' if operator == 'not_contains' else ''}({test}))"


def _fits(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    family = _FAMILY[kind]
    return kind not in ("boolean", "json") and isinstance(value, family)


def order_by(table: Table, order: Sequence[Order]) -> str:
    """An ORDER BY with nulls first ascending, last descending."""
    if not order:
        return ""
    parts = [
        names(table, [one.column]) + (" DESC NULLS LAST" if one.descending else " ASC NULLS FIRST") for one in order
    ]
    return " ORDER BY " + ", ".join(parts)


def create_table(table: Table, dialect: Dialect, *, suffix: str = "") -> str:
    """DDL of a table with the tenant first in its key."""
    columns = [f"{quoted(TENANT)} {dialect.types['integer']} NOT NULL"]
    for column in table.columns:
        must = " NOT NULL" if column.required or column.name in table.key else ""
        columns.append(f"{quoted(column.name)} {dialect.types[column.kind]}{must}")
    key = ", ".join(map(quoted, (TENANT, *table.key)))
    return f"CREATE TABLE IF NOT EXISTS {quoted(table.name)} ({', '.join(columns)}, PRIMARY KEY ({key})){suffix}"


def index_name(table: Table, index: Index) -> str:
    """A name that says what the index is on."""
    return "_".join(
        (table.name, *index.columns, *(("part",) if index.where else ()), *(("unique",) if index.unique else ()))
    )


def create_index(table: Table, index: Index, where: str) -> str:
    """DDL of an index; ``where`` is its condition with literals, or empty."""
    columns = ", ".join(map(quoted, (TENANT, *index.columns)))
    names(table, index.columns)
    unique = "UNIQUE " if index.unique else ""
    return f"CREATE {unique}INDEX IF NOT EXISTS {quoted(index_name(table, index))} ON {quoted(table.name)} ({columns}){where}"
