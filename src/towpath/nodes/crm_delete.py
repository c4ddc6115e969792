"""Moves records to the bin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.fields import object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids
from towpath.errors import NotFoundError, TowpathError
from towpath.model.problem import Problem


class Params(NodeParams):
    """Which record."""

    object: str = Field(description="The kind of record, for example Lead.")
    id: Dynamic[str] | None = Field(None, description="Id of the record; the item's own id when nothing is said.")
    on_missing: Literal["fail", "skip"] = Field(
        "fail",
        description="When there is no such record, or it is deleted already: the item fails, or goes on unchanged.",
    )


def run(batch: Batch[Params]) -> None:
    """All deletions of the batch in one call; the item that goes out is the record as it was."""
    params = batch.params
    rows = record_ids(batch, params.id)
    positions = [position for position, _ in rows]
    deleted = batch.context.records.delete(params.object, [record_id for _, record_id in rows], batch.causes(positions))
    for (position, record_id), outcome in zip(rows, deleted, strict=True):
        if isinstance(outcome, NotFoundError) and params.on_missing == "skip":
            batch.forward(position)
        elif isinstance(outcome, TowpathError):
            batch.fail(position, outcome)
        else:
            batch.touch(position, params.object, record_id)
            batch.derive(position, outcome)


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist."""
    yield from object_problems(context, params.object)


node_type = NodeType(
    name="crm.delete",
    title="Delete record",
    description="Moves the record to the bin, from where it can be brought back. The record as it was goes out.",
    icon="trash",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=({"object": "Lead"}, {"object": "Task", "id": "{{ $global.taskId }}", "on_missing": "skip"}),
)
