"""Which runs a set of committed changes starts: entry conditions, the cause chain, the start brake."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.engine.events import Event, Notice, Start
from towpath.engine.plan import Plan
from towpath.errors import LimitError
from towpath.model.change import Change
from towpath.ports.time import SECOND, Ids

MAX_CHAIN = 16
BRAKE_WINDOW = 60 * SECOND
Fires = Callable[[Change], bool]


@dataclass(frozen=True, slots=True)
class RecordTrigger:
    """One record trigger of one published version; ``fires`` holds its entry condition and its kinds of change."""

    plan: Plan
    node: str
    object: str
    kinds: frozenset[str]
    fires: Fires
    when: str = "committed"  # or within the save: before_save, after_save
    order: tuple[int, int, str] = (1000, 0, "")  # (order, created_at, workflow): which goes first in its phase


class Brake:
    """Counts the starts of each workflow outside bulk jobs in the last minute."""

    def __init__(self) -> None:
        self._starts: dict[str, deque[tuple[int, int]]] = {}

    def over(self, workflow: str, count: int, limit: int, now: int) -> bool:
        """Whether these starts are more than ``limit`` within 60 s."""
        recent = self._starts.setdefault(workflow, deque())
        recent.append((now, count))
        while recent[0][0] <= now - BRAKE_WINDOW:
            recent.popleft()
        return sum(started for _, started in recent) > limit


@dataclass(slots=True)
class Matched:
    """What changes lead to: events to store, things to say, workflows to pause."""

    events: list[Event]
    notices: list[Notice]
    paused: list[str]


def match(changes: Sequence[Change], triggers: Iterable[RecordTrigger], ids: Ids, brake: Brake, now: int) -> Matched:
    """The starts that changes cause. Raises LimitError ``limit.cause_chain`` when a chain is too long."""
    matched = Matched([], [], [])
    by_object: dict[str, list[Change]] = {}
    for change in changes:
        if len(change.cause.chain) > MAX_CHAIN:
            raise chain_too_long(change)
        by_object.setdefault(change.object, []).append(change)
    for trigger in triggers:
        mine = by_object.get(trigger.object)
        if mine:
            allowed = entering(trigger, mine, matched.notices, now)
            if allowed:
                _start(trigger, allowed, matched, ids, brake, now)
    return matched


def entering(trigger: RecordTrigger, changes: Iterable[Change], notices: list[Notice], now: int) -> list[Change]:
    """The changes of the trigger's object that start a run; a loop that is skipped is noted."""
    fired = [change for change in changes if change.kind in trigger.kinds and trigger.fires(change)]
    return [change for change in fired if _may_enter(trigger, change, notices, now)]


def _may_enter(trigger: RecordTrigger, change: Change, notices: list[Notice], now: int) -> bool:
    entered = change.cause.chain.count((trigger.plan.workflow, change.id))
    if entered <= trigger.plan.definition.settings.reentry:
        return True
    notices.append(
        Notice(
            now,
            "loop_skipped",
            f"{trigger.plan.definition.name} did not start: its own run changed the record",
            trigger.plan.number,
            change.cause.run,
            trigger.node,
            {"record": change.id},
        )
    )
    return False


def _start(trigger: RecordTrigger, changes: list[Change], matched: Matched, ids: Ids, brake: Brake, now: int) -> None:
    plan = trigger.plan
    run_ids = ids.many(len(changes))
    starts = [start_of(plan, change, run_id) for change, run_id in zip(changes, run_ids, strict=True)]
    bulk = changes[0].cause.bulk
    matched.events.append(Event(ids.new(), "start", plan.number, trigger.node, trigger.object, bulk, starts))
    settings = plan.definition.settings
    if not bulk and brake.over(plan.workflow, len(starts), settings.start_brake, now):
        matched.paused.append(plan.workflow)
        text = f"{plan.definition.name} was paused: more than {settings.start_brake} starts in 60 s outside a bulk job"
        matched.notices.append(
            Notice(now, "start_brake", text, plan.number, None, trigger.node, {"workflow": plan.workflow})
        )


def start_of(plan: Plan, change: Change, run_id: str) -> Start:
    """The start of one run by one change, whose chain it carries on."""
    old: dict[str, Any] | None = None
    if plan.uses_old and change.old is not None:
        old = change.old
    items = [change.old] if change.kind == "deleted" and change.old is not None else None
    return Start(run_id, change.id, items, old, (*change.cause.chain, (plan.workflow, change.id)))


def chain_too_long(change: Change) -> LimitError:
    """The error for workflows that set each other off without end."""
    path = " -> ".join(workflow for workflow, _ in change.cause.chain)
    return LimitError(
        f"workflows set each other off more than {MAX_CHAIN} times in a row: {path}",
        code="limit.cause_chain",
        hint="Let one of them stop on a condition that its own change makes false.",
        params={"chain": [list(link) for link in change.cause.chain]},
    )
