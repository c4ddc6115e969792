"""Enrolment as a service: who enters, who waits for the cap, who has left, and when the goal was reached.

Set-wise: one read and at most one insert and one update of enrolments for all starts of a trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from towpath.engine.enrolment import CAP, DAY, ENROLMENT, Rules, Watch, enrolment_id, held_out, rules_of, slots
from towpath.engine.events import Event, Notice, Start
from towpath.engine.lockstep import Lockstep
from towpath.engine.plan import Plan
from towpath.engine.tables import RUN
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.platform import Platform

NAMED = 20  # records that a notice names
_COLUMNS = ("id", "state", "run", "times", "entered_at", "goal_at", "arm")


@dataclass(slots=True)
class _Known:
    """What is kept of a record's enrolment; ``times`` is 0 for one that was refused and never entered."""

    state: str
    run: str | None
    times: int
    entered_at: int | None
    goal_at: int | None
    arm: str


class Entry:
    """The starts of one trigger on their way into a workflow with enrolment rules."""

    def __init__(self, platform: Platform, tx: Transaction, plan: Plan, rules: Rules, *, by_hand: bool) -> None:
        self.platform, self.tx, self.plan, self.rules, self.by_hand = platform, tx, plan, rules, by_hand
        self.now = platform.clock.now()
        self.refused: dict[str, list[str]] = {}
        self.rows: list[tuple[Any, ...]] = []

    def admit(self, event: Event, records: Mapping[str, Any], changes: Mapping[str, Change]) -> Event | None:
        """The event with the starts that enter now, None where nobody does; those who wait are kept."""
        ids = [start.record for start in event.starts if start.record is not None]
        known = self._known(ids)
        entering: list[Start] = []
        for start in event.starts:
            if start.record is None:
                entering.append(start)
                continue
            why = self._refusal(records.get(start.record), known.get(start.record), changes.get(start.record))
            if why is not None:
                self.refused.setdefault(why, []).append(start.record)
            else:
                entering.append(start)
        starts = self._enter(event, entering, known)
        self._keep_suppressed(event, known)
        self._write(known)
        return replace(event, starts=starts) if starts else None

    def _refusal(self, record: Any, known: _Known | None, change: Change | None) -> str | None:
        reason = self.rules.outside(record)
        if reason is not None and not (reason == "unmatched" and self.by_hand):
            return reason
        if known is None:
            return None
        if known.state in ("waiting", "inside", "held_out"):
            return "inside"
        if known.times and not self.by_hand and not self.rules.enters_again(record, change):
            return "once"
        return None

    def _keep_suppressed(self, event: Event, known: Mapping[str, _Known]) -> None:
        """Whoever is refused as suppressed and was never inside stands in the report, however many there are."""
        for record in dict.fromkeys(self.refused.get("suppressed", ())):
            if record not in known:
                self.rows.append(
                    (enrolment_id(self.plan.workflow, record), self.plan.workflow, record, event.object, "suppressed",
                     "treated", None, event.version, event.trigger, 0, None, None, self.now, None)
                )  # fmt: skip

    def _enter(self, event: Event, starts: list[Start], known: Mapping[str, _Known]) -> list[Start]:
        share, workflow = self.rules.spec.hold_out, self.plan.workflow
        silent = [s for s in starts if s.record is not None and share and held_out(workflow, s.record, share)]
        skipped = {id(start) for start in silent}
        rest = [start for start in starts if id(start) not in skipped]
        most = self.rules.spec.max_entries_per_hour
        times = entry_times(self.tx, workflow, most, len(rest), self.now)
        for start in silent:
            self._row(event, start, "held_out", "hold_out", None, known)
        now = []
        for start, due in zip(rest, times, strict=True):
            if due > self.now and start.record is not None:
                self._row(event, start, "waiting", "treated", due, known)
            else:
                now.append(start)
                if start.record is not None:
                    self._row(event, start, "inside", "treated", None, known)
        return now

    def _row(
        self, event: Event, start: Start, state: str, arm: str, due: int | None, known: Mapping[str, _Known]
    ) -> None:
        record = start.record or ""
        before = known.get(record)
        times = (before.times if before is not None else 0) + 1
        run = start.run if state == "inside" else None
        self.rows.append(
            (enrolment_id(self.plan.workflow, record), self.plan.workflow, record, event.object, state, arm, run,
             event.version, event.trigger, times, due, self.now, None, None)
        )  # fmt: skip

    def _known(self, ids: Sequence[str]) -> dict[str, _Known]:
        return known_enrolments(self.tx, self.plan.workflow, ids)

    def _write(self, known: Mapping[str, _Known]) -> None:
        fresh = [row for row in self.rows if row[2] not in known]
        again = [(*row[3:], row[0]) for row in self.rows if row[2] in known]
        if fresh:
            self.tx.insert(ENROLMENT, ENROLMENT.names, fresh)
        if again:
            self.tx.update(ENROLMENT, ENROLMENT.names[3:], again)

    def notices(self, event: Event) -> list[Notice]:
        """One notice for each reason why records were refused."""
        return [
            refusal(self.plan, event.object, why, self.now, count=len(ids), records=ids[:NAMED], node=event.trigger)
            for why, ids in self.refused.items()
        ]


_WORDS = {
    "suppressed": "suppressed", "goal": "the goal is reached already", "unmatched": "the condition is not met",
    "deleted": "deleted", "inside": "inside already", "once": "they have been inside, and do not enter again",
}  # fmt: skip


def refusal(
    plan: Plan, object_name: str | None, why: str, now: int, *, count: int, records: Sequence[str],
    node: str | None = None,
) -> Notice:  # fmt: skip
    """Says that a workflow did not take so many records, and why; ``records`` are the first of them."""
    what = f"{object_name or 'record'}{'s' * (count > 1)}"
    text = f"{plan.definition.name} did not take {count} {what}: {_WORDS[why]}"
    data = {"reason": why, "records": list(records), "count": count}
    return Notice(now, "enrolment_refused", text, plan.number, None, node, data)


def known_enrolments(tx: Reader, workflow: str, records: Iterable[str]) -> dict[str, _Known]:
    """What is kept of these records' enrolments, by record; one whose run is over is not inside any more."""
    ids = {enrolment_id(workflow, record): record for record in records}
    rows = tx.get(ENROLMENT, list(ids), _COLUMNS) if ids else []
    known = {ids[key]: _Known(*rest) for key, *rest in rows}
    runs = {one.run: one for one in known.values() if one.state == "inside" and one.run is not None}
    if runs:
        for run, status in tx.get(RUN, sorted(runs), ("id", "status")):
            if status != "waiting":
                runs[run].state = status
    return known


def admit_event(
    platform: Platform, tx: Transaction, event: Event, records: Mapping[str, Any] | None = None,
    changes: Mapping[str, Change] | None = None, *, by_hand: bool = False,
) -> tuple[Event | None, list[Notice]]:  # fmt: skip
    """What is left of an event that starts runs, by the enrolment rules of its workflow, and what to say of the rest.

    ``records`` are those of the starts as they are now; they are read where they are not given.
    """
    plan = platform.published.plan(tx, event.version)
    rules = rules_of(plan)
    if rules is None:
        return event, []
    if records is None:
        records = _read(platform, tx, event)
    entry = Entry(platform, tx, plan, rules, by_hand=by_hand)
    admitted = entry.admit(event, records, changes or {})
    return admitted, entry.notices(event)


def _read(platform: Platform, tx: Reader, event: Event) -> dict[str, Any]:
    if event.object is None:
        return {}
    plan = platform.catalogue.plan(event.object)
    rows = tx.get(plan.table, [start.record for start in event.starts if start.record is not None])
    records = (dict(zip(plan.names, row, strict=True)) for row in rows)
    return {record["id"]: record for record in records if record["deletedAt"] is None}


def admit_changes(
    platform: Platform, tx: Transaction, events: Sequence[Event], changes: Sequence[Change]
) -> tuple[list[Event], list[Notice]]:
    """The events of record triggers, each by the rules of its workflow."""
    if not platform.published.enrolling:
        return list(events), []
    by_id = {change.id: change for change in changes}
    records = {key: change.new for key, change in by_id.items() if change.new is not None}
    kept: list[Event] = []
    notices: list[Notice] = []
    for event in events:
        admitted, said = admit_event(platform, tx, event, records, by_id)
        kept += [admitted] if admitted is not None else []
        notices += said
    return kept, notices


# While inside


def watch_of(platform: Platform, plan: Plan) -> Watch | None:
    """What looks at the runs of a batch before each step; None for a workflow without enrolment rules."""
    rules = rules_of(plan)
    if rules is None:
        return None
    off = platform.published.active.get(plan.workflow) is None
    return Watch(rules, platform.clock.now(), off=off)


def close_enrolments(tx: Transaction, lockstep: Lockstep, watch: Watch | None, now: int) -> None:
    """Note for the runs that ended why their records are no longer inside."""
    if watch is None:
        return
    workflow, ended = lockstep.plan.workflow, []
    for run in lockstep.runs:
        if run.record is not None and run.status in ("completed", "failed", "cancelled"):
            reason = watch.left.get(run.id)
            ended.append((reason or run.status, now, enrolment_id(workflow, run.record)))
    if ended:
        tx.update(ENROLMENT, ("state", "left_at"), ended)


def follow_goals(platform: Platform, tx: Transaction, changes: Sequence[Change]) -> None:
    """Note when records reach the goal of a workflow that they entered in time, in whichever arm, inside or not."""
    now = platform.clock.now()
    for plan, rules, objects in platform.published.enrolling:
        if rules.reached is None:
            continue
        reached = [c.id for c in changes if c.object in objects and _reaches(rules.reached, c)]
        if not reached:
            continue
        earliest = now - round(rules.spec.attribution_days * DAY)
        rows = [
            (now, enrolment_id(plan.workflow, record))
            for record, known in known_enrolments(tx, plan.workflow, reached).items()
            if known.goal_at is None and known.state != "waiting" and _entered_since(known, earliest)
        ]
        if rows:
            tx.update(ENROLMENT, ("goal_at",), rows)


def _entered_since(known: _Known, earliest: int) -> bool:
    return known.entered_at is not None and known.entered_at >= earliest


def _reaches(reached: Callable[[Any], bool], change: Change) -> bool:
    return change.new is not None and reached(change.new) and not (change.old is not None and reached(change.old))


# Waiting for the cap


def entry_times(tx: Transaction, workflow: str, most: int | None, count: int, now: int) -> list[int]:
    """When each of ``count`` entries may happen, by the cap of the workflow, and not before ``now``."""
    if most is None or not count:
        return [now] * count
    rows = tx.get(CAP, [workflow], ("hour", "used"))
    hour, used = rows[0] if rows else (None, 0)
    times, hour, used = slots(hour, used, count, most, now)
    if rows:
        tx.update(CAP, ("hour", "used"), [(hour, used, workflow)])
    else:
        tx.insert(CAP, CAP.names, [(workflow, hour, used)])
    return times


def next_entry(tx: Reader) -> int | None:
    """When the next record that waits may enter."""
    due = Comparison(Field("due"), "is_not_empty")
    rows = tx.select(ENROLMENT, ("due",), due, order=(Order("due"),), limit=1)
    return int(rows[0][0]) if rows else None


def take_due(tx: Transaction, now: int, limit: int) -> list[tuple[Any, ...]]:
    """The records whose time to enter has come, oldest first, with what their rows say of it."""
    where = All((Comparison(Field("due"), "is_not_empty"), Comparison(Field("due"), "<=", now)))
    columns = ("id", "workflow", "record", "object", "version", "trigger", "times")
    return tx.claim(ENROLMENT, columns, where, order=(Order("due"), Order("id")), limit=limit)
