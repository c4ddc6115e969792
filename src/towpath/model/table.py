"""Tables as data: what a storage adapter turns into its own DDL and SQL.

The engine's own tables and the CRM objects are described with the same three nouns, so that an
adapter is written once and every table gets the same set-wise operations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from towpath.model.condition import Condition

Kind = Literal["text", "integer", "real", "boolean", "json", "bytes"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``json`` columns take and give plain JSON values; the adapter encodes them."""

    name: str
    kind: Kind = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An index; ``where`` makes it partial (only comparisons with constants), ``unique`` a constraint.

    The tenant column comes first in every index by itself.
    """

    columns: tuple[str, ...]
    unique: bool = False
    where: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table with its key; the adapter adds the tenant to every row, key and index.

    Tables are compared and hashed by identity, so that adapters can look compiled statements up fast.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    indexes: tuple[Index, ...] = ()
    changing: bool = False  # rows are updated often: an adapter may keep room for that
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key of a selection. Nulls come first ascending, last descending."""

    column: str
    descending: bool = False
