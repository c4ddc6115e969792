"""What a designer needs over HTTP: the node types, and trying a draft out."""

from __future__ import annotations

from typing import Any

from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.design import NodeTypeRow
from towpath.api.shapes.tryouts import TryoutAnswer, TryoutBody
from towpath.engine.node import NodeType
from towpath.formats import read_workflow
from towpath.service import tryout

routes = Routes("workflow", "Node types")


@routes.get("/api/node-types", response_model=list[NodeTypeRow])
def list_node_types(platform: ThePlatform) -> Any:
    """All node types by name.

    Built-in ones and those that installed packages bring.
    """
    return [_row(node_type) for _, node_type in sorted(platform.registry.items())]


def _row(node_type: NodeType[Any]) -> dict[str, Any]:
    fixed_outputs = None if callable(node_type.outputs) else node_type.outputs
    fixed_inputs = None if callable(node_type.inputs) else node_type.inputs
    return {
        "name": node_type.name, "version": node_type.version, "title": node_type.title,
        "description": node_type.description, "icon": node_type.icon, "group": node_type.group,
        "touches": node_type.touches, "trigger": node_type.trigger,
        "params": node_type.params.model_json_schema(),
        "inputs": () if node_type.trigger else fixed_inputs, "outputs": fixed_outputs,
        "joins": node_type.joins, "loops": node_type.loops, "examples": list(node_type.examples),
    }  # fmt: skip


@routes.post("/api/tryouts", "execute", response_model=TryoutAnswer)
def try_out(platform: ThePlatform, body: TryoutBody) -> Any:
    """Try a draft out on a record, a past run or items.

    Every step with its items. Nothing leaves: no mail, no call, no change of a record. Pinned items stand for what
    their nodes give.
    """
    source = tryout.Source(body.object, body.record, body.run, body.items)
    return tryout.try_out(platform, read_workflow(body.definition), source, to=body.to)
