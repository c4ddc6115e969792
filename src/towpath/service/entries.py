"""Lets records enter that waited for the cap of entries per hour, when their time has come."""

from __future__ import annotations

from typing import Any

from towpath.engine.enrolment import ENROLMENT, HOUR, Rules, rules_of
from towpath.engine.events import Event, Start
from towpath.engine.journal import write_events
from towpath.engine.plan import Plan
from towpath.ports.store import Transaction
from towpath.service.enrolment import entry_times, next_entry, take_due
from towpath.service.platform import Platform


def fire_entries(platform: Platform, limit: int = 1000) -> int:
    """Start the runs of at most ``limit`` records that may enter now; how many were dealt with.

    Each is looked at again: one that reached the goal meanwhile, was suppressed or deleted does not enter. While their
    workflow is off they go to the end of those who wait: nobody is dropped.
    """
    now = platform.clock.now()
    due = platform.store.read(next_entry)
    if due is None or due > now:
        return 0
    return platform.store.write(lambda tx: _enter(platform, tx, now, limit))


def _enter(platform: Platform, tx: Transaction, now: int, limit: int) -> int:
    platform.published.refresh(tx)
    taken = take_due(tx, now, limit)
    groups: dict[tuple[int, str | None, str], list[tuple[Any, ...]]] = {}
    for row in taken:
        groups.setdefault((row[4], row[5], row[3]), []).append(row)
    for (version, trigger, object_name), rows in groups.items():
        _start(platform, tx, platform.published.plan(tx, version), trigger, object_name, rows)
    return len(taken)


def _start(
    platform: Platform, tx: Transaction, plan: Plan, trigger: str | None, object_name: str, rows: list[tuple[Any, ...]]
) -> None:
    now, rules = platform.clock.now(), rules_of(plan)
    if platform.published.active.get(plan.workflow) is None:
        _put_off(tx, plan, rules, [row[0] for row in rows], now)
        return
    table = platform.catalogue.plan(object_name)
    found = tx.get(table.table, [row[2] for row in rows])
    records = {record["id"]: record for row in found if (record := dict(zip(table.names, row, strict=True)))}
    starts: list[Start] = []
    states: list[tuple[Any, ...]] = []
    runs = iter(platform.ids.many(len(rows)))
    for key, workflow, record, _, _, _, times in rows:
        why = _outside(rules, records.get(record))
        run = next(runs)
        if why is None:
            starts.append(Start(run, record, chain=((workflow, record),)))
            states.append(("inside", run, None, times, now, None, key))
        else:
            states.append((why, None, None, times - 1, None, now, key))  # it has waited, and not entered
    tx.update(ENROLMENT, ("state", "run", "due", "times", "entered_at", "left_at"), states)
    if starts:
        event = Event(platform.ids.new(), "start", plan.number, trigger, object_name, True, starts)
        write_events(tx, [event], {plan.number: plan.definition.settings.priority}, now)


def _put_off(tx: Transaction, plan: Plan, rules: Rules | None, keys: list[str], now: int) -> None:
    most = rules.spec.max_entries_per_hour if rules is not None else None
    times = entry_times(tx, plan.workflow, most, len(keys), now + HOUR)
    tx.update(ENROLMENT, ("due",), list(zip(times, keys, strict=True)))


def _outside(rules: Rules | None, record: Any) -> str | None:
    if record is None or record["deletedAt"] is not None:
        return "deleted"
    return rules.outside(record) if rules is not None else None
