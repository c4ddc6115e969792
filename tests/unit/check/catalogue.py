"""A small catalogue of node types and a workflow to spoil, for the tests of check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from towpath.crm.catalogue import Catalogue
from towpath.engine.check import check_definition
from towpath.engine.conditions import WrittenCondition
from towpath.engine.node import CheckContext, NodeType, Port, Registry
from towpath.engine.params import Dynamic, NodeParams
from towpath.formats import read_workflow
from towpath.model.problem import Problem
from towpath.model.schema import FieldSchema, ObjectSchema

LEAD = ObjectSchema(
    name="Lead", label="Lead", plural="Leads", fields=(FieldSchema(name="email"), FieldSchema(name="score"))
)
CRM = Catalogue((LEAD,))


class Nothing(NodeParams):
    """No parameters."""


class Write(NodeParams):
    """What a node that writes records takes."""

    object: str = Field(description="The kind of record.")
    fields: Dynamic[dict[str, Any]] = Field(description="Values by name.")
    count: int = 1
    when: WrittenCondition | None = None


class Rules(NodeParams):
    """Named ways out."""

    rules: tuple[str, ...] = ("yes", "no")
    text: Dynamic[str] | None = None


def check_write(params: Write, context: CheckContext) -> Iterator[Problem]:
    schema = context.schema(params.object)
    if schema is None:
        yield Problem("node.unknown_object", f"no {params.object}", context.node, "object")
        return
    for name in params.fields.literal or {}:
        if schema.field(name) is None:
            yield Problem("node.unknown_field", f"no {name}", context.node, f"fields.{name}")


def kind(name: str, params: type[NodeParams] = Nothing, **more: Any) -> NodeType[Any]:
    return NodeType(name=name, title=name, description=name, params=params, **more)


REGISTRY: Registry = {
    node_type.name: node_type
    for node_type in (
        kind("start", trigger="manual"),
        kind("write", Write, check=check_write),
        kind("step"),
        kind("choose", Rules, outputs=lambda params: tuple(Port(name) for name in params.rules)),
        kind("join", inputs=(Port("in1"), Port("in2")), joins=True),
        kind("loop", outputs=(Port("loop"), Port("done")), loops=True),
    )
}


def problems(nodes: dict[str, Any], edges: list[str] | dict[str, Any] | None = None, **more: Any) -> list[Problem]:
    """The problems of a workflow whose edges may be written as "a.port>b.port"."""
    drawn = (
        edges if isinstance(edges, dict) else {str(number): drawn_edge(text) for number, text in enumerate(edges or ())}
    )
    definition = read_workflow({"name": "Test", "nodes": nodes, "edges": drawn, **more})
    return check_definition(definition, REGISTRY, CRM)


def drawn_edge(text: str) -> dict[str, Any]:
    source, target = text.split(">")
    edge: dict[str, Any] = {}
    for end, written in (("source", source), ("target", target)):
        node, dot, port = written.partition(".")
        edge[end] = node
        if dot:
            edge[f"{end}_port"] = port
    return edge


def node(kind: str, **params: Any) -> dict[str, Any]:
    return {"type": kind, "params": params}


START = node("start")
STEP = node("step")
WRITE = node("write", object="Lead", fields={"email": "{{ $json.email }}"})
