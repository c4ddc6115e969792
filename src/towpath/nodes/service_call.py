"""Service call: a step of another system, kept whole until something here can do it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import EffectError, NodeError, Where

SERVICE = "service:"  # before a service's name: the kind of the effects that its connector sends


class Params(NodeParams):
    """The service, and the call in the service's own words."""

    service: str = Field(min_length=1, description="The service's name where it came from: n8n-nodes-base.hubspot.")
    service_version: float = Field(1.0, description="The version of the step there.")
    resource: Dynamic[Text] | None = Field(None, description="What the call is about, such as contact.")
    operation: Dynamic[Text] | None = Field(None, description="What is done with it, such as get.")
    parameters: Dynamic[dict[str, Any]] = Field(
        {}, validate_default=True, description="The parameters, word for word as they came."
    )
    refused: str | None = Field(None, description="Why it must not run here, where that is so.")
    attached: tuple[dict[str, Any], ...] = Field(
        (), description="Parts that hung on the step: its model, memory and tools, each with kind, type and parameters."
    )


def run(batch: Batch[Params]) -> None:
    """Through the connector that there is for the service; else every item fails and says what is missing."""
    params, connections = batch.params, batch.node.spec.connections
    kind = f"{SERVICE}{params.service}"
    if params.refused is not None or kind not in batch.context.services:
        error = _refused(params) if params.refused is not None else _not_mapped(params, connections)
        for position in batch.live():
            batch.fail(position, error)
        return
    words = (params.resource or params.parameters, params.operation or params.parameters)
    for position, parameters, resource, operation in batch.resolve(params.parameters, *words):
        request = {
            "service": params.service,
            "version": params.service_version,
            "resource": resource if params.resource is not None else None,
            "operation": operation if params.operation is not None else None,
            "parameters": parameters,
            "connection": connections[0] if connections else None,
            "item": batch.items[position].json,
        }
        batch.effect(position, kind, request)


def resume(batch: Batch[Params]) -> None:
    """What the service gave: ``items`` of the answer, each an item of its own."""
    for position, answer in batch.results:
        if answer is None:
            continue
        if answer.get("state") != "sent":
            retryable, after = bool(answer.get("retryable")), answer.get("retry_after")
            text = str(answer.get("error") or "the call failed")
            batch.fail(position, EffectError(text, code="service.failed", retryable=retryable, retry_after=after))
            continue
        for json in (answer.get("response") or {}).get("items", ()):
            batch.derive(position, json if isinstance(json, dict) else {"value": json})


def _call(params: Params) -> str:
    words = [str(part.source) for part in (params.resource, params.operation) if part is not None]
    return f"{params.service} ({': '.join(words)})" if words else params.service


def _refused(params: Params) -> NodeError:
    return NodeError(
        f"Towpath does not run {_call(params)}: {params.refused}",
        code="service.refused",
        hint="Call a service that does it, by HTTP request, or give a mock in tests.",
        where=Where(field="service"),
    )


def _not_mapped(params: Params, connections: Sequence[str]) -> NodeError:
    through = f" through the connection {connections[0]!r}" if connections else ""
    return NodeError(
        f"no connector of Towpath can do {_call(params)}",
        code="service.not_mapped",
        hint=f"Make the call with http.request{through}, use a step of Towpath, or give a mock in tests. "
        f"A connector for it is a sender of the kind {SERVICE + params.service!r}.",
        where=Where(field="service"),
        params={"service": params.service, "connections": list(connections)},
    )


node_type = NodeType(
    name="service.call",
    title="Service call",
    description="A step of another system that was imported whole. It runs through a connector for the service, or in "
    "tests with a mock; otherwise it fails and says what is missing.",
    icon="plug",
    group="service",
    touches="external",
    params=Params,
    run=run,
    resume=resume,
    examples=(
        {"service": "n8n-nodes-base.hubspot", "resource": "contact", "operation": "get"},
        {"service": "n8n-nodes-base.slack", "parameters": {"text": "{{ $json.name }} is new"}},
    ),
)
