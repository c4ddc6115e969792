"""What is SQLite's own in the SQL that both adapters share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from towpath.errors import StorageError
from towpath.model.condition import Comparison, Condition, Field
from towpath.storage.sql import quoted


class SQLiteDialect:
    """Bound lists travel as one JSON parameter, so that a statement's text does not depend on their length."""

    types = {
        "text": "TEXT",
        "integer": "INTEGER",
        "real": "REAL",
        "boolean": "INTEGER",
        "json": "TEXT",
        "bytes": "BLOB",
    }
    mark = "?"

    def in_list(self, column: str, kind: str, values: Sequence[Any], bound: list[Any]) -> str:
        """``column`` is one of the values."""
        if kind == "bytes":
            bound.extend(values)
            return f"{column} IN ({', '.join('?' * len(values))})"
        bound.append(json_array(values))
        return f"{column} IN (SELECT value FROM json_each(?))"

    def contains(self, column: str, kind: str, value: Any, bound: list[Any]) -> str:
        """Text contains text; a JSON list has the value, of the same kind."""
        if kind == "text":
            bound.append(value)
            return f"instr({column}, ?) > 0"
        bound.append(msgspec.json.encode(value).decode())
        wanted = (
            "json_quote(item.value)"
            if not isinstance(value, bool)
            else "CASE item.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' END"
        )
        return f"EXISTS (SELECT 1 FROM json_each({column}) AS item WHERE {wanted} = ?)"

    def affix(self, column: str, value: str, bound: list[Any], *, start: bool) -> str:
        """Text starts or ends with the value, case-sensitive (LIKE is not)."""
        bound.append(value)
        if not value:
            return f"{column} = {column} AND ? = ''"
        bound.append(value)
        part = f"substr({column}, 1, length(?))" if start else f"substr({column}, -length(?))"
        return f"{part} = ?"


def json_array(values: Sequence[Any]) -> str:
    """A bound list."""
    return msgspec.json.encode(list(values)).decode()


def literal_condition(condition: Condition | None) -> str:
    """The condition of a partial index, where values cannot be bound: only simple comparisons with constants."""
    match condition:
        case None:
            return ""
        case Comparison(Field(name), "is_not_empty", _):
            return f" WHERE {quoted(name)} IS NOT NULL"
        case Comparison(Field(name), "is_empty", _):
            return f" WHERE {quoted(name)} IS NULL"
        case Comparison(Field(name), "==", None):
            return f" WHERE {quoted(name)} IS NULL"
        case Comparison(Field(name), "!=", None):
            return f" WHERE {quoted(name)} IS NOT NULL"
        case Comparison(Field(name), "in", tuple(values)) if all(isinstance(value, str) for value in values):
            return f" WHERE {quoted(name)} IN ({', '.join(text_literal(str(value)) for value in values)})"
        case Comparison(Field(name), "==", str(value)):
            return f" WHERE {quoted(name)} = {text_literal(value)}"
    raise StorageError(f"no index can have the condition {condition!r}", code="storage.index_condition")


def text_literal(value: str) -> str:
    """A quoted text constant, for index definitions of our own tables."""
    return "'" + value.replace("'", "''") + "'"
