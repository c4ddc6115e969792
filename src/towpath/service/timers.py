"""Timers as a service: they follow saved records and published versions, and start runs when they are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from towpath.crm.catalogue import load_catalogue, stored_generation
from towpath.crm.conditions import search_condition
from towpath.engine.events import Event, Notice, Start
from towpath.engine.journal import write_events, write_notices
from towpath.engine.plan import Plan
from towpath.engine.tables import VERSION
from towpath.engine.timer_arming import arm_changed, arm_page, cancel_pending, skip_notice
from towpath.engine.timer_dates import DateTrigger, Record, date_triggers
from towpath.engine.timer_pulse import note_pulse, read_pulse
from towpath.engine.timer_schedule import ScheduleTrigger, schedule_triggers
from towpath.engine.timer_starts import BULK, fire_dates, record_starts
from towpath.engine.timer_table import NO_RECORD, claim_due, next_timer, save_timers, timers_of
from towpath.engine.timers import Timer
from towpath.errors import SchemaError
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.moment import to_text
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.braking import brake_starts
from towpath.service.enrolment import admit_event
from towpath.service.open_unit import OpenUnit
from towpath.service.platform import Platform

__all__ = ["arm_existing", "cancel_superseded", "fire_due", "follow_changes", "has_timer_work", "next_timer"]


def follow_changes(unit: OpenUnit, changes: Sequence[Change]) -> None:
    """Arm, move and cancel the date timers of changed records, in the transaction of the changes."""
    by_object: dict[str, list[Change]] = {}
    for change in changes:
        by_object.setdefault(change.object, []).append(change)
    now = unit.platform.clock.now()
    published = unit.platform.published
    for number in published.active.values():
        for trigger in date_triggers(published.plans[number], by_object):
            unit.notices += arm_changed(unit.tx, trigger, by_object[trigger.object], now)


def arm_existing(platform: Platform, tx: Transaction, plan: Plan) -> None:
    """Arm a version that becomes active: the records that are there already, and its schedules."""
    now, notices = platform.clock.now(), list[Notice]()
    versions = [number for number in _versions(tx, plan.workflow) if number != plan.number]
    for trigger in date_triggers(plan):
        for records in _dated(platform, tx, trigger):
            notices += arm_page(tx, trigger, records, versions, now)
    for schedule in schedule_triggers(plan):
        before = timers_of(tx, plan.number, schedule.node, [NO_RECORD])
        save_timers(tx, plan.number, schedule.node, before, {NO_RECORD: schedule.armed(before.get(NO_RECORD), now)})
    write_notices(tx, notices, platform.ids)


def cancel_superseded(platform: Platform, tx: Transaction, workflow: str, number: int | None) -> int:
    """Cancel the pending timers of all versions of a workflow but ``number`` (None: it is switched off); how many.

    What has fallen due under a superseded version and waits only for a worker still starts, under that version.
    """
    versions = [version for version in _versions(tx, workflow) if version != number]
    if number is None:
        return cancel_pending(tx, versions, "off", None)
    return cancel_pending(tx, versions, "superseded", platform.clock.now())


def fire_due(platform: Platform, limit: int = 1000) -> int:
    """Start the runs of at most ``limit`` due timers, in one transaction; how many timers were dealt with."""
    if not platform.store.read(lambda tx: has_timer_work(tx, platform.clock.now())):
        return 0
    return platform.store.write(lambda tx: _fire(platform, tx, limit))


def has_timer_work(tx: Reader, now: int) -> bool:
    """Whether a timer is due, or timers wait and the pulse has to be noted so that their lateness can be told."""
    due = next_timer(tx)
    if due is None or due <= now:
        return due is not None
    pulse = read_pulse(tx)
    return pulse is None or pulse.look(now) is not pulse


def _fire(platform: Platform, tx: Transaction, limit: int) -> int:
    now = platform.clock.now()
    if stored_generation(tx) != platform.catalogue.generation:
        platform.catalogue = load_catalogue(tx)
    platform.published.refresh(tx)
    missed_before = note_pulse(tx, now).missed_before
    groups = claim_due(tx, now, limit)
    for (version, node), due in groups.items():
        firing = _Firing(platform, tx, platform.published.plan(tx, version), node, now, missed_before)
        firing.fire(due)
    return sum(map(len, groups.values()))


class _Firing:
    """The due timers of one trigger, in the transaction that starts their runs."""

    def __init__(
        self, platform: Platform, tx: Transaction, plan: Plan, node: str, now: int, missed_before: int
    ) -> None:
        self.platform, self.tx, self.plan, self.node = platform, tx, plan, node
        self.now, self.missed_before = now, missed_before
        self.active = platform.published.active.get(plan.workflow) == plan.number

    def fire(self, due: dict[str, Timer]) -> None:
        """Start what is still wanted; a trigger whose object is not as it was fails alone, with a notice."""
        planned = self.plan.nodes[self.plan.index[self.node]]
        try:
            if planned.type.trigger == "schedule":
                after = self._schedule(ScheduleTrigger(self.plan, planned), due[NO_RECORD])
            else:
                after = self._dates(DateTrigger(self.plan, planned), due)
        except SchemaError as error:
            after = {record: Timer("cancelled", None, t.anchor, t.generation, "failed") for record, t in due.items()}
            self._say([Notice(self.now, "timer_failed", str(error), self.plan.number, None, self.node)])
        save_timers(self.tx, self.plan.number, self.node, due, after)

    def _dates(self, trigger: DateTrigger, due: dict[str, Timer]) -> dict[str, Timer]:
        records = _records(self.platform, self.tx, trigger, due)
        fired = fire_dates(trigger, due, records, self.now, self.missed_before, active=self.active)
        why = "its time passed while nothing was running"
        self._say(skip_notice(trigger, "timer_late", why, fired.late, self.now))
        brake_starts(self.platform, self.tx, self.plan, self.node, len(fired.started))
        for event in record_starts(self.plan, self.node, trigger.object, fired.started, self.platform.ids, bulk=False):
            self._start(event)
        return fired.timers

    def _schedule(self, trigger: ScheduleTrigger, timer: Timer) -> dict[str, Timer]:
        times, after = trigger.fire(timer, self.now, self.missed_before, active=self.active)
        for time in times:
            if trigger.params.object is None:
                self._start(self._at(time))
            else:
                self._enrol(trigger, trigger.params.object)
        return {NO_RECORD: after}

    def _at(self, time: int) -> Event:
        """One run, told for which time it starts."""
        ids = self.platform.ids
        start = Start(ids.new(), None, [{"scheduledAt": to_text(time)}])
        return Event(ids.new(), "start", self.plan.number, self.node, None, False, [start])

    def _enrol(self, trigger: ScheduleTrigger, object_name: str) -> None:
        """A declared bulk job over the records of the schedule, written page by page so that none is too many."""
        where = search_condition(self.platform.catalogue.plan(object_name), trigger.records(self.now))
        for page in _pages(self.platform, self.tx, object_name, ("id",), where, trigger.params.limit):
            ids = [row[0] for row in page]
            for event in record_starts(self.plan, self.node, object_name, ids, self.platform.ids, bulk=True):
                self._start(event)

    def _start(self, event: Event) -> None:
        admitted, said = admit_event(self.platform, self.tx, event)
        self._say(said)
        if admitted is None:
            return
        event = admitted
        priority = self.plan.definition.settings.priority
        write_events(self.tx, [event], {self.plan.number: priority}, self.now)

    def _say(self, notices: Sequence[Notice]) -> None:
        write_notices(self.tx, notices, self.platform.ids)


def _versions(tx: Reader, workflow: str) -> list[int]:
    rows = tx.select(VERSION, ("number",), Comparison(Field("workflow"), "==", workflow))
    return [number for (number,) in rows]


def _dated(platform: Platform, tx: Reader, trigger: DateTrigger) -> Iterator[dict[str, Record]]:
    """The records that have the trigger's date, with the fields that it reads, page by page in order of their ids."""
    plan = platform.catalogue.plan(trigger.object)
    names = _columns(platform, trigger)
    where = search_condition(plan, Comparison(Field(trigger.params.field), "is_not_empty"))
    for page in _pages(platform, tx, trigger.object, names, where, None):
        yield {row[0]: dict(zip(names, row, strict=True)) for row in page}


def _records(platform: Platform, tx: Reader, trigger: DateTrigger, ids: Iterable[str]) -> dict[str, Record]:
    """These records as they are now, with the fields that the trigger reads; deleted ones are left out."""
    names = (*_columns(platform, trigger), "deletedAt")
    rows = tx.get(platform.catalogue.plan(trigger.object).table, list(ids), names)
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows if row[-1] is None}


def _columns(platform: Platform, trigger: DateTrigger) -> tuple[str, ...]:
    return ("id", *sorted(trigger.fields & set(platform.catalogue.plan(trigger.object).names) - {"id", "deletedAt"}))


def _pages(
    platform: Platform, tx: Reader, object_name: str, columns: Sequence[str], where: Condition | None, most: int | None
) -> Iterator[list[tuple[Any, ...]]]:
    """At most ``most`` records in order of their ids, ``BULK`` at a time; the first column is the id."""
    table = platform.catalogue.plan(object_name).table
    condition, left = where, most
    while left is None or left > 0:
        size = BULK if left is None else min(BULK, left)
        page = tx.select(table, columns, condition, order=(Order("id"),), limit=size)
        if page:
            yield page
        if len(page) < size:
            return
        left = None if left is None else left - size
        after = Comparison(Field("id"), ">", page[-1][0])
        condition = after if where is None else All((where, after))
