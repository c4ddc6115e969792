"""Alarms as a service: what rules of the CRM have to do at a time, done in one transaction for all that is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from towpath.crm.alarms import Alarm, next_alarm, take_due
from towpath.ports.store import Transaction
from towpath.service import approvals, blueprints, duplicates, milestones, scoring, tasks
from towpath.service.platform import Platform
from towpath.service.unit import Unit

Handler = Callable[[Unit, Sequence[Alarm]], None]
HANDLERS: Mapping[str, Handler] = {
    "approval": approvals.react,
    "merged": duplicates.react,
    "milestone": milestones.react,
    "scoring": scoring.react,
    "state": blueprints.react,
    "task": tasks.react,
}


def fire_alarms(platform: Platform, limit: int = 1000) -> int:
    """Do what at most ``limit`` alarms are due for; how many were."""
    now = platform.clock.now()
    due = platform.store.read(next_alarm)
    if due is None or due > now:
        return 0
    return platform.store.write(lambda tx: _fire(platform, tx, now, limit))


def _fire(platform: Platform, tx: Transaction, now: int, limit: int) -> int:
    taken = take_due(tx, now, limit)
    unit = Unit(platform, tx)
    by_kind: dict[str, list[Alarm]] = {}
    for alarm in taken:
        by_kind.setdefault(alarm.kind, []).append(alarm)
    for kind, alarms in by_kind.items():
        handler = HANDLERS.get(kind)
        if handler is not None:  # one that a newer release set, or that belongs to a rule that is gone
            handler(unit, alarms)
    unit.finish()
    return len(taken)
