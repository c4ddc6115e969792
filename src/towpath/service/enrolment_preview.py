"""Before a workflow is switched on: how many records would enter now, how many each day, how many mails that makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from towpath.engine.enrolment import rules_of
from towpath.engine.plan import Plan
from towpath.engine.triggers import RecordTrigger
from towpath.model.change import Cause, Change
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.workflow import WorkflowDefinition
from towpath.service.backtest import DAY, compiled, fired_changes, triggers_of
from towpath.service.dry_run import dry_run
from towpath.service.enrolment import known_enrolments
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot

SAMPLE = 200  # records whose ways are tried, to see how many mails a run sends
PERIOD = 28  # days of the past that say how many enter each day
PAGE = 1000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """What switching on would bring, if those who are there were taken too; mails by a sample of their ways."""

    workflow: str
    enter_now: int
    enter_per_day: float
    mails_now: int
    mails_per_day: float
    sample: int


def preview_enrolment(platform: Platform, definition: WorkflowDefinition) -> Preview:
    """Count, and change nothing. WorkflowError with every problem; InputError where no record starts it."""
    plan = compiled(platform, definition)
    triggers, now = triggers_of(plan), platform.clock.now()

    def work(state: Snapshot) -> tuple[list[tuple[RecordTrigger, list[Row]]], int, int]:
        found, count = [], 0
        for trigger in triggers:
            sample: list[Row] = []
            for page in _entering(state, plan, trigger):
                count += len(page)
                sample += page[: SAMPLE - len(sample)]
            found.append((trigger, sample))
        return found, count, len(fired_changes(state, triggers, now - PERIOD * DAY, now + 1)[0])

    samples, entering, fired = in_snapshot(platform, work)
    mails, tried = 0, 0
    for trigger, records in samples:
        if records:
            changes = [(now, _as_if_new(trigger, record)) for record in records]
            mails, tried = mails + dry_run(platform, trigger, changes).caught.mails, tried + len(records)
    each = mails / tried if tried else 0.0
    daily = fired / PERIOD
    return Preview(plan.workflow, entering, daily, round(entering * each), daily * each, tried)


def _as_if_new(trigger: RecordTrigger, record: Row) -> Change:
    return Change("created", trigger.object, record["id"], None, record, tuple(record), Cause("preview"))


def _entering(state: Snapshot, plan: Plan, trigger: RecordTrigger) -> Iterator[list[Row]]:
    """Records that meet the condition now and that the enrolment rules would let in, page by page."""
    rules = rules_of(plan)
    for page in _matching(state, trigger):
        if rules is None:
            yield page
            continue
        known = known_enrolments(state.tx, plan.workflow, [record["id"] for record in page])
        entered = {record for record, one in known.items() if one.times}
        yield [record for record in page if record["id"] not in entered and rules.outside(record) is None]


def _matching(state: Snapshot, trigger: RecordTrigger) -> Iterator[list[Row]]:
    params: Any = trigger.plan.nodes[trigger.plan.index[trigger.node]].params
    wanted: tuple[Condition, ...] = () if params.condition is None else (params.condition.condition,)
    after: tuple[Condition, ...] = ()
    while True:
        page = state.records.find(trigger.object, All((*wanted, *after)), limit=PAGE)
        yield page
        if len(page) < PAGE:
            return
        after = (Comparison(Field("id"), ">", page[-1]["id"]),)
