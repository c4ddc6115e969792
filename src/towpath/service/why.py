"""Why did a workflow start on a record, or why not? Every condition, true or false, with the value it saw.

Asked for now (as if the record were saved as it is) or for a past change, with the record as it was then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from towpath.crm.feed import FEED, FeedEntry, feed_entry
from towpath.crm.problems import no_record
from towpath.engine.plan import Plan
from towpath.engine.tables import RUN, TIMER, VERSION, WORKFLOW
from towpath.engine.timer_dates import DateTrigger, date_triggers
from towpath.engine.triggers import RecordTrigger
from towpath.errors import InputError, NotFoundError
from towpath.expr import compile_condition, compile_trigger, condition_to_text, explain
from towpath.model.change import Cause, Change, ChangeKind
from towpath.model.condition import Any_, Comparison, Condition, Field, leaves
from towpath.model.moment import to_text
from towpath.model.table import Order
from towpath.service.platform import Platform
from towpath.service.published import record_triggers
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.why_enrolment import refused

Row = dict[str, Any]
MOST_CHANGES = 10_000  # of one record that are looked back over


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: whether it holds, with the value it saw, and whether it held before the change."""

    text: str
    holds: bool
    value: Any
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class TriggerAnswer:
    """What one trigger says: whether it starts a run, in a word why, and every condition it asked."""

    node: str
    kind: str
    starts: bool
    reason: str
    about: str
    condition: str | None = None
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The past change that was asked about; its time is microseconds UTC."""

    id: str
    at: int
    kind: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a workflow starts on a record or not: its triggers, and the runs that there were."""

    workflow: str
    name: str
    version: int
    state: str
    object: str
    record: str
    change: LookedAt | None
    triggers: tuple[TriggerAnswer, ...]
    runs: tuple[str, ...] = field(default=())

    @property
    def starts(self) -> bool:
        """Whether any trigger starts a run, and the workflow is on."""
        return self.state == "on" and any(trigger.starts for trigger in self.triggers)


@dataclass(frozen=True, slots=True)
class _Moment:
    """The record at the moment asked about, and what was done to it."""

    new: Row | None
    old: Row | None
    kind: ChangeKind
    chain: tuple[tuple[str, str], ...] = ()
    change: LookedAt | None = None


def why(platform: Platform, workflow: str, record: str, *, at: int | None = None) -> Answer:
    """Why the workflow starts on the record now, or by its last change until ``at`` (microseconds).

    NotFoundError where there is no such workflow, record or change; InputError for a workflow that no record starts.
    """
    return in_snapshot(platform, lambda state: _why(platform, state, workflow, record, at))


def _why(platform: Platform, state: Snapshot, workflow: str, record: str, at: int | None) -> Answer:
    workflow_id, name, status, number, paused = _workflow(state, workflow)
    plan = platform.published.plan(state.tx, number)
    by_record, by_date = record_triggers(plan), date_triggers(plan)
    objects = list(dict.fromkeys([*(t.object for t in by_record), *(t.object for t in by_date)]))
    if not objects:
        hint = "towpath runs list shows what started it."
        raise InputError(f"no record starts {name!r}", code="why.no_record_trigger", hint=hint)
    object_name, current = _find(state, objects, record)
    moment = _moment(state, object_name, current, record, at)
    answers = [_record_answer(trigger, moment) for trigger in by_record if trigger.object == object_name]
    answers += [_date_answer(state, trigger, moment, record, platform.clock.now()) for trigger in by_date]
    answers = [_enrolled(state, plan, answer, moment) for answer in answers]
    shown = "paused" if paused else "on" if status == "on" else "off"
    return Answer(workflow_id, name, _version(state, number), shown, object_name, record, moment.change,
                  tuple(answers), _runs(state, workflow_id, record))  # fmt: skip


# Record triggers


def _record_answer(trigger: RecordTrigger, moment: _Moment) -> TriggerAnswer:
    params: Any = trigger.plan.nodes[trigger.plan.index[trigger.node]].params
    condition = None if params.condition is None else params.condition.condition
    text = None if condition is None else condition_to_text(condition)
    clauses = () if condition is None else _clauses(condition, moment)
    starts, reason, about = _verdict(trigger, params, condition, moment)
    return TriggerAnswer(trigger.node, "record", starts, reason, about, text, clauses)


def _verdict(
    trigger: RecordTrigger, params: Any, condition: Condition | None, moment: _Moment
) -> tuple[bool, str, str]:
    settings = trigger.plan.definition.settings
    if moment.kind not in trigger.kinds:
        return False, "kind", f"a record that is {moment.kind} does not count, only {', '.join(sorted(trigger.kinds))}"
    if moment.chain.count((trigger.plan.workflow, _id(moment))) > settings.reentry:
        return False, "loop", "its own run led to this change, and reentry does not allow that"
    subject = moment.new if moment.new is not None else moment.old
    if condition is None or subject is None:
        return True, "any", "every such change starts it"
    created = moment.kind != "updated"
    if compile_trigger(condition, params.mode, per_clause=params.per_clause)(subject, moment.old, created):
        return True, "meets", "the record meets the condition" if created else _begins(params)
    if not compile_condition(condition)(subject, moment.old):
        return False, "condition", "the record does not meet the condition"
    hint = " per_clause lets each part of an 'or' start it." if isinstance(condition, Any_) else ""
    return False, "already", f"the record met the condition already before this change.{hint}"


def _begins(params: Any) -> str:
    return "the record meets the condition" if params.mode == "level" else "the record begins to meet the condition"


def _clauses(condition: Condition, moment: _Moment) -> tuple[Clause, ...]:
    subject = moment.new if moment.new is not None else moment.old
    if subject is None:
        return ()
    seen = explain(condition, subject, moment.old)
    before = [None] * len(seen)
    if moment.old is not None and moment.new is not None:
        before = [compile_condition(leaf)(moment.old, None) for leaf in leaves(condition)]  # type: ignore[misc]
    return tuple(Clause(e.text, e.holds, e.value, held) for e, held in zip(seen, before, strict=True))


def _id(moment: _Moment) -> str:
    return str((moment.new or moment.old or {}).get("id"))


# Enrolment


def _enrolled(state: Snapshot, plan: Plan, answer: TriggerAnswer, moment: _Moment) -> TriggerAnswer:
    """What the trigger says, unless the enrolment of the workflow keeps the record out."""
    if not answer.starts or moment.new is None:
        return answer
    looked, changed = moment.change, Cause("why", chain=moment.chain)
    change = Change(moment.kind, "", _id(moment), moment.old, moment.new, (), changed)
    found = refused(state.tx, plan, change, None if looked is None else looked.at)
    if found is None:
        return answer
    more = () if found.condition is None else _clauses(found.condition, moment)
    return replace(answer, starts=False, reason=found.reason, about=found.about, clauses=(*answer.clauses, *more))


# Date triggers


def _date_answer(state: Snapshot, trigger: DateTrigger, moment: _Moment, record: str, now: int) -> TriggerAnswer:
    wish = trigger.asks(now)(moment.new)
    written = trigger.params.condition
    clauses = () if written is None else _clauses(written.condition, moment)
    text = None if written is None else condition_to_text(written.condition)
    row = state.tx.get(TIMER, [f"{trigger.plan.number}:{trigger.node}:{record}"], ("state", "due", "reason"))
    timer, due, reason = row[0] if row else ("none", None, wish.reason)
    about = {
        "pending": f"it starts at {to_text(due)}" if due is not None else "",
        "fired": "it has started for this date",
        "none": "the record has no timer yet",
    }.get(timer, f"its timer was cancelled: {reason}")
    return TriggerAnswer(trigger.node, "date_field", timer == "pending", reason or timer, about, text, clauses)


# What there is


def _workflow(state: Snapshot, workflow: str) -> tuple[str, str, str, int, str | None]:
    rows = state.tx.select(WORKFLOW, ("id", "name", "status", "active", "paused"))
    for workflow_id, name, status, active, paused in rows:
        if workflow in (workflow_id, name):
            number = active if active is not None else _newest(state, workflow_id)
            return workflow_id, name, status, number, paused
    state.active_version(workflow)  # raises the error with the nearest name
    raise AssertionError


def _newest(state: Snapshot, workflow: str) -> int:
    where = Comparison(Field("workflow"), "==", workflow)
    rows = state.tx.select(VERSION, ("number",), where, order=(Order("version", descending=True),), limit=1)
    return int(rows[0][0])


def _version(state: Snapshot, number: int) -> int:
    return int(state.tx.get(VERSION, [number], ("version",))[0][0])


def _find(state: Snapshot, objects: list[str], record: str) -> tuple[str, Row]:
    for name in objects:
        found = state.records.find(name, Comparison(Field("id"), "==", record), deleted=True)
        if found:
            return name, found[0]
    raise no_record(state.records.schema(objects[0]), record)


def _moment(state: Snapshot, object_name: str, current: Row, record: str, at: int | None) -> _Moment:
    if at is None:
        if current["deletedAt"] is not None:
            return _Moment(None, current, "deleted")
        return _Moment(current, None, "created")
    where = Comparison(Field("record"), "==", record)
    rows = state.tx.select(FEED, where=where, order=(Order("id", descending=True),), limit=MOST_CHANGES)
    after = dict(current)
    for entry in map(feed_entry, rows):
        if entry.object != object_name:
            continue
        if entry.at <= at:
            return _at(entry, after)
        after |= entry.old
    raise NotFoundError(
        f"record {record} was not changed until {to_text(at)}", code="why.no_change",
        hint="Ask for a later time, or for now.", params={"record": record, "at": to_text(at)},
    )  # fmt: skip


def _at(entry: FeedEntry, after: Row) -> _Moment:
    fields = tuple(dict.fromkeys((*entry.old, *entry.new)))
    looked = LookedAt(entry.id, entry.at, entry.kind, fields)
    before = {**after, **entry.old} if entry.kind == "updated" else after
    new = None if entry.kind == "deleted" else {**after, **entry.new}
    old = before if entry.kind in ("updated", "deleted") else None
    return _Moment(new, old, entry.kind, entry.cause.chain, looked)


def _runs(state: Snapshot, workflow: str, record: str) -> tuple[str, ...]:
    versions = {
        number for (number,) in state.tx.select(VERSION, ("number",), Comparison(Field("workflow"), "==", workflow))
    }
    rows = state.tx.select(RUN, ("id", "version"), Comparison(Field("record"), "==", record), order=(Order("id"),))
    return tuple(run for run, version in rows if version in versions)
