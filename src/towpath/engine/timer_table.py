"""Timers as rows: found by version, trigger and record, saved with one insert and one update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from towpath.engine.tables import TIMER
from towpath.engine.timers import Timer
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction

NO_RECORD = ""  # the record of a schedule: not null, so that the unique index holds for schedules too
CLAIMED = ("version", "trigger", "record", "state", "due", "anchor", "generation", "reason")
_STATE = ("state", "due", "anchor", "generation", "reason")
HAS_DUE = Comparison(Field("due"), "!=", None)


def timer_id(version: int, trigger: str, record: str) -> str:
    """A timer's key says whose it is, so that the timers of many records are found in one statement."""
    return f"{version}:{trigger}:{record}"


def timers_of(tx: Reader, version: int, trigger: str, records: Iterable[str]) -> dict[str, Timer]:
    """The timers that these records have at a trigger, by record."""
    ids = [timer_id(version, trigger, record) for record in records]
    return {record: Timer(*state) for record, *state in tx.get(TIMER, ids, ("record", *_STATE))} if ids else {}


def save_timers(
    tx: Transaction, version: int, trigger: str, before: Mapping[str, Timer], after: Mapping[str, Timer]
) -> None:
    """Write timers, new ones and known ones, that are not as they were before."""
    fresh: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    for record, timer in after.items():
        state = (timer.state, timer.due, timer.anchor, timer.generation, timer.reason)
        key = timer_id(version, trigger, record)
        if record in before:
            known.append((*state, key))
        else:
            fresh.append((key, version, trigger, record, *state))
    if fresh:
        tx.insert(TIMER, ("id", "version", "trigger", "record", *_STATE), sorted(fresh))
    if known:
        tx.update(TIMER, _STATE, sorted(known, key=_key))


def _key(row: Sequence[Any]) -> str:
    return str(row[-1])


def claim_due(tx: Transaction, now: int, limit: int) -> dict[tuple[int, str], dict[str, Timer]]:
    """The due timers, oldest first, by (version, trigger) and record; nobody else gets them in the meantime."""
    rows = tx.claim(TIMER, CLAIMED, _due_by(now), order=(Order("due"), Order("id")), limit=limit)
    groups: dict[tuple[int, str], dict[str, Timer]] = {}
    for version, trigger, record, *state in rows:
        groups.setdefault((version, trigger), {})[record] = Timer(*state)
    return groups


def next_timer(tx: Reader) -> int | None:
    """When the next timer is due, microseconds; None when none is pending."""
    rows = tx.select(TIMER, ("due",), HAS_DUE, order=(Order("due"),), limit=1)
    return int(rows[0][0]) if rows else None


def _due_by(now: int) -> Condition:
    return All((HAS_DUE, Comparison(Field("due"), "<=", now)))
