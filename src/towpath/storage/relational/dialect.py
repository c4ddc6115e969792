"""What differs between databases, as one small protocol; everything else is written once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from towpath.model.table import Column, Kind, Table
from towpath.storage.relational.codec import Decoder

Sort: TypeAlias = Literal["text", "number", "checkbox"]  # the kinds of plain values that conditions compare


class Sql(NamedTuple):
    """A piece of SQL text with the values bound in it, in the order of their markers."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class JsonPlace:
    """A JSON column, or the place in it that ``path`` (object keys and list positions) leads to."""

    column: str  # quoted
    path: tuple[str | int, ...] = ()


class Dialect(Protocol):
    """One database's own words."""

    true: str
    false: str

    def name(self, name: str) -> str:
        """A quoted identifier."""
        ...

    def bind(self, value: object) -> Sql:
        """A bound value."""
        ...

    def mark(self, column: Column) -> str:
        """The marker of a value that is bound row by row for a column."""
        ...

    def literal(self, value: object) -> str:
        """A plain value written into the text, for definitions, where nothing can be bound."""
        ...

    def column(self, column: Column) -> str:
        """The type of a column."""
        ...

    def table_options(self, table: Table) -> str:
        """What follows the closing bracket of CREATE TABLE, with a space before, or nothing."""
        ...

    def decoder(self, table: Table, columns: Sequence[str]) -> Decoder | None:
        """What makes rows of these columns plain; None where they are."""
        ...

    def order(self, name: str, *, descending: bool, nullable: bool) -> str:
        """One sort key of a quoted column: nulls first ascending, last descending."""
        ...

    def indexed(self, name: str, *, nullable: bool) -> str:
        """A quoted column in the definition of an index, so that the index can give that order."""
        ...

    def page(self, limit: int | None, offset: int) -> Sql:
        """The end of a selection that takes ``limit`` rows after ``offset``; a space comes before."""
        ...

    def one_of(self, value: Sql, kind: Kind, options: Sequence[Any]) -> Sql:
        """The value of a column of that kind is one of many options of its own sort."""
        ...

    def exact(self, real: str) -> str:
        """A real column as a number that compares exactly with whole numbers beyond 53 bits."""
        ...

    def contains(self, whole: Sql, part: Sql) -> Sql:
        """Text contains text, case-sensitive."""
        ...

    def starts_with(self, whole: Sql, part: Sql) -> Sql:
        """Text starts with text, case-sensitive, without wildcards."""
        ...

    def ends_with(self, whole: Sql, part: Sql) -> Sql:
        """Text ends with text, case-sensitive, without wildcards."""
        ...

    def json_is(self, place: JsonPlace, sort: Sort | Literal["list"]) -> str:
        """There is a value of this sort at the place; may be null where there is none."""
        ...

    def json_value(self, place: JsonPlace, sort: Sort) -> str:
        """The value at the place, known to be of this sort."""
        ...

    def json_known(self, place: JsonPlace) -> str:
        """There is something other than null at the place."""
        ...

    def json_empty(self, place: JsonPlace) -> str:
        """Nothing, null, empty text, an empty list or an empty object is at the place."""
        ...

    def json_length(self, place: JsonPlace) -> str:
        """How long the list at the place is."""
        ...

    def json_has(self, place: JsonPlace, sort: Sort, value: Sql) -> Sql:
        """The list at the place has this value; not to be asked where there is no list."""
        ...
