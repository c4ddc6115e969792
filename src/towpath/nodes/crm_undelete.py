"""Brings deleted records back."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.fields import object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids
from towpath.model.problem import Problem


class Params(NodeParams):
    """Which record."""

    object: str = Field(description="The kind of record, for example Lead.")
    id: Dynamic[str] | None = Field(None, description="Id of the record; the item's own id when nothing is said.")


def run(batch: Batch[Params]) -> None:
    """All records of the batch in one call."""
    rows = record_ids(batch, batch.params.id)
    positions = [position for position, _ in rows]
    restored = batch.context.records.undelete(
        batch.params.object, [record_id for _, record_id in rows], batch.causes(positions)
    )
    batch.put(batch.params.object, positions, restored)


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist."""
    yield from object_problems(context, params.object)


node_type = NodeType(
    name="crm.undelete",
    title="Bring record back",
    description="Brings a deleted record back. To workflows that watch it this counts as a new record.",
    icon="rotate-ccw",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=({"object": "Lead", "id": "{{ $json.leadId }}"},),
)
