"""If: sends each item one of two ways."""

from __future__ import annotations

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams
from towpath.engine.predicate import Predicate

TRUE, FALSE = 0, 1


class Params(NodeParams):
    """The condition."""

    condition: Predicate = Field(
        description="What an item must meet: text such as score > 50, its JSON form, or an expression."
    )


def run(batch: Batch[Params]) -> None:
    """Items go on as they are."""
    for position, holds in enumerate(batch.judge(batch.params.condition)):
        if holds is not None:
            batch.forward(position, TRUE if holds else FALSE)


node_type = NodeType(
    name="logic.if",
    title="If",
    description="Sends items that meet a condition one way and all others the other way.",
    icon="split",
    params=Params,
    run=run,
    outputs=(Port("true", "Yes"), Port("false", "No")),
    examples=(
        {"condition": 'score > 50 and status == "New"'},
        {"condition": {"field": "amount", "operator": ">=", "value": "{{ $vars.limit }}"}},
        {"condition": "{{ $json.name.includes('Ltd') }}"},
    ),
)
