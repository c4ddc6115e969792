"""Work by queue: what is due in each, and the next batch of one."""

from __future__ import annotations

from typing import NamedTuple

from towpath.crm.alarms import next_alarm
from towpath.engine.claim import next_due
from towpath.engine.events import BULK_BAND
from towpath.engine.tables import EVENT, OUTBOX
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.dispatch import QUEUES
from towpath.ports.store import Reader
from towpath.service.advance import Advanced, advance
from towpath.service.alarms import fire_alarms
from towpath.service.enrolment import next_entry
from towpath.service.entries import fire_entries
from towpath.service.feeding import PAGE, feed
from towpath.service.jobs import next_job
from towpath.service.platform import Platform
from towpath.service.timers import fire_due, has_timer_work, next_timer

_HAS_DUE = Comparison(Field("due"), "is_not_empty")


class Due(NamedTuple):
    """The queues with something to do now, and when something falls due next (microseconds), if that is known."""

    queues: frozenset[str]
    upcoming: int | None


def due_queues(platform: Platform) -> Due:
    """What is due, from one state of the store; a few look-ups in small indexes, however much waits."""
    now = platform.clock.now()

    def look(tx: Reader) -> Due:
        run, timer, alarm, effect = next_due(tx), next_timer(tx), next_alarm(tx), _next_effect(tx)
        entry, job = next_entry(tx), next_job(tx)
        found = {kind for kind, _ in tx.count(OUTBOX, _due_by(now), by=("kind",))} if _is_past(effect, now) else set()
        is_late = _is_past(run, now) or _is_past(alarm, now) or _is_past(entry, now) or has_timer_work(tx, now)
        if is_late or _has_event(tx, Comparison(Field("rank"), "<", BULK_BAND)):
            found.add("interactive")
        if _is_past(job, now) or _has_event(tx, Comparison(Field("rank"), ">=", BULK_BAND)):
            found.add("bulk")
        times = [time for time in (run, timer, alarm, entry, job, effect) if time is not None and time > now]
        return Due(frozenset(found) & frozenset(QUEUES), min(times, default=None))

    return platform.store.read(look)


def advance_queue(platform: Platform, queue: str, limit: int | None = None) -> tuple[Advanced | None, bool]:
    """The next batch of a queue of runs, at most ``limit`` of them, and whether there was anything to do."""
    if queue == "bulk":
        fed = feed(platform, limit or PAGE)
        done = advance(platform, limit=limit, bulk=True)
        return done, fed or done is not None
    fired = fire_due(platform) + fire_alarms(platform) + fire_entries(platform)
    done = advance(platform, limit=limit, bulk=False)
    return done, done is not None or fired > 0


def _is_past(time: int | None, now: int) -> bool:
    return time is not None and time <= now


def _due_by(now: int) -> Condition:
    return All((_HAS_DUE, Comparison(Field("due"), "<=", now)))


def _next_effect(tx: Reader) -> int | None:
    rows = tx.select(OUTBOX, ("due",), _HAS_DUE, order=(Order("due"),), limit=1)
    return int(rows[0][0]) if rows else None


def _has_event(tx: Reader, band: Condition) -> bool:
    for kind in ("start", "wake"):
        if tx.select(EVENT, ("id",), All((Comparison(Field("kind"), "==", kind), band)), limit=1):
            return True
    return False
