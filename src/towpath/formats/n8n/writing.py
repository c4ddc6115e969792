"""Definitions to n8n documents: as n8n's own nodes where it has the words, else as nodes of ours that it keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.formats.n8n.drawing import Drawn, connections_of, draw
from towpath.formats.n8n.own import KEY, UNSIGNED
from towpath.formats.n8n.reading import read_document
from towpath.model.workflow import Node, WorkflowDefinition

_FIELDS = ("id", "name", "description", "lanes", "settings")


@dataclass(frozen=True, slots=True)
class Written:
    """An n8n document, and the ids of the nodes that n8n keeps but cannot run."""

    document: dict[str, Any]
    foreign: tuple[str, ...]


def write_n8n(definition: WorkflowDefinition) -> Written:
    """The definition for n8n. Reading it back gives an equal definition, whatever n8n can say of it."""
    names = _unique_names(definition)
    drawn = draw(definition, names, frozenset())
    signed = _misread(definition, _document(definition, drawn))
    own = _misread(definition, _document(definition, drawn, signed)) if signed else signed
    drawn = draw(definition, names, own) if own else drawn
    document = _document(definition, drawn, signed - own)
    document["meta"][KEY].update(_beyond(definition, document))
    return Written(document, tuple(each.id for each in drawn if each.foreign))


def _document(
    definition: WorkflowDefinition, drawn: Collection[Drawn], unsigned: Collection[str] = ()
) -> dict[str, Any]:
    """``unsigned`` are the nodes that write expressions without n8n's sign, as Towpath's own workflows do."""
    nodes = [node for each in drawn for node in (each.node, *each.parts)]
    document: dict[str, Any] = {
        "name": definition.name,
        "nodes": nodes,
        "connections": connections_of(definition, drawn),
        "settings": _settings(definition),
        "pinData": _pins(definition, drawn),
        "active": False,
        "meta": {KEY: {UNSIGNED: sorted(unsigned)} if unsigned else {}},
    }
    return document


def _settings(definition: WorkflowDefinition) -> dict[str, Any]:
    settings = definition.settings
    made: dict[str, Any] = {"executionOrder": "v0" if settings.order == "breadth" else "v1"}
    if settings.timezone != "UTC":
        made["timezone"] = settings.timezone
    if settings.error_workflow is not None:
        made["errorWorkflow"] = settings.error_workflow
    if settings.limits.wall_time is not None:
        made["executionTimeout"] = settings.limits.wall_time
    return made


def _pins(definition: WorkflowDefinition, drawn: Collection[Drawn]) -> dict[str, Any]:
    pins = {each.name: definition.nodes[each.id].pinned for each in drawn}
    return {name: [{"json": item} for item in items] for name, items in pins.items() if items is not None}


def _unique_names(definition: WorkflowDefinition) -> dict[str, str]:
    """A name for each node that no other has, since n8n joins nodes by name."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for node_id, node in definition.nodes.items():
        base = node.name or node_id
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base} {number}"
        taken.add(name)
        found[node_id] = name
    return found


def _misread(definition: WorkflowDefinition, document: Mapping[str, Any]) -> frozenset[str]:
    """The nodes whose type or parameters n8n's words do not say exactly."""
    back = read_document(document).definition
    wanted = {node_id: (node.type, node.params) for node_id, node in _plain(definition).nodes.items()}
    got = {node_id: (node.type, node.params) for node_id, node in back.nodes.items()}
    lost_edges = _ends(definition) - _ends(back)
    ends = {node_id for edge in lost_edges for node_id in (edge[0], edge[2])}
    return frozenset(node_id for node_id in wanted if wanted[node_id] != got.get(node_id) or node_id in ends)


def _ends(definition: WorkflowDefinition) -> set[tuple[str, str, str, str]]:
    edges = definition.edges.values()
    return {(edge.source, edge.source_port, edge.target, edge.target_port) for edge in edges}


def _beyond(definition: WorkflowDefinition, document: Mapping[str, Any]) -> dict[str, Any]:
    """What reading the document back lacks."""
    back = read_document(document).definition
    want, got = definition.model_dump(mode="json"), back.model_dump(mode="json")
    beyond: dict[str, Any] = {}
    fields = {name: want[name] for name in _FIELDS if want[name] != got[name]}
    if fields:
        beyond["fields"] = fields
    nodes = {node_id: _differing(want["nodes"][node_id], got["nodes"].get(node_id, {})) for node_id in want["nodes"]}
    nodes = {node_id: differing for node_id, differing in nodes.items() if differing}
    if nodes:
        beyond["nodes"] = nodes
    if want["edges"] != got["edges"]:
        beyond["edges"] = definition.as_json().get("edges", {})
    return beyond


def _differing(want: Mapping[str, Any], got: Mapping[str, Any]) -> dict[str, Any]:
    return {name: want[name] for name in Node.model_fields if want[name] != got.get(name)}


def _plain(definition: WorkflowDefinition) -> WorkflowDefinition:
    """The definition as its JSON says it: lists for tuples inside parameters."""
    return WorkflowDefinition.model_validate(definition.model_dump(mode="json"))
