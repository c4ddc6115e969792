"""Waits for a length of time."""

from __future__ import annotations

from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.model.span import WrittenSpan


class Params(NodeParams):
    """How long."""

    duration: Dynamic[WrittenSpan] = Field(
        description="For example 90, '15 min', '3 days', or business time: '4 business hours', '2 business days'."
    )


def run(batch: Batch[Params]) -> None:
    """All items of a run wait together, as long as the one that waits longest."""
    longest: dict[Visit, int] = {}
    for position, span in batch.resolve(batch.params.duration):
        visit, due = batch.owners[position], batch.node.after(batch.now, span)
        longest[visit] = max(due, longest.get(visit, 0))
    for visit, due in longest.items():
        if due > batch.now:
            batch.park(visit, due=due)
    for position in batch.live():
        if batch.owners[position].park is None:
            batch.forward(position)


def resume(batch: Batch[Params]) -> None:
    """The time is over."""
    for position in range(len(batch.items)):
        batch.forward(position)


node_type = NodeType(
    name="wait.duration",
    title="Wait",
    description="Waits for a length of time, real or business time, also across restarts, then lets the items go on.",
    icon="hourglass",
    group="wait",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    examples=({"duration": "3 days"}, {"duration": "2 business days"}, {"duration": "{{ $json.days * 86400 }}"}),
)
