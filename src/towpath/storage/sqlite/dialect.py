"""SQLite's own words. What is put into the text is text of the caller's making; values are bound."""

# ruff: noqa: ARG002, S608 - the protocol has what other databases need to know
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from towpath.errors import StorageError
from towpath.model.table import Column, Kind, Table
from towpath.storage.relational.codec import Decoder, decoder, json_text
from towpath.storage.relational.dialect import JsonPlace, Sort, Sql

_TYPES: dict[Kind, str] = {
    "text": "TEXT", "integer": "INTEGER", "real": "REAL", "boolean": "INTEGER", "json": "TEXT", "bytes": "BLOB",
}  # fmt: skip
_JSON_TYPES = {
    "text": "= 'text'",
    "number": "IN ('integer', 'real')",
    "checkbox": "IN ('true', 'false')",
    "list": "= 'array'",
}
_FEW = 8  # options that get a marker each; more travel as one JSON list, so that the statement's text stays the same
_LAST_CHARACTER = "\U0010ffff"


class SQLiteDialect:
    """Strict tables kept in the order of their key; text compares by code point, as in Python."""

    true = "1"
    false = "0"

    def name(self, name: str) -> str:
        """A quoted identifier."""
        if "\0" in name or not name:
            raise StorageError(f"{name!r} cannot be the name of a table or column.", code="storage.name")
        return '"' + name.replace('"', '""') + '"'

    def bind(self, value: object) -> Sql:
        """A bound value; whole numbers beyond 64 bits as the nearest real."""
        return Sql("?", (fitting(value),))

    def mark(self, column: Column) -> str:
        """The marker of any value."""
        return "?"

    def literal(self, value: object) -> str:
        """A constant in a definition."""
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, int | float):
            return repr(value)
        if isinstance(value, str) and "\0" not in value:
            return "'" + value.replace("'", "''") + "'"
        raise StorageError(f"{value!r} cannot stand in the condition of an index.", code="storage.index_condition")

    def column(self, column: Column) -> str:
        """The strict type."""
        return _TYPES[column.kind]

    def table_options(self, table: Table) -> str:
        """The key's tree holds the rows: measured as fast as row ids or faster, for wide tables too."""
        return " STRICT, WITHOUT ROWID"

    def decoder(self, table: Table, columns: Sequence[str]) -> Decoder | None:
        """JSON as values, checkboxes as true and false."""
        return decoder(table, columns)

    def order(self, name: str, *, descending: bool, nullable: bool) -> str:
        """One sort key; nulls are smallest by themselves, and saying so would keep indexes from being used."""
        return f"{name} DESC" if descending else name

    def indexed(self, name: str, *, nullable: bool) -> str:
        """The column itself."""
        return name

    def page(self, limit: int | None, offset: int) -> Sql:
        """A part of the rows."""
        return Sql(" LIMIT ? OFFSET ?", (-1 if limit is None else limit, offset))

    def exact(self, real: str) -> str:
        """The column itself: SQLite compares whole numbers and reals exactly."""
        return real

    def one_of(self, value: Sql, kind: Kind, options: Sequence[Any]) -> Sql:
        """The value is among the options."""
        if len(options) <= _FEW:
            marks = ", ".join("?" * len(options))
            return Sql(f"{value.text} IN ({marks})", (*value.values, *map(fitting, options)))
        listed = json_text(list(map(fitting, options)))
        return Sql(f"{value.text} IN (SELECT value FROM json_each(?))", (*value.values, listed))

    def contains(self, whole: Sql, part: Sql) -> Sql:
        """Text in text."""
        return Sql(f"instr({whole.text}, {part.text}) > 0", (*whole.values, *part.values))

    def starts_with(self, whole: Sql, part: Sql) -> Sql:
        """A range of the index where the prefix is a constant."""
        prefix = part.values[0] if part.text == "?" else ""
        if not prefix:
            return Sql(f"instr({whole.text}, {part.text}) = 1", (*whole.values, *part.values))
        after = _after(prefix)
        if after is None:
            return Sql(f"{whole.text} >= ?", (*whole.values, prefix))
        return Sql(f"({whole.text} >= ? AND {whole.text} < ?)", (*whole.values, prefix, *whole.values, after))

    def ends_with(self, whole: Sql, part: Sql) -> Sql:
        """The last bytes: a character never ends in the bytes of another."""
        blob, end = f"CAST({whole.text} AS BLOB)", f"CAST({part.text} AS BLOB)"
        # The start is counted from the front, for substr(x, -0) is all of x; and a blob of no bytes becomes null.
        start = f"length({blob}) - length({end}) + 1"
        nothing = Sql(f"{part.text} = '' AND {whole.text} IS NOT NULL", (*part.values, *whole.values))
        tail = f"length({blob}) >= length({end}) AND substr({blob}, {start}) = {end}"
        sides = (*whole.values, *part.values)
        return Sql(f"({nothing.text} OR {tail})", (*nothing.values, *sides, *whole.values, *sides, *part.values))

    def json_is(self, place: JsonPlace, sort: Sort | Literal["list"]) -> str:
        """The type at the place."""
        return f"json_type({self._at(place)}) {_JSON_TYPES[sort]}"

    def json_value(self, place: JsonPlace, sort: Sort) -> str:
        """The value at the place; true is 1."""
        return f"json_extract({self._at(place)})"

    def json_known(self, place: JsonPlace) -> str:
        """Not null at the place; a whole column is null rather than JSON's null."""
        if not place.path:
            return f"{place.column} IS NOT NULL"
        return f"COALESCE(json_type({self._at(place)}), 'null') <> 'null'"

    def json_empty(self, place: JsonPlace) -> str:
        """Null or nothing inside."""
        at = self._at(place)
        return (
            f"(COALESCE(json_type({at}), 'null') = 'null' OR (json_type({at}), json_extract({at}))"
            " IN (VALUES ('text', ''), ('array', '[]'), ('object', '{}')))"
        )

    def json_length(self, place: JsonPlace) -> str:
        """The length of the list."""
        return f"json_array_length({self._at(place)})"

    def json_has(self, place: JsonPlace, sort: Sort, value: Sql) -> Sql:
        """An element of the sort and value."""
        element = f"SELECT 1 FROM json_each({self._at(place)}) AS element"
        text = f"EXISTS ({element} WHERE element.type {_JSON_TYPES[sort]} AND element.value = {value.text})"
        return Sql(text, value.values)

    def _at(self, place: JsonPlace) -> str:
        """The arguments of a JSON function: the column and the path in it."""
        steps = [f"[{step:d}]" if isinstance(step, int) else f'."{_key(step)}"' for step in place.path]
        return f"{place.column}, {self.literal('$' + ''.join(steps))}"


def fitting(value: Any) -> Any:
    """The value as SQLite can compare with it."""
    if type(value) is int and not -(2**63) <= value < 2**63:
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    return value


def _after(prefix: str) -> str | None:
    """The smallest text that is greater than every text with this prefix; None when there is none."""
    kept = prefix.rstrip(_LAST_CHARACTER)
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)  # surrogates are not characters


def _key(name: str) -> str:
    """A key inside a JSON path. SQLite's paths have no escape for a quotation mark."""
    if '"' in name or "\\" in name:
        raise StorageError(f"{name!r} cannot be looked for inside a JSON field.", code="storage.name")
    return name
