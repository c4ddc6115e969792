"""Drives everything that is due, until nothing is left to do now or, on a virtual clock, nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from towpath.crm.alarms import next_alarm
from towpath.engine.claim import next_due
from towpath.engine.tables import OUTBOX
from towpath.engine.trace import Trace
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.service.advance import Advanced, advance
from towpath.service.alarms import fire_alarms
from towpath.service.effects import send_due
from towpath.service.enrolment import next_entry
from towpath.service.entries import fire_entries
from towpath.service.feeding import feed
from towpath.service.jobs import next_job
from towpath.service.platform import Platform
from towpath.service.timers import fire_due, next_timer


class Settable(Protocol):
    """A clock that can be moved."""

    def now(self) -> int:
        """Microseconds."""
        ...

    def set(self, moment: int) -> None:
        """Move forward to a moment."""
        ...


@dataclass(slots=True)
class Driven:
    """What driving came to."""

    batches: int = 0
    runs: int = 0
    ended: int = 0
    effects: int = 0
    timers: int = 0


def drive(
    platform: Platform,
    *,
    trace: Trace | None = None,
    watch: Callable[[Advanced], None] | None = None,
    max_batches: int = 1_000_000,
) -> Driven:
    """Fire timers, feed jobs, advance runs and send effects until none is due at the present time."""
    total = Driven()
    while total.batches < max_batches:
        fired = fire_due(platform) + fire_alarms(platform) + fire_entries(platform)
        fed = feed(platform)
        done = advance(platform, trace, keep=watch is not None)
        sent = send_due(platform)
        total.timers += fired
        total.effects += sent
        if done is not None:
            total.batches += 1
            total.runs += done.count
            total.ended += done.ended
            if watch is not None:
                watch(done)
        if not (fired or fed or sent) and done is None:
            break
    return total


def upcoming(platform: Platform) -> int | None:
    """When something is due next: a run, a timer, a page of a job, an effect; microseconds, None for never."""

    def work(tx: Reader) -> int | None:
        effect = tx.select(OUTBOX, ("due",), Comparison(Field("due"), "is_not_empty"), order=(Order("due"),), limit=1)
        times = [next_due(tx), next_timer(tx), next_alarm(tx), next_entry(tx), next_job(tx)]
        times += [row[0] for row in effect]
        return min((time for time in times if time is not None), default=None)

    return platform.store.read(work)


def drive_until(
    platform: Platform,
    clock: Settable,
    until: int | None,
    *,
    trace: Trace | None = None,
    watch: Callable[[Advanced], None] | None = None,
) -> Driven:
    """Like ``drive``, moving the clock from one due time to the next and at last to ``until``.

    Without ``until`` it goes on as long as anything is due (for ever, where an active workflow has a schedule).
    """
    total = drive(platform, trace=trace, watch=watch)
    while (due := upcoming(platform)) is not None and (until is None or due <= until):
        clock.set(max(due, clock.now()))
        part = drive(platform, trace=trace, watch=watch)
        for name in ("batches", "runs", "ended", "effects", "timers"):
            setattr(total, name, getattr(total, name) + getattr(part, name))
    if until is not None:
        clock.set(until)
    return total
