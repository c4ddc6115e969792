"""Waits for a time that a date field of the run's record gives, and moves with the field."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams
from towpath.errors import InputError, NodeError
from towpath.model.offset import Offset, WrittenOffset, local_moment, shift, to_microseconds

REACHED, SKIPPED = 0, 1


class Params(NodeParams):
    """Which field, how far from it, and what happens when the time has passed."""

    field: str = Field(description="The date or datetime field of the run's record, for example closeDate.")
    offset: WrittenOffset = Field(
        Offset(),
        description="How far before or after, for example '-3 days'. Days and months are local, hours absolute.",
    )
    past: Literal["go_on", "skip"] = Field(
        "go_on", description="When the time has passed on arrival: go on at once, or leave by 'skipped'."
    )


def run(batch: Batch[Params]) -> None:
    """Runs whose time is to come wait for it, and for every change of their record."""
    for visit in batch.visits:
        due = _due(batch, visit)
        if isinstance(due, NodeError):
            batch.fail_visit(visit, due)
        elif due is None or (due <= batch.now and batch.params.past == "skip"):
            batch.forward_visit(visit, SKIPPED)
        else:
            _wait_or_go(batch, visit, due)


def resume(batch: Batch[Params]) -> None:
    """The time has come, or the record changed: look at it again."""
    for visit in batch.visits:
        visit.answers.clear()
        due = _due(batch, visit)
        if isinstance(due, NodeError) or due is None:  # the date or the record is gone: there is nothing to wait for
            batch.forward_visit(visit, SKIPPED)
        else:
            _wait_or_go(batch, visit, due)


def _due(batch: Batch[Params], visit: Visit) -> int | NodeError | None:
    """When the run's time comes, None where its record has no date."""
    record, field = visit.run.scope.record, batch.params.field
    if record is None or visit.run.record is None:
        return NodeError(
            "the run is not about a record, so there is no date to wait for",
            code="node.no_record",
            hint="Start the workflow by a record, or use 'Wait until' with an expression.",
        )
    if record.get(field) is None:
        return None
    try:
        return to_microseconds(
            shift(local_moment(record[field], batch.node.zone), batch.params.offset, batch.node.zone)
        )
    except (InputError, OverflowError, ValueError):
        return NodeError(f"{field} holds {record[field]!r}, which is no date", code="node.not_a_date")


def _wait_or_go(batch: Batch[Params], visit: Visit, due: int) -> None:
    if due <= batch.now:
        batch.forward_visit(visit, REACHED)
    else:
        batch.park(visit, due=due).keys[f"change:{visit.run.object}:{visit.run.record}"] = 0


node_type = NodeType(
    name="wait.field",
    title="Wait for a date of the record",
    description="Waits for a time before, at or after a date of the run's record. The wait moves with the date; "
    "when the date or the record goes away, the items leave by 'skipped'.",
    icon="calendar-clock",
    group="wait",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    outputs=(Port("out", "Time has come"), Port("skipped", "No date, or past")),
    examples=({"field": "closeDate", "offset": "-3 days"}, {"field": "dueAt", "past": "skip"}),
)
