"""Split: sends all items down several branches that run beside each other."""

from __future__ import annotations

from pydantic import Field, field_validator

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """The branches."""

    branches: tuple[str, ...] = Field(("a", "b"), min_length=2, max_length=50, description="Names of the branches.")

    @field_validator("branches")
    @classmethod
    def _different(cls, branches: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(branches)) < len(branches) or not all(branches):
            raise ValueError("branches need different names")
        return branches


def run(batch: Batch[Params]) -> None:
    """The same items in every branch."""
    for visit in batch.visits:
        for port in range(len(batch.params.branches)):
            batch.forward_visit(visit, port)


def _outputs(params: Params) -> tuple[Port, ...]:
    return tuple(Port(branch, branch) for branch in params.branches)


node_type = NodeType(
    name="logic.split",
    title="Split into branches",
    description="Sends all items down every branch. Bring the branches together again with Merge.",
    icon="git-fork",
    params=Params,
    run=run,
    outputs=_outputs,
    examples=({"branches": ["legal", "finance"]},),
)
