"""Summarize: counts, sums, averages and lists of items, for all of them or for each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import fsum
from typing import Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import column, last_name, read, write
from towpath.errors import NodeError, Where
from towpath.expr.values import to_text

Json = dict[str, Any]
Name = Literal["count", "count_unique", "sum", "average", "min", "max", "first", "last", "append", "concatenate"]
_NUMERIC = frozenset({"sum", "average"})
_ORDERED = frozenset({"min", "max"})


class Figure(BaseModel):
    """One figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: Name = Field(description="How the values of a group become one.")
    field: str | None = Field(None, description="The field of the items; 'count' needs none and then counts items.")
    into: str | None = Field(None, description="Name of the figure; function_field when not given, as sum_amount.")
    separator: str = Field(", ", description="With 'concatenate': what stands between two texts.")
    include_empty: bool = Field(False, description="Empty values count, too; not with sum, average, min and max.")

    @property
    def name(self) -> str:
        """The name of the figure."""
        return self.into or (f"{self.function}_{last_name(self.field)}" if self.field else self.function)

    def model_post_init(self, _: Any, /) -> None:
        if self.field is None and self.function != "count":
            raise ValueError(f"{self.function!r} needs a field")


class Params(NodeParams):
    """Groups and figures."""

    figures: tuple[Figure, ...] = Field(min_length=1, description="What is worked out for each group.")
    group_by: tuple[str, ...] = Field((), description="Fields whose values make a group; without them all are one.")
    skip_ungrouped: bool = Field(False, description="Items without a value in one of the grouping fields do not count.")


def run(batch: Batch[Params]) -> None:
    """One item out for each group, in the order in which groups appear; an item with a wrong value fails alone."""
    params = batch.params
    for _, positions in batch.by_visit():
        fitting = positions
        for figure in params.figures:
            if figure.function in _NUMERIC or figure.function in _ORDERED:
                fitting = _fitting(batch, figure, fitting)
        groups: dict[str | bytes, list[int]] = {}
        for position, key in zip(fitting, _keys(params, _rows(batch, fitting)), strict=True):
            if key is not None:
                groups.setdefault(key, []).append(position)
        for members in groups.values():
            batch.gather(members, _summary(params, _rows(batch, members)))


def _rows(batch: Batch[Params], positions: list[int]) -> list[Json]:
    return [batch.items[position].json for position in positions]


def _keys(params: Params, rows: list[Json]) -> Iterable[str | bytes | None]:
    """What tells the group of each row; None for one that does not count."""
    if not params.group_by:
        return [""] * len(rows)
    values = zip(*(column(rows, path) for path in params.group_by), strict=True)
    return [None if params.skip_ungrouped and None in keys else _key(keys) for keys in values]


def _key(values: tuple[Any, ...]) -> str | bytes:
    """The values as one; the single text that most groups have stands for itself."""
    return values[0] if len(values) == 1 and type(values[0]) is str else msgspec.json.encode(values, order="sorted")


def _fitting(batch: Batch[Params], figure: Figure, positions: list[int]) -> list[int]:
    """The items whose value can be worked with; the others fail."""
    values = column(_rows(batch, positions), figure.field or "")
    if set(map(type, values)) <= {int, float}:
        return positions
    fitting = []
    for position, value in zip(positions, values, strict=True):
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        if _empty(value) or numeric or (isinstance(value, str) and figure.function in _ORDERED):
            fitting.append(position)
        else:
            batch.fail(position, _wrong(figure, value))
    return fitting


def _wrong(figure: Figure, value: Any) -> NodeError:
    return NodeError(
        f"{figure.function!r} of {figure.field!r} needs numbers, not {value!r}"[:200],
        code="node.not_a_number",
        hint="Turn the values into numbers first, with Set fields and its 'types'.",
        where=Where(field="figures"),
    )


def _summary(params: Params, rows: list[Json]) -> Json:
    made: Json = {}
    for path in params.group_by:
        made = write(made, path, read(rows[0], path))
    for figure in params.figures:
        made[figure.name] = _value(figure, rows)
    return made


def _value(figure: Figure, rows: list[Json]) -> Any:
    if figure.field is None:
        return len(rows)
    values = column(rows, figure.field)
    if not figure.include_empty or figure.function in _NUMERIC or figure.function in _ORDERED:
        values = [value for value in values if not _empty(value)]
    if figure.function == "concatenate":
        return figure.separator.join("" if value is None else to_text(value) for value in values)
    return _FUNCTIONS[figure.function](values)


def _empty(value: Any) -> bool:
    return value is None or value == ""


def _sum(values: list[Any]) -> int | float:
    # fsum: the order of items must not show in the cents.
    return sum(values) if all(isinstance(value, int) for value in values) else fsum(values)


def _unique(values: list[Any]) -> int:
    return len({msgspec.json.encode(value, order="sorted") for value in values})


def _extreme(choose: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    """Numbers are ordered before texts where a group has both."""
    return lambda values: choose(values, key=lambda value: (isinstance(value, str), value), default=None)


_FUNCTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "count_unique": _unique,
    "sum": _sum,
    "average": lambda values: fsum(values) / len(values) if values else None,
    "min": _extreme(min),
    "max": _extreme(max),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "append": list,
}


node_type = NodeType(
    name="data.summarize",
    title="Summarize",
    description="Works out counts, sums, averages and more over the items of the run, for all or for each group.",
    icon="sigma",
    group="data",
    params=Params,
    run=run,
    examples=(
        {"figures": [{"function": "count"}]},
        {"group_by": ["ownerId"], "figures": [{"function": "sum", "field": "amount", "into": "total"}]},
    ),
)
