"""Alarms: at most one pending time for each (kind, subject), at which a rule of the CRM has something to do.

Reminders and time limits of tasks and approvals, milestones, times in a state: all of them are rows here, so that
nothing due costs one look at one index.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Index, Order, Table
from towpath.ports.store import Reader, Transaction

ALARM = Table(
    "alarm",
    (Column("kind", required=True), Column("subject", required=True), Column("due", "integer", required=True)),
    key=("kind", "subject"),
    indexes=(Index(("due",)),),
)


class Alarm(NamedTuple):
    """What is due: its kind, what it is about (mostly the id of a record), and since when (microseconds)."""

    kind: str
    subject: str
    due: int


def write_alarms(transaction: Transaction, wanted: Mapping[tuple[str, str], int | None]) -> None:
    """Set alarms, or clear those whose time is None."""
    if not wanted:
        return
    transaction.delete(ALARM, list(wanted))
    rows = [(*key, due) for key, due in wanted.items() if due is not None]
    if rows:
        transaction.insert(ALARM, ALARM.names, rows)


def next_alarm(reader: Reader) -> int | None:
    """When the next one is due."""
    rows = reader.select(ALARM, ("due",), order=(Order("due"),), limit=1)
    return int(rows[0][0]) if rows else None


def take_due(transaction: Transaction, now: int, limit: int) -> list[Alarm]:
    """Take what is due away and give it, the longest due first."""
    due = Comparison(Field("due"), "<=", now)
    order = (Order("due"), Order("kind"), Order("subject"))
    rows = transaction.claim(ALARM, ALARM.names, due, order=order, limit=limit)
    if rows:
        transaction.delete(ALARM, [row[:2] for row in rows])
    return [Alarm(*row) for row in rows]
