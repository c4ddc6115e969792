"""No operation: a place in the workflow where nothing happens."""

from __future__ import annotations

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """Nothing to set."""


def run(batch: Batch[Params]) -> None:
    """Items go on as they are."""
    for visit in batch.visits:
        batch.forward_visit(visit)


node_type = NodeType(
    name="logic.noop",
    title="Do nothing",
    description="Lets all items go on unchanged: a milestone to measure at, or a place where branches come together.",
    icon="minus",
    params=Params,
    run=run,
    examples=({},),
)
