"""The start of a workflow that takes care of failed runs of others."""

from __future__ import annotations

from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """Nothing to set: the failing workflow names this one in its settings."""


node_type = NodeType(
    name="trigger.error",
    title="Run failed",
    description="Starts when a run of a workflow fails that names this one as its error workflow. "
    "The item has workflow, run, node, record and error (code, message, hint, where).",
    icon="alert-triangle",
    group="trigger",
    params=Params,
    trigger="error",
    examples=({},),
)
