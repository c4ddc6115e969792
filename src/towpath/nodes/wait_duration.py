"""Waits for a length of time."""

from __future__ import annotations

from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.model.duration import Duration
from towpath.ports.time import SECOND


class Params(NodeParams):
    """How long."""

    duration: Dynamic[Duration] = Field(description="For example 90, '15 min', '2h 30m', '3 days'.")


def run(batch: Batch[Params]) -> None:
    """All items of a run wait together, as long as the one that waits longest."""
    longest: dict[Visit, int] = {}
    for position, seconds in batch.resolve(batch.params.duration):
        visit, due = batch.owners[position], batch.now + round(seconds * SECOND)
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
    description="Waits for a length of time, also across restarts, then lets the items go on.",
    icon="hourglass",
    group="wait",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    examples=({"duration": "3 days"}, {"duration": "{{ $json.days * 86400 }}"}),
)
