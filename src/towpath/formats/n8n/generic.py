"""Nodes without a dialect: kept whole, as a service call that a connector, a mock or pinned items can answer."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Given, Json, Mapped
from towpath.formats.n8n.texts import ours, theirs

CALL, TRIGGER = "service.call", "service.trigger"
REFUSED = {
    "n8n-nodes-base.executeCommand": "it runs commands on the server",
    "n8n-nodes-base.ssh": "it runs commands on other machines",
    "n8n-nodes-base.ftp": "it reads and writes files of a server",
    "n8n-nodes-base.readWriteFile": "it reads and writes files of the server",
    "n8n-nodes-base.readBinaryFile": "it reads files of the server",
    "n8n-nodes-base.readBinaryFiles": "it reads files of the server",
    "n8n-nodes-base.writeBinaryFile": "it writes files of the server",
    "n8n-nodes-base.editImage": "it needs an image program on the server",
    "n8n-nodes-base.git": "it reads and writes files of the server",
    "n8n-nodes-base.localFileTrigger": "it watches files of the server",
}
_APART = ("resource", "operation")


def is_trigger(node_type: str) -> bool:
    """Whether a node type starts runs, as far as its name says."""
    return node_type.rsplit(".", 1)[-1].lower().endswith("trigger")


def as_service(given: Given, raw: Json, attached: list[dict[str, Any]]) -> Mapped:
    """The node with its parameters as they are; expressions in them are evaluated when it runs."""
    params: dict[str, Any] = {"service": given.type, "service_version": given.version}
    for name in _APART:
        if isinstance(raw.get(name), str):
            params[name] = ours(raw[name])
    rest = {name: value for name, value in raw.items() if name not in params}
    if rest:
        params["parameters"] = ours(rest)
    if is_trigger(given.type):
        return Mapped(TRIGGER, params)
    if attached:
        params["attached"] = attached
    return Mapped(CALL, params)


def service_params(params: Json) -> dict[str, Any]:
    """The inverse: n8n's parameters of a service node."""
    found = dict(params.get("parameters") or {})
    found.update({name: params[name] for name in _APART if name in params})
    made: dict[str, Any] = theirs(found)
    return made
