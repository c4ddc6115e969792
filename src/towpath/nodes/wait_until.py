"""Waits until a point in time."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.errors import InputError
from towpath.model.offset import local_moment, to_microseconds


class Params(NodeParams):
    """Until when."""

    moment: Dynamic[Any] = Field(
        description="A date or datetime such as 2026-03-01T09:00, in the workflow's time zone where it names none."
    )


def run(batch: Batch[Params]) -> None:
    """All items of a run wait together until the latest of their times; times that have passed do not hold them up."""
    latest: dict[Visit, int] = {}
    for position, value in batch.resolve(batch.params.moment):
        visit = batch.owners[position]
        try:
            due = to_microseconds(local_moment(value, batch.node.zone))
        except InputError as error:
            batch.fail(position, error.located(field="moment"))
        else:
            latest[visit] = max(due, latest.get(visit, due))
    for visit, due in latest.items():
        if due > batch.now:
            batch.park(visit, due=due)
    for position in batch.live():
        if batch.owners[position].park is None:
            batch.forward(position)


def resume(batch: Batch[Params]) -> None:
    """The time has come."""
    for position in range(len(batch.items)):
        batch.forward(position)


node_type = NodeType(
    name="wait.until",
    title="Wait until",
    description="Waits until a date or time, then lets the items go on; at once when it has passed.",
    icon="clock",
    group="wait",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    examples=({"moment": "2026-12-24T18:00"}, {"moment": "{{ $json.nextCallAt }}"}),
)
