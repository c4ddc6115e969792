"""The start of a workflow that other workflows run."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """What callers are expected to hand in."""

    input: dict[str, Any] | None = Field(
        None, description="JSON Schema of an input item, shown to whoever uses this workflow in another."
    )


node_type = NodeType(
    name="trigger.workflow",
    title="Called by a workflow",
    description="Starts when another workflow runs this one; the items are those that it hands in.",
    icon="corner-down-right",
    group="trigger",
    params=Params,
    trigger="workflow",
    examples=({}, {"input": {"type": "object", "properties": {"email": {"type": "string"}}, "required": ["email"]}}),
)
