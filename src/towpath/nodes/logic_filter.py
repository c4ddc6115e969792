"""Filter: lets items that meet a condition go on."""

from __future__ import annotations

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.predicate import Predicate


class Params(NodeParams):
    """The condition."""

    condition: Predicate = Field(
        description="What an item must meet: text such as score > 50, its JSON form, or an expression."
    )


def run(batch: Batch[Params]) -> None:
    """Items go on as they are, or end here."""
    for position, holds in enumerate(batch.judge(batch.params.condition)):
        if holds:
            batch.forward(position)


node_type = NodeType(
    name="logic.filter",
    title="Filter",
    description="Lets only items that meet a condition go on.",
    icon="filter",
    params=Params,
    run=run,
    examples=(
        {"condition": "email is not empty"},
        {"condition": {"field": "stage", "operator": "in", "value": ["Won", "Lost"]}},
    ),
)
