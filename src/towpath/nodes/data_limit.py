"""Limit: keeps the first or last items of a run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams


class Params(NodeParams):
    """How many, from which end."""

    max: Dynamic[Annotated[int, Field(ge=0)]] = Field(
        1, validate_default=True, description="Most items that go on; an expression sees the first item."
    )
    keep: Literal["first", "last"] = Field("first", description="From which end.")


def run(batch: Batch[Params]) -> None:
    """The chosen items, unchanged and in order."""
    limits = dict(batch.resolve(batch.params.max))
    for _, positions in batch.by_visit():
        if positions:
            most = limits[positions[0]]
            chosen = positions[:most] if batch.params.keep == "first" else positions[max(0, len(positions) - most) :]
            for position in chosen:
                batch.forward(position)


node_type = NodeType(
    name="data.limit",
    title="Limit",
    description="Lets only the first or last items of the run go on.",
    icon="scissors",
    group="data",
    params=Params,
    run=run,
    examples=({"max": 10}, {"max": "{{ $vars.sample }}", "keep": "last"}),
)
