"""Stop: ends the run here, as failed with a message or as completed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from towpath.crm.approvals.process import Approvals
from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.people import awaited, close_tasks
from towpath.errors import NodeError


class Params(NodeParams):
    """How the run ends."""

    outcome: Literal["fail", "complete"] = Field("fail", description="Whether the run ends as failed or as completed.")
    message: Dynamic[Text] = Field(
        "stopped by the workflow",
        validate_default=True,
        description="With fail: what went wrong, for the people who read it.",
    )
    hint: str | None = Field(None, description="With fail: what to do about it.")


def run(batch: Batch[Params]) -> None:
    """A failed item takes the node's error branch where it has one."""
    if batch.params.outcome == "complete":
        close_tasks(batch, batch.visits)
        _recall(batch)
        for visit in batch.visits:
            batch.end_run(visit)
        return
    for position, message in batch.resolve(batch.params.message):
        batch.fail(position, NodeError(message, code="node.stopped", hint=batch.params.hint))


def _recall(batch: Batch[Params]) -> None:
    """Nobody wants the decisions any more that the runs still wait for."""
    for approval, cause in awaited(batch, batch.visits, "approval:").items():
        Approvals(batch.context.records, batch.now, cause).recall(approval, None)


node_type = NodeType(
    name="logic.stop",
    title="Stop",
    description="Ends the run: as failed with a message, or as completed. Other branches of the run end, too.",
    icon="octagon",
    params=Params,
    run=run,
    outputs=(),
    examples=({"message": "{{ $json.name }} has no owner", "hint": "Give the lead an owner."}, {"outcome": "complete"}),
)
