"""Keeps the timers of many records in step with what the records ask for, one select and one write per trigger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from towpath.engine.events import Notice
from towpath.engine.tables import TIMER
from towpath.engine.timer_dates import DateTrigger, Record
from towpath.engine.timer_table import HAS_DUE, NO_RECORD, save_timers, timers_of
from towpath.engine.timers import Reason, Timer, follow
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Transaction

PAGE = 1000
_NAMED = 20  # records that a notice names


def arm_changed(tx: Transaction, trigger: DateTrigger, changes: Iterable[Change], now: int) -> list[Notice]:
    """Follow committed changes of the trigger's object; unrelated edits cost nothing."""
    records = {c.id: c.new for c in changes if c.kind != "updated" or trigger.cares(c.fields)}
    return _arm(tx, trigger, records, {}, now) if records else []


def arm_page(
    tx: Transaction, trigger: DateTrigger, records: Mapping[str, Record], others: Sequence[int], now: int
) -> list[Notice]:
    """Arm records that are there already, given in ascending order of their ids.

    A date that another version (``others``) has started at, or is about to, is not started at again.
    """
    spent = _spent(tx, trigger.node, records, others) if others and records else {}
    return _arm(tx, trigger, records, spent, now)


def _arm(
    tx: Transaction, trigger: DateTrigger, records: Mapping[str, Record | None], spent: Mapping[str, set[int]], now: int
) -> list[Notice]:
    version, ask = trigger.plan.number, trigger.asks(now)
    known = timers_of(tx, version, trigger.node, records)
    after: dict[str, Timer] = {}
    for record_id, record in records.items():
        timer, wish = known.get(record_id), ask(record)
        if wish.anchor is not None and wish.anchor in spent.get(record_id, ()):
            generation = timer.generation if timer is not None else 1
            moved: Timer | None = Timer("fired", None, wish.anchor, generation)
        else:
            moved = follow(timer, wish, trigger.policy, now)
        if moved is not None and moved is not timer:
            after[record_id] = moved
    save_timers(tx, version, trigger.node, known, after)
    skipped = [record_id for record_id, timer in after.items() if timer.reason == "past"]
    return skip_notice(trigger, "timer_past", "the time had passed when it was first seen", skipped, now)


def _spent(tx: Transaction, node: str, records: Iterable[str], others: Sequence[int]) -> dict[str, set[int]]:
    ids = list(records)
    where = All((
        Comparison(Field("version"), "in", tuple(others)), Comparison(Field("trigger"), "==", node),
        Comparison(Field("record"), ">=", ids[0]), Comparison(Field("record"), "<=", ids[-1]),
        Comparison(Field("state"), "in", ("fired", "pending")),
    ))  # fmt: skip
    found: dict[str, set[int]] = {}
    for record_id, anchor in tx.select(TIMER, ("record", "anchor"), where):
        found.setdefault(record_id, set()).add(anchor)
    return found


def skip_notice(trigger: DateTrigger, kind: str, why: str, records: Sequence[str], now: int) -> list[Notice]:
    """One notice for all records of a trigger that were not started, and why."""
    if not records:
        return []
    name, count = trigger.plan.definition.name, len(records)
    text = f"{name} did not start on {count} record{'s' * (count > 1)} of {trigger.object}: {why}"
    data: dict[str, Any] = {"object": trigger.object, "records": list(records[:_NAMED]), "count": count}
    return [Notice(now, kind, text, trigger.plan.number, None, trigger.node, data)]


def cancel_pending(tx: Transaction, versions: Sequence[int], reason: Reason, after: int | None) -> int:
    """Cancel what is pending for these versions, only what is due later than ``after`` where one is given; how many."""
    scope = _scope(Comparison(Field("version"), "in", tuple(versions)), after)
    groups = tx.count(TIMER, scope, by=("version", "trigger")) if versions else []
    for version, trigger, _ in groups:
        here = Comparison(Field("version"), "==", version), Comparison(Field("trigger"), "==", trigger)
        _cancel_all(tx, _scope(All(here), after), reason)
    return sum(count for _, _, count in groups)


def _scope(whose: Condition, after: int | None) -> Condition:
    later = () if after is None else (Comparison(Field("due"), ">", after),)
    return All((whose, HAS_DUE, *later))


def _cancel_all(tx: Transaction, where: Condition, reason: Reason) -> None:
    """Page by page in the order of the index, so that a million of them fit in memory."""
    page = Comparison(Field("record"), ">=", NO_RECORD)
    while rows := tx.select(TIMER, ("record", "id"), All((where, page)), order=(Order("record"),), limit=PAGE):
        tx.update(TIMER, ("state", "due", "reason"), [("cancelled", None, reason, key) for _, key in rows])
        page = Comparison(Field("record"), ">", rows[-1][0])
