"""The nodes of an n8n document: each with its id, its parts that are not parameters, and no two alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from towpath.errors import FormatError, Where, did_you_mean
from towpath.formats.n8n.limits import MAX_NODES, too_large
from towpath.formats.n8n.shapes import Document

STICKY = "n8n-nodes-base.stickyNote"
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """An n8n node and the id that it gets."""

    id: str
    name: str
    type: str
    version: float
    raw: Mapping[str, Any]

    @property
    def disabled(self) -> bool:
        """Whether it is switched off: its items pass through."""
        return self.raw.get("disabled") is True


def entries_of(document: Document, file: str | None = None) -> dict[str, Entry]:
    """All nodes by name, which is how n8n's connections and expressions name them.

    Raises FormatError where two share a name or an id.
    """
    raws = document["nodes"]
    if len(raws) > MAX_NODES:
        raise too_large("nodes", len(raws), MAX_NODES, file)
    found: dict[str, Entry] = {}
    ids = {raw["id"] for raw in raws if _usable(raw.get("id"))}
    given: set[str] = set()
    for number, raw in enumerate(raws, 1):
        name = raw.get("name") if isinstance(raw.get("name"), str) and raw["name"] else f"Node {number}"
        if name in found:
            raise _twice("name", name, file)
        node_id = raw.get("id")
        if not _usable(node_id):
            node_id = _made_up(name, ids)
        elif node_id in given:
            raise _twice("id", node_id, file)
        given.add(node_id)
        found[name] = Entry(node_id, name[:200], str(raw["type"]), _version(raw.get("typeVersion")), raw)
    return found


def _usable(node_id: Any) -> bool:
    return isinstance(node_id, str) and 0 < len(node_id) <= 128


def _made_up(name: str, taken: set[str]) -> str:
    """An id made of the name, for files of old versions that have none."""
    base = _NOT_IN_IDS.sub("-", name).strip("-").lower()[:100] or "node"
    number, made = 1, base
    while made in taken:
        number += 1
        made = f"{base}-{number}"
    taken.add(made)
    return made


def _version(value: Any) -> float:
    if isinstance(value, list) and value:
        value = value[-1]
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 1.0


def _twice(part: str, value: str, file: str | None) -> FormatError:
    return FormatError(
        f"two nodes have the {part} {value!r}",
        code="format.n8n_duplicate",
        hint=f"Give each node its own {part}: n8n joins nodes by name, Towpath by id.",
        where=Where(file=file, node=value),
        params={"part": part, "value": value},
    )


def unknown_node(name: str, known: Mapping[str, Entry]) -> str:
    """The warning for a connection to a node that is not there."""
    return f"a connection names the node {name!r}, which does not exist. {did_you_mean(name, known) or ''}".strip()
