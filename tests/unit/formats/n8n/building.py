"""Small n8n documents for tests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from towpath.formats.n8n import Imported, read_n8n

BASE = "n8n-nodes-base."


def node(
    name: str, kind: str, version: float = 1, parameters: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A node of n8n's own package."""
    kind = kind if "." in kind else BASE + kind
    return {"id": f"id-{name}", "name": name, "type": kind, "typeVersion": version, "position": [0, 0],
            "parameters": parameters or {}, **more}  # fmt: skip


def line(source: str, target: str, output: int = 0, number: int = 0, kind: str = "main") -> tuple[Any, ...]:
    """A connection."""
    return source, target, output, number, kind


def document(nodes: list[dict[str, Any]], *lines: tuple[Any, ...], **more: Any) -> dict[str, Any]:
    """A whole workflow; a string of names joined by > is a chain."""
    connections: dict[str, Any] = {}
    for source, target, output, number, kind in lines:
        outputs = connections.setdefault(source, {}).setdefault(kind, [])
        while len(outputs) <= output:
            outputs.append([])
        outputs[output].append({"node": target, "type": kind, "index": number})
    return {"name": "Case", "nodes": nodes, "connections": connections, "settings": {"executionOrder": "v1"}, **more}


def chain(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Nodes one after the other."""
    names = [each["name"] for each in nodes]
    return document(list(nodes), *(line(a, b) for a, b in pairwise(names)), **more)


def one(kind: str, version: float = 1, parameters: dict[str, Any] | None = None, **more: Any) -> Imported:
    """A workflow of a manual trigger and one node, read."""
    return read_n8n(chain(node("Start", "manualTrigger"), node("Node", kind, version, parameters, **more)))
