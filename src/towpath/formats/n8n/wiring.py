"""The connections of an n8n document as plain lines, and the parts of AI nodes that hang on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.errors import FormatError, Where
from towpath.formats.n8n.limits import MAX_EDGES, too_large
from towpath.formats.n8n.node_list import Entry, unknown_node
from towpath.formats.n8n.shapes import Document
from towpath.formats.n8n.texts import ours

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Line:
    """One connection between two nodes, by name, with n8n's numbers of the ports."""

    source: str
    output: int
    target: str
    input: int
    kind: str = MAIN


@dataclass(frozen=True, slots=True)
class Wiring:
    """All lines between nodes that exist, in the order of the nodes."""

    main: tuple[Line, ...]
    parts: tuple[Line, ...]
    warnings: tuple[str, ...]

    def attached_only(self) -> frozenset[str]:
        """The nodes that are parts of others and nothing else: models, memories, tools."""
        flowing = {name for line in self.main for name in (line.source, line.target)}
        return frozenset(line.source for line in self.parts) - flowing


def wiring_of(document: Document, entries: Mapping[str, Entry], file: str | None = None) -> Wiring:
    """The document's connections; those of nodes that are not there are left out with a warning."""
    main: list[Line] = []
    parts: list[Line] = []
    warnings: list[str] = []
    given = document.get("connections")
    connections = given if isinstance(given, Mapping) else {}
    order = {name: place for place, name in enumerate(entries)}
    for source in sorted(connections, key=lambda name: order.get(name, len(order))):
        for line in _lines(source, connections[source]):
            missing = next((name for name in (line.source, line.target) if name not in entries), None)
            if missing is not None:
                warnings.append(unknown_node(missing, entries))
            else:
                (main if line.kind == MAIN else parts).append(line)
            if len(main) + len(parts) > MAX_EDGES:
                raise too_large("connections", len(main) + len(parts), MAX_EDGES, file)
    return Wiring(tuple(dict.fromkeys(main)), tuple(dict.fromkeys(parts)), tuple(dict.fromkeys(warnings)))


def _lines(source: str, by_kind: Any) -> Iterator[Line]:
    """Lists and targets may be null or missing, as n8n writes them."""
    for kind, outputs in by_kind.items() if isinstance(by_kind, Mapping) else ():
        for output, targets in enumerate(outputs if isinstance(outputs, list) else ()):
            for target in targets if isinstance(targets, list) else ():
                if isinstance(target, Mapping) and isinstance(target.get("node"), str):
                    number = target.get("index")
                    yield Line(source, output, target["node"], number if isinstance(number, int) else 0, kind)


def parts_by_owner(wiring: Wiring) -> dict[str, list[Line]]:
    """The lines of AI parts, by the node that they are part of."""
    found: dict[str, list[Line]] = {}
    for line in wiring.parts:
        found.setdefault(line.target, []).append(line)
    return found


def attached(name: str, parts: Mapping[str, list[Line]], entries: Mapping[str, Entry],
             above: tuple[str, ...] = ()) -> list[dict[str, Any]]:  # fmt: skip
    """The parts of a node with their own parts inside. Raises FormatError where they go in a circle."""
    if name in above:
        raise FormatError(
            f"the parts of {name!r} go in a circle: {' -> '.join([*above, name])}",
            code="format.n8n_cycle",
            hint="Remove one of these connections in n8n.",
            where=Where(node=name),
        )
    found = []
    for line in parts.get(name, ()):
        entry = entries[line.source]
        part: dict[str, Any] = {"kind": line.kind, "name": entry.name, "type": entry.type, "version": entry.version,
                                "parameters": ours(entry.raw.get("parameters") or {})}  # fmt: skip
        inside = attached(line.source, parts, entries, (*above, name))
        found.append({**part, "attached": inside} if inside else part)
    return found


def reached_nodes(lines: Iterable[Line], starts: Iterable[str], *, breadth: bool) -> set[str]:
    """The nodes that a run can come to: n8n never runs the others.

    In the old order of execution, breadth first, a node with several inputs makes those run that lead to it.
    """
    lines = list(lines)
    reached = _closure(starts, [(line.source, line.target) for line in lines])
    while breadth:
        joins = {line.target for line in lines if line.input and line.target in reached}
        wider = _closure(_closure(joins, [(line.target, line.source) for line in lines]) | reached,
                         [(line.source, line.target) for line in lines])  # fmt: skip
        if wider == reached:
            break
        reached = wider
    return reached


def _closure(starts: Iterable[str], steps: Iterable[tuple[str, str]]) -> set[str]:
    """All that can be got to, the starts with it."""
    following: dict[str, list[str]] = {}
    for one, next_one in steps:
        following.setdefault(one, []).append(next_one)
    ahead = list(starts)
    reached = set(ahead)
    while ahead:
        for other in following.get(ahead.pop(), ()):
            if other not in reached:
                reached.add(other)
                ahead.append(other)
    return reached
