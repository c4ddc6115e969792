"""Postgres's own words. What is put into the text is text of the caller's making; values are bound."""

# ruff: noqa: ARG002, S608 - the protocol has what other databases need to know
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal
from zlib import crc32

from psycopg.types.numeric import Float8, Int8

from towpath.errors import StorageError
from towpath.model.table import Column, Kind, Table
from towpath.storage.postgres.arrays import array
from towpath.storage.postgres.decoding import decoder
from towpath.storage.postgres.escaping import escaped
from towpath.storage.relational.codec import Decoder
from towpath.storage.relational.dialect import JsonPlace, Sort, Sql

_TYPES: dict[Kind, str] = {
    "text": 'text COLLATE "C"', "integer": "bigint", "real": "double precision", "boolean": "boolean",
    "json": "text", "bytes": "bytea",
}  # fmt: skip
ARRAYS: dict[Kind, str] = {
    "text": "text[]", "integer": "bigint[]", "real": "double precision[]", "boolean": "boolean[]",
    "json": "text[]", "bytes": "bytea[]",
}  # fmt: skip
_JSON_TYPES = {"text": "string", "number": "number", "checkbox": "boolean", "list": "array"}
_LONGEST_NAME = 63  # bytes; Postgres would cut longer ones, and two could become one
_LAST_CHARACTER = "\U0010ffff"


class PostgresDialect:
    """Text compares by code point, as in Python; JSON is kept as text, so that it comes back as it was."""

    true = "true"
    false = "false"

    def name(self, name: str) -> str:
        """A quoted identifier; a long one is cut and marked, so that it stays one of its own."""
        if "\0" in name or not name:
            raise StorageError(f"{name!r} cannot be the name of a table or column.", code="storage.name")
        return '"' + own_name(name).replace('"', '""').replace("%", "%%") + '"'

    def bind(self, value: object) -> Sql:
        """A bound value, of one type whatever its size, so that the statement stays prepared."""
        if isinstance(value, bool):
            return Sql("%s::boolean", (value,))
        if isinstance(value, int):
            is_long = -(2**63) <= value < 2**63
            return Sql("%s::bigint", (Int8(value),)) if is_long else Sql("%s::numeric", (Decimal(value),))
        if isinstance(value, float):
            is_whole = 2**53 <= abs(value) < 2**63
            return self.bind(int(value)) if is_whole else Sql("%s::double precision", (Float8(value),))
        if isinstance(value, str):
            return Sql('%s::text COLLATE "C"', (escaped(value),))
        return Sql("%s", (value,))

    def mark(self, column: Column) -> str:
        """The marker of a row's value."""
        return "%s"

    def literal(self, value: object) -> str:
        """A constant in a definition."""
        if isinstance(value, bool):
            return self.true if value else self.false
        if isinstance(value, int | float):
            return repr(value)
        if isinstance(value, str):
            return "'" + escaped(value).replace("'", "''").replace("%", "%%") + "'"
        raise StorageError(f"{value!r} cannot stand in the condition of an index.", code="storage.index_condition")

    def column(self, column: Column) -> str:
        """The type."""
        return _TYPES[column.kind]

    def table_options(self, table: Table) -> str:
        """Room on every page for new versions of rows; hot tables are cleaned long before they are large."""
        if not table.changing:
            return ""
        return " WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"

    def decoder(self, table: Table, columns: Sequence[str]) -> Decoder | None:
        """JSON as values, and texts without codes."""
        return decoder(table, columns)

    def order(self, name: str, *, descending: bool, nullable: bool) -> str:
        """One sort key. Saying where nulls go keeps indexes of columns without nulls from being used."""
        if not nullable:
            return f"{name} DESC" if descending else name
        return f"{name} DESC NULLS LAST" if descending else f"{name} NULLS FIRST"

    def indexed(self, name: str, *, nullable: bool) -> str:
        """A column in an index, in the order that searches ask for."""
        return f"{name} NULLS FIRST" if nullable else name

    def page(self, limit: int | None, offset: int) -> Sql:
        """A part of the rows."""
        most = "" if limit is None else f" LIMIT {limit:d}"  # written out: the plan depends on it
        return Sql(f"{most} OFFSET %s::bigint", (Int8(offset),)) if offset else Sql(most)

    def one_of(self, value: Sql, kind: Kind, options: Sequence[Any]) -> Sql:
        """The value is among the options."""
        return Sql(f"{value.text} = ANY(%s)", (*value.values, array(kind, comparable(options, kind))))

    def exact(self, real: str) -> str:
        """A real as the decimal that it is: whole ones exactly, others by their shortest text."""
        whole = f"{real} = trunc({real}) AND abs({real}) < 9.2e18"
        return f"(CASE WHEN {whole} THEN {real}::bigint::numeric ELSE {real}::text::numeric END)"

    def contains(self, whole: Sql, part: Sql) -> Sql:
        """Text in text."""
        return Sql(f"strpos({whole.text}, {part.text}) > 0", (*whole.values, *part.values))

    def starts_with(self, whole: Sql, part: Sql) -> Sql:
        """A range of the index where the prefix is a constant."""
        prefix = part.values[0] if part.values else ""
        after = _after(prefix) if isinstance(prefix, str) else None
        if after is None:
            return Sql(f"starts_with({whole.text}, {part.text})", (*whole.values, *part.values))
        end = self.bind(after)._replace(values=(after,))  # coded already
        text = f"({whole.text} >= {part.text} AND {whole.text} < {end.text})"
        return Sql(text, (*whole.values, *part.values, *whole.values, *end.values))

    def ends_with(self, whole: Sql, part: Sql) -> Sql:
        """The last characters."""
        text = f"right({whole.text}, length({part.text})) = {part.text}"
        return Sql(text, (*whole.values, *part.values, *part.values))

    def json_is(self, place: JsonPlace, sort: Sort | Literal["list"]) -> str:
        """The type at the place."""
        return f"jsonb_typeof({_at(place)}) = '{_JSON_TYPES[sort]}'"

    def json_value(self, place: JsonPlace, sort: Sort) -> str:
        """The value at the place. Conditions are not tried in the order of the text: others must not be converted."""
        return _value(_at(place), sort)

    def json_known(self, place: JsonPlace) -> str:
        """Not null at the place; a whole column is null rather than JSON's null."""
        if not place.path:
            return f"{place.column} IS NOT NULL"
        return f"COALESCE(jsonb_typeof({_at(place)}), 'null') <> 'null'"

    def json_empty(self, place: JsonPlace) -> str:
        """Null or nothing inside."""
        at = _at(place)
        nothing = """('""'::jsonb, '[]'::jsonb, '{}'::jsonb)"""
        return f"(COALESCE(jsonb_typeof({at}), 'null') = 'null' OR {at} IN {nothing})"

    def json_length(self, place: JsonPlace) -> str:
        """The length of the list."""
        return f"jsonb_array_length({_list(place)})"

    def json_has(self, place: JsonPlace, sort: Sort, value: Sql) -> Sql:
        """An element of the sort and value."""
        elements = f"jsonb_array_elements({_list(place)}) AS elements(element)"
        text = f"EXISTS (SELECT 1 FROM {elements} WHERE {_value('element', sort)} = {value.text})"
        return Sql(text, value.values)


def own_name(name: str) -> str:
    """The name in the database."""
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= _LONGEST_NAME:
        return name
    return encoded[: _LONGEST_NAME - 9].decode("utf-8", "ignore") + f"_{crc32(encoded):08x}"


def comparable(options: Sequence[Any], kind: str) -> list[Any]:
    """The options that a column of the kind can be equal to, as values of that kind."""
    if kind == "integer":
        whole = [int(option) for option in options if option == option // 1]
        return [option for option in whole if -(2**63) <= option < 2**63]
    if kind == "real":
        return [real for option in options if (real := _real(option)) is not None]
    return list(options)


def _real(number: float) -> float | None:
    try:
        real = float(number)
    except OverflowError:
        return None
    return real if real == number else None


def _at(place: JsonPlace) -> str:
    at = f"{place.column}::jsonb"
    for step in place.path:
        key = f"{step:d}" if isinstance(step, int) else "'" + _key(step) + "'"
        at = f"({at} -> {key})"
    return f"({at})"


def _key(name: str) -> str:
    return escaped(name).replace("'", "''").replace("%", "%%")


def _list(place: JsonPlace) -> str:
    at = _at(place)
    return f"CASE WHEN jsonb_typeof({at}) = 'array' THEN {at} END"


def _value(at: str, sort: Sort) -> str:
    converted = {"text": ' COLLATE "C"', "number": "::numeric", "checkbox": "::boolean"}[sort]
    return f"(CASE WHEN jsonb_typeof({at}) = '{_JSON_TYPES[sort]}' THEN ({at} #>> '{{}}'){converted} END)"


def _after(prefix: str) -> str | None:
    """The smallest text that is greater than every text with this prefix; None when there is none."""
    kept = prefix.rstrip(_LAST_CHARACTER)
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)  # surrogates are not characters
