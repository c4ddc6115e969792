"""The spelling of workflows as programs in the chapter that Towpath comes from, mapped to Towpath's own in one place.

There a node has ``options`` and ``credentials``, an edge an ``action``, and the node types are n8n's with Salesforce
behind them. Here they work on the embedded CRM; the connection's name is kept, so that a real one can be bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NODE_TYPES: Mapping[str, str] = {
    "n8n-nodes-base.createObject": "crm.create",
    "n8n-nodes-base.updateObject": "crm.update",
}
EMBEDDED = "towpath"  # the connection that always exists: the CRM in the same store


def from_chapter(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in Towpath's spelling; one that is in it already comes back equal."""
    made = dict(document)
    for part, translate in (("nodes", node_from_chapter), ("edges", edge_from_chapter)):
        entries = made.get(part)
        if isinstance(entries, Mapping):
            made[part] = {
                key: translate(value) if isinstance(value, Mapping) else value for key, value in entries.items()
            }
        elif isinstance(entries, list):
            made[part] = [translate(value) if isinstance(value, Mapping) else value for value in entries]
    return made


def node_from_chapter(node: Mapping[str, Any]) -> dict[str, Any]:
    """One node: ``options`` are its params, ``credentials`` the names of its connections."""
    made = dict(node)
    if "options" in made and "params" not in made:
        made["params"] = made.pop("options")
    if isinstance(made.get("credentials"), list | tuple) and "connections" not in made:
        made["connections"] = [name for name in made.pop("credentials") if name != EMBEDDED]
    kind = made.get("type")
    if isinstance(kind, str) and kind in NODE_TYPES:
        made["type"] = NODE_TYPES[kind]
        made["params"] = _with_our_field_names(made.get("params"))
    return made


def edge_from_chapter(edge: Mapping[str, Any]) -> dict[str, Any]:
    """One edge: the action "workflow" means what every edge means, go on with the workflow."""
    return {key: value for key, value in edge.items() if (key, value) != ("action", "workflow")}


def _with_our_field_names(params: Any) -> Any:
    """Salesforce writes ``FirstName`` and ``Id`` where Towpath writes ``firstName`` and ``id``."""
    if not isinstance(params, Mapping):
        return params
    made = dict(params)
    if isinstance(made.get("fields"), Mapping):
        made["fields"] = {_our_name(name): value for name, value in made["fields"].items()}
    if isinstance(made.get("search"), list | tuple):
        made["search"] = [_our_comparison(part) for part in made["search"]]
    return made


def _our_comparison(part: Any) -> Any:
    return {**part, "field": _our_name(part["field"])} if isinstance(part, Mapping) and "field" in part else part


def _our_name(name: Any) -> Any:
    return name[:1].lower() + name[1:] if isinstance(name, str) else name
