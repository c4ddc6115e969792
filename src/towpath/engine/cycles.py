"""Two questions about directed graphs, answered without recursion: what can be reached, and what goes in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

Graph: TypeAlias = Mapping[str, Sequence[str]]


def reachable(following: Graph, entries: Iterable[str]) -> set[str]:
    """The entries and everything behind them."""
    reached = set(entries)
    ahead = list(reached)
    while ahead:
        for node_id in following[ahead.pop()]:
            if node_id not in reached:
                reached.add(node_id)
                ahead.append(node_id)
    return reached


def cycles(following: Graph) -> Iterator[list[str]]:
    """The strongly connected components that hold a cycle, each in the order in which a walk meets its members.

    Tarjan's algorithm with the walk on a stack of its own.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    for root in following:
        walk = [(root, iter(following[root]))] if root not in order else []
        while walk:
            node_id, rest = walk[-1]
            if node_id not in order:
                order[node_id] = lowest[node_id] = len(order)
                open_nodes.append(node_id)
                is_open.add(node_id)
            for step in rest:
                if step not in order:
                    walk.append((step, iter(following[step])))
                    break
                if step in is_open:
                    lowest[node_id] = min(lowest[node_id], order[step])
            else:
                walk.pop()
                if walk:
                    before = walk[-1][0]
                    lowest[before] = min(lowest[before], lowest[node_id])
                if lowest[node_id] == order[node_id]:
                    members = _close(open_nodes, node_id)
                    is_open.difference_update(members)
                    if len(members) > 1 or node_id in following[node_id]:
                        yield members


def _close(open_nodes: list[str], first: str) -> list[str]:
    members = [open_nodes.pop()]
    while members[-1] != first:
        members.append(open_nodes.pop())
    return members[::-1]
