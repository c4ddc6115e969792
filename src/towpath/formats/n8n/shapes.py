"""Finds the workflows in the shapes that n8n's files come in: exports, lists, wrappers, pieces of a clipboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from towpath.formats.n8n.limits import not_n8n

_WRAPPERS = ("workflow", "data", "template", "workflowData")
_MOST_WRAPS = 4

Document = Mapping[str, Any]


def workflows_in(value: Any, file: str | None = None) -> list[Document]:
    """Every workflow of a file, at least one. Raises FormatError ``format.n8n`` where there is none."""
    found = list(_search(value, _MOST_WRAPS))
    if not found:
        raise not_n8n("the file holds no n8n workflow: nothing in it has a list of nodes", file)
    return found


def is_n8n(value: Any) -> bool:
    """Whether a decoded document looks like n8n's: its nodes are a list of objects with a type."""
    return next(_search(value, _MOST_WRAPS), None) is not None


def _search(value: Any, wraps: int) -> Iterator[Document]:
    if isinstance(value, list):
        for part in value:
            yield from _search(part, wraps - 1) if wraps else ()
    elif isinstance(value, Mapping):
        if _has_nodes(value):
            yield value
        elif wraps:
            yield from _unwrapped(value, wraps - 1)


def _unwrapped(value: Document, wraps: int) -> Iterator[Document]:
    for key in _WRAPPERS:
        if isinstance(value.get(key), Mapping | list):
            name = value.get("name")
            for inner in _search(value[key], wraps):
                yield inner if "name" in inner or not isinstance(name, str) else {**inner, "name": name}
            return


def _has_nodes(value: Document) -> bool:
    nodes = value.get("nodes")
    return isinstance(nodes, list) and all(isinstance(node, Mapping) and "type" in node for node in nodes)
