"""n8n's lines, by names and numbers, as edges by ids and named ports; circles that nothing bounds get a limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.formats.n8n.wiring import Line

ROUNDS = 1000  # how often a run may go round a circle that n8n leaves unbounded


@dataclass(frozen=True, slots=True)
class Ends:
    """Where lines reach and leave a node: the ids of the first and last node made of it, and the port names."""

    entry: str
    node: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    loops: bool = False
    beside: tuple[str, ...] = ()  # further nodes whose lines go where the node's own go


def edges_of(lines: Iterable[Line], ends: Mapping[str, Ends]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Edges in the order of the lines, and warnings about lines that lead nowhere."""
    edges: dict[str, dict[str, Any]] = {}
    warnings: list[str] = []
    between: list[Line] = []
    for each in ends.values():
        if each.entry != each.node:
            edges[f"e{len(edges) + 1}"] = {"source": each.entry, "target": each.node}
    numbered: dict[Line, str] = {}
    for line in lines:
        source, target = ends.get(line.source), ends.get(line.target)
        if source is None or target is None:
            continue
        if line.output >= len(source.outputs):
            warnings.append(
                f"{line.source!r} has no output {line.output + 1}; its line to {line.target!r} was left out"
            )
            continue
        number = line.input if line.input < len(target.inputs) else 0
        if number >= len(target.inputs):
            warnings.append(f"{line.target!r} has no input; the line from {line.source!r} was left out")
            continue
        numbered[line] = f"e{len(edges) + 1}"
        edges[numbered[line]] = _edge(source, target, source.outputs[line.output], target.inputs[number])
        for other in source.beside:
            more = _edge(source, target, source.outputs[line.output], target.inputs[number])
            edges[f"e{len(edges) + 1}"] = {**more, "source": other}
        between.append(line)
    for line in _closing(between, ends):
        edges[numbered[line]]["limit"] = ROUNDS
        warnings.append(
            f"the line from {line.source!r} back to {line.target!r} closes a circle; a run takes it {ROUNDS:,} times "
            "at most"
        )
    return edges, warnings


def _edge(source: Ends, target: Ends, port: str, into: str) -> dict[str, Any]:
    edge: dict[str, Any] = {"source": source.node, "target": target.entry}
    if port != "out":
        edge["source_port"] = port
    if into != "in":
        edge["target_port"] = into
    return edge


def _closing(lines: list[Line], ends: Mapping[str, Ends]) -> list[Line]:
    """The lines that close circles which do not go round by a loop node; a walk in depth, on a stack of its own."""
    following: dict[str, list[Line]] = {}
    for line in lines:
        source = ends[line.source]
        if not (source.loops and source.outputs[line.output] == "loop"):
            following.setdefault(line.source, []).append(line)
    closing: list[Line] = []
    done: set[str] = set()
    for root in list(following):
        if root in done:
            continue
        walk, open_names = [(root, iter(following.get(root, ())))], {root}
        while walk:
            name, rest = walk[-1]
            ahead = next(rest, None)
            if ahead is None:
                walk.pop()
                open_names.discard(name)
                done.add(name)
            elif ahead.target in open_names:
                closing.append(ahead)
            elif ahead.target not in done:
                open_names.add(ahead.target)
                walk.append((ahead.target, iter(following.get(ahead.target, ()))))
    return closing
