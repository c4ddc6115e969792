"""What a run leaves in the log when it is cancelled or moved: the steps under way, and what people did for them."""

from __future__ import annotations

from collections.abc import Iterable

from towpath.engine.plan import Plan
from towpath.engine.segment import PART, SegmentBuilder
from towpath.engine.state import FrozenRun, FrozenToken
from towpath.engine.tables import SEGMENT
from towpath.insight import ENGINE
from towpath.service.facts import tasks_under_way, under_way
from towpath.service.unit import Unit


def log_cancelled(unit: Unit, plan: Plan, run: str, state: FrozenRun, tokens: Iterable[FrozenToken]) -> None:
    """Write the open steps of these tokens as cancelled, before their tasks are closed.

    The time of people until now is labour.
    """
    now, segment = unit.platform.clock.now(), SegmentBuilder([run])
    for visit in under_way(plan, run, tokens, tasks_under_way(unit.records, run)):
        if visit.started_at is None and visit.outcome == PART:
            continue  # he was asked, and had not taken it up
        started, actor = (now, ENGINE) if visit.started_at is None else (visit.started_at, visit.actor)
        ended = now if visit.ended_at is None else visit.ended_at
        outcome, units = PART if visit.outcome == PART else "cancelled", plan.nodes[plan.index[visit.node]].spec.units
        head = (visit.node, visit.attempt, visit.enabled_at, started, ended, actor, outcome)
        segment.add((*head, units, 0.0, 0, 0, None, None), [0])
    if not segment.empty:
        key = unit.platform.ids.new()
        unit.tx.insert(SEGMENT, SEGMENT.names, [(key, plan.number, *segment.span, 1, segment.encode())])
        state.segments.append(key)
