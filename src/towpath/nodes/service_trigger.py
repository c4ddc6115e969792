"""Service trigger: the start of runs by another system, kept whole until something here can watch it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """The service, and what is watched in the service's own words."""

    service: str = Field(min_length=1, description="The trigger's name where it came from.")
    service_version: float = Field(1.0, description="The version of the trigger there.")
    resource: str | None = Field(None, description="What is watched, such as contact.")
    operation: str | None = Field(None, description="Which event starts a run.")
    parameters: dict[str, Any] = Field({}, description="The parameters, word for word as they came.")


node_type = NodeType(
    name="service.trigger",
    title="Service trigger",
    description="The trigger of another system that was imported whole. Runs are started by hand or over the API, "
    "with the items that the service would send.",
    icon="plug-zap",
    group="service",
    params=Params,
    trigger="manual",
    examples=({"service": "n8n-nodes-base.typeformTrigger", "parameters": {"formId": "abc"}},),
)
