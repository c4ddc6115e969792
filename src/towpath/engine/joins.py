"""Joins: nodes that wait for all their connected inputs.

A join runs as soon as every connected input has something. If a branch can no longer bring anything (it took
another way, or ended), the join runs with what it has once nothing else of the run can reach it.
"""

from __future__ import annotations

from towpath.engine.plan import Plan, PlanNode
from towpath.engine.state import Items, RunState, Token


def arrive(node: PlanNode, run: RunState, port: int, items: Items, now: int) -> Token | None:
    """Collect items at an input; the join's token when that was the last one missing."""
    waiting = run.joins.setdefault(node.position, [None] * len(node.inputs))
    present = waiting[port]
    waiting[port] = items if present is None else [*present, *items]
    if any(waiting[fed] is None for fed in node.fed):
        return None
    return _fire(node.position, run, now)


def fire_pending(plan: Plan, run: RunState, now: int) -> None:
    """The run's stack is empty: go on with the first join that nothing feeds any more, or with a loop's next round."""
    for position in sorted(run.joins):
        if any(position in plan.nodes[token.node].reaches for token in run.parked):
            continue
        if any(_comes_after(plan, loop, position) for loop in run.loops):
            continue
        if any(
            position in plan.nodes[other].reaches and position not in plan.nodes[position].reaches
            for other in run.joins
            if other != position
        ):
            continue
        run.stack.append(_fire(position, run, now))
        return
    idle = (n for n in reversed(run.loops) if not any(n in plan.nodes[token.node].reaches for token in run.parked))
    loop = next(idle, None)
    if loop is not None:
        # A round of the loop brought nothing back: the loop goes on with its next one, or ends.
        run.stack.append(Token(loop, [[]], now))
    elif not run.parked and run.joins:
        run.stack.append(_fire(min(run.joins), run, now))


def _comes_after(plan: Plan, loop: int, join: int) -> bool:
    """Whether a join can be reached from a loop, and is not inside it."""
    return join in plan.nodes[loop].reaches and loop not in plan.nodes[join].reaches


def _fire(position: int, run: RunState, now: int) -> Token:
    collected = run.joins.pop(position)
    return Token(position, [items or [] for items in collected], now)
