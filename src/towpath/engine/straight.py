"""The straight way, which nearly all visits take: it went well, and what came out leads to one node or to none.

This is the innermost loop of the engine, so it is one function without calls. The token goes on to the next node
as it is, and so does the visit: a run of five nodes makes one of each.
"""

from __future__ import annotations

from towpath.engine.batch import Visit
from towpath.engine.plan import NOWHERE, PlanNode
from towpath.engine.state import RunState, Token
from towpath.engine.step_log import StepLog

Ready = dict[int, list[RunState]]


def go_on(node: PlanNode, visits: list[Visit], log: StepLog, ready: Ready) -> tuple[list[Visit], list[RunState]]:
    """Move visits on; gives those that need more than that, and the runs that this branch is over for."""
    rest: list[Visit] = []
    over: list[RunState] = []
    straight, ended, steps = node.straight, log.ended, log.plain
    for visit in visits:
        token, outputs, run = visit.token, visit.outputs, visit.run
        inputs = token.inputs
        if visit.park or visit.faults or token.started_at is not None or len(outputs) != 1 or len(inputs) != 1:
            rest.append(visit)
            continue
        ((port, items),) = outputs.items()
        target = straight[port]
        if target is None or not items:
            rest.append(visit)
            continue
        key = (token.attempt, token.enabled_at, len(inputs[0]), len(items), port)
        if key in steps:
            steps[key].append(run.position)
        else:
            steps[key] = [run.position]
        if target == NOWHERE:
            run.result = items
            over.append(run)
            continue
        if token.number:  # it was parked, and has more to forget than is worth the trouble
            token = Token(target, [items], ended)
        else:
            token.node, token.enabled_at, inputs[0] = target, ended, items
            outputs.clear()
        run.stack.append(token)
        if target in ready:
            ready[target].append(run)
        else:
            ready[target] = [run]
    return rest, over
