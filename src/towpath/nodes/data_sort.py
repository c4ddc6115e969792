"""Sort: puts the items of a run in order."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import column


class Key(BaseModel):
    """One sort key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str = Field(description="The field to sort by.")
    descending: bool = Field(False, description="Largest or latest first.")
    ignore_case: bool = Field(True, description="Capital and small letters are the same.")


class Params(NodeParams):
    """The sort keys, or a random order."""

    by: tuple[Key, ...] = Field((), description="Sort keys, the most important first; equal items stay as they came.")
    shuffle: bool = Field(False, description="A random order instead.")

    @model_validator(mode="after")
    def _one_way(self) -> Params:
        if bool(self.by) == self.shuffle:
            raise ValueError("give sort keys in 'by', or 'shuffle', not both")
        return self


def run(batch: Batch[Params]) -> None:
    """The same items out, for each run in its order."""
    for _, positions in batch.by_visit():
        if batch.params.shuffle:
            draw = batch.context.chance.random
            positions = [position for _, position in sorted((draw(), position) for position in positions)]
        rows = [batch.items[position].json for position in positions]
        order = list(range(len(rows)))
        for key in reversed(batch.params.by):
            order.sort(key=_ranks(column(rows, key.field), key).__getitem__, reverse=key.descending)
        for place in order:
            batch.forward(positions[place])


def _ranks(values: list[Any], key: Key) -> list[Any]:
    """What the values sort by; those of one kind, as most columns are, by themselves."""
    kinds = set(map(type, values))
    if kinds <= {int, float}:
        return values
    if kinds == {str}:
        return list(map(str.casefold, values)) if key.ignore_case else values
    return [_rank(value, key) for value in values]


def _rank(value: Any, key: Key) -> tuple[int, Any]:
    """Nothing, then false and true, numbers, texts (dates are texts that sort right), then the rest as they came."""
    if value is None:
        return 0, 0
    if isinstance(value, bool):
        return 1, value
    if isinstance(value, int | float):
        return 2, value
    if isinstance(value, str):
        return 3, value.casefold() if key.ignore_case else value
    return 4, 0


node_type = NodeType(
    name="data.sort",
    title="Sort",
    description="Puts the items of the run in order. Items without a value come first, or last when descending.",
    icon="arrow-down-up",
    group="data",
    params=Params,
    run=run,
    examples=({"by": [{"field": "amount", "descending": True}, {"field": "name"}]}, {"shuffle": True}),
)
