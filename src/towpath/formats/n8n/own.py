"""What a file written by Towpath says beyond n8n: node types of ours, and under ``meta`` what n8n has no word for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.formats.n8n.dialect import Json, Mapped
from towpath.formats.n8n.shapes import Document

OWN = "n8n-nodes-towpath."  # n8n shows a node of a package that it lacks as a question mark, and keeps it
KEY = "towpath"
UNSIGNED = "unsigned"  # the nodes whose expressions have no sign here
PORTS = "towpathPorts"  # beside the parameters, since only the node type knows its ports
_FIELDS = frozenset({"id", "name", "description", "lanes", "settings"})
_NODE_FIELDS = frozenset({
    "name", "version", "lane", "connections", "time_limit", "retry", "units", "cost", "notes", "position", "pinned",
})  # fmt: skip


def own_parts(document: Document) -> Mapping[str, Any] | None:
    """What Towpath wrote under ``meta``; None in any other file."""
    meta = document.get("meta")
    found = meta.get(KEY) if isinstance(meta, Mapping) else None
    return found if isinstance(found, Mapping) else None


def unsigned_nodes(own: Mapping[str, Any] | None) -> frozenset[str]:
    """The ids of nodes whose expressions are written without n8n's sign."""
    found = own.get(UNSIGNED) if own is not None else None
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def own_params(node_type: str, raw: Json) -> Mapped | None:
    """A node of ours, its parameters word for word."""
    if not node_type.startswith(OWN):
        return None
    ports = raw.get(PORTS)
    ports = ports if isinstance(ports, Mapping) else {}
    params = {name: value for name, value in raw.items() if name != PORTS}
    return Mapped(node_type.removeprefix(OWN), params, _names(ports.get("in"), "in"), _names(ports.get("out"), "out"))


def _names(value: Any, default: str) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (default,)


def applied(whole: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with Towpath's parts put back, as far as their nodes and edges are still there."""
    made = dict(whole)
    fields = own.get("fields")
    made.update({k: v for k, v in fields.items() if k in _FIELDS} if isinstance(fields, Mapping) else {})
    given = own.get("nodes")
    for node_id, fields in given.items() if isinstance(given, Mapping) else ():
        if node_id in made["nodes"] and isinstance(fields, Mapping):
            extras = {name: value for name, value in fields.items() if name in _NODE_FIELDS}
            made["nodes"][node_id] = {**made["nodes"][node_id], **extras}
    edges = own.get("edges")
    if isinstance(edges, Mapping) and _ends(edges) == _ends(made["edges"]):
        made["edges"] = dict(edges)
    return made


def _ends(edges: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """What the edges join, to see whether somebody drew others since."""
    return {
        (str(e.get("source")), str(e.get("source_port", "out")), str(e.get("target")), str(e.get("target_port", "in")))
        for e in edges.values()
        if isinstance(e, Mapping)
    }
