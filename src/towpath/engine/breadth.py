"""Breadth first: branches side by side, in the order of their edges, as n8n's execution order v0.

A merge that gets its first input makes the nodes run that its other inputs wait for: those that have no input of
their own, and those that nothing has come to. An empty output reaches every input but the first of a node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from towpath.engine.batch import Visit
from towpath.engine.joins import arrive
from towpath.engine.plan import Plan, PlanNode, Target
from towpath.engine.state import Items, RunState, Token
from towpath.model.item import Item

Feed = tuple[int, int, int]  # input port, node that leads to it, the node's output port


def route(plan: Plan, visit: Visit, node: PlanNode, may_take: Callable[[Target], bool], now: int) -> None:
    """Queue what the visit leads to."""
    run, outputs = visit.run, visit.outputs
    run.gave[node.position] = [len(outputs.get(port, ())) for port in range(len(node.targets))]
    for port, targets in enumerate(node.targets):
        items = outputs.get(port) or []
        for target in targets:
            if items or target.port > 0:
                if target.limit is not None and not may_take(target):
                    return
                _enter(plan, run, node, target, items, now)


def fed(visits: list[Visit]) -> list[Visit]:
    """The visits of a merge whose first input brought something: it runs for no others."""
    return [visit for visit in visits if visit.token.inputs[0]]


def _enter(plan: Plan, run: RunState, node: PlanNode, target: Target, items: Items, now: int) -> None:
    into = plan.nodes[target.node]
    if not into.type.joins:
        _queue(run, Token(target.node, [items], now))
        return
    is_first = target.node not in run.joins
    token = arrive(into, run, target.port, items, now)
    if token is not None:
        _queue(run, token)
    elif is_first:
        for _, source, _ in sorted(plan.feeds[into.position]):
            if source != node.position:
                _force(plan, run, node, source, items, now)


def _queue(run: RunState, token: Token) -> None:
    run.stack.insert(0, token)


def _force(plan: Plan, run: RunState, node: PlanNode, source: int, items: Items, now: int) -> None:
    """Make a node run, or the one before it that has to come first, that a merge waits for."""
    queued = {token.node for token in (*run.stack, *run.parked)}
    following = {target.node for targets in node.targets for target in targets}
    if source in queued or source in run.gave or (source in following and not _is_idle(plan, run, source)):
        return
    chosen = source
    for ancestor in _backwards(plan, source):
        if ancestor in queued or (ancestor != source and ancestor in following):
            return
        if ancestor in run.gave:
            break
        chosen = ancestor
    if not items and node.position in set(_backwards(plan, chosen)):
        return
    if _is_idle(plan, run, chosen):
        _queue(run, Token(chosen, [[Item({})], *([] for _ in plan.nodes[chosen].inputs[1:])], now))


def _is_idle(plan: Plan, run: RunState, node: int) -> bool:
    """Whether nothing has come to the node's first input."""
    feeds: list[Feed] = plan.feeds[node]
    given = ((run.gave.get(source), port) for into, source, port in feeds if into == 0)
    return not any(sizes is not None and sizes[port] for sizes, port in given)


def _backwards(plan: Plan, node: int) -> Iterator[int]:
    """The node, and all that lead to it, the nearest first."""
    ahead: list[int] = [node]
    seen: set[Any] = {node}
    for position in ahead:
        yield position
        for _, source, _ in plan.feeds[position]:
            if source not in seen:
                seen.add(source)
                ahead.append(source)
