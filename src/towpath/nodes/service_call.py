"""Service call: a step of another system, kept whole until something here can do it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import NodeError, Where


class Params(NodeParams):
    """The service, and the call in the service's own words."""

    service: str = Field(min_length=1, description="The service's name where it came from: n8n-nodes-base.hubspot.")
    service_version: float = Field(1.0, description="The version of the step there.")
    resource: Dynamic[Text] | None = Field(None, description="What the call is about, such as contact.")
    operation: Dynamic[Text] | None = Field(None, description="What is done with it, such as get.")
    parameters: Dynamic[dict[str, Any]] = Field(
        {}, validate_default=True, description="The parameters, word for word as they came."
    )
    attached: tuple[dict[str, Any], ...] = Field(
        (), description="Parts that hung on the step: its model, memory and tools, each with kind, type and parameters."
    )


def run(batch: Batch[Params]) -> None:
    """Nothing here can make the call: a mock or pinned items answer in its place, or every item fails."""
    params, connections = batch.params, batch.node.spec.connections
    words = [str(part.source) for part in (params.resource, params.operation) if part is not None]
    call = f"{params.service} ({': '.join(words)})" if words else params.service
    through = f" through the connection {connections[0]!r}" if connections else ""
    for position in batch.live():
        batch.fail(
            position,
            NodeError(
                f"no connector of Towpath can do {call}",
                code="service.not_mapped",
                hint=f"Make the call with http.request{through}, use a step of Towpath, or give a mock in tests.",
                where=Where(field="service"),
                params={"service": params.service, "connections": list(connections)},
            ),
        )


node_type = NodeType(
    name="service.call",
    title="Service call",
    description="A step of another system that was imported whole. It runs in tests with a mock; otherwise it fails "
    "and says what is missing.",
    icon="plug",
    group="service",
    params=Params,
    run=run,
    examples=(
        {"service": "n8n-nodes-base.hubspot", "resource": "contact", "operation": "get"},
        {"service": "n8n-nodes-base.slack", "parameters": {"text": "{{ $json.name }} is new"}},
    ),
)
