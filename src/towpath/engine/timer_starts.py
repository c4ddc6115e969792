"""From timers that are due to runs: whose start is still wanted, and the events that make it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from towpath.engine.events import Event, Start
from towpath.engine.plan import Plan
from towpath.engine.timer_dates import DateTrigger, Record
from towpath.engine.timers import Timer, cancelled, fire
from towpath.ports.time import Ids

BULK = 1000  # most starts of one event


@dataclass(slots=True)
class Fired:
    """What due timers of one trigger came to: their new states, the records to start on, those too late for it."""

    timers: dict[str, Timer]
    started: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


def fire_dates(
    trigger: DateTrigger,
    due: Mapping[str, Timer],
    records: Mapping[str, Record],
    now: int,
    missed_before: int,
    *,
    active: bool,
) -> Fired:
    """Put each due timer to its record as it is now. A superseded version starts what fell due in its time, no more."""
    ask = trigger.asks(now)
    fired = Fired({})
    for record_id, timer in due.items():
        after = fire(timer, ask(records.get(record_id)), trigger.policy, now, missed_before)
        if after.state == "pending" and not active:
            after = cancelled(after, "superseded")
        fired.timers[record_id] = after
        if after.state == "fired":
            fired.started.append(record_id)
        elif after.reason == "late":
            fired.late.append(record_id)
    return fired


def record_starts(
    plan: Plan, node: str | None, object_name: str, records: Sequence[str], ids: Ids, *, bulk: bool,
    size: int = BULK,
) -> Iterator[Event]:  # fmt: skip
    """Events that start one run for each record, ``size`` runs each. ``bulk`` declares a bulk job."""
    for at in range(0, len(records), size):
        page = records[at : at + size]
        runs = ids.many(len(page))
        starts = [Start(run, record, chain=((plan.workflow, record),)) for run, record in zip(runs, page, strict=True)]
        yield Event(ids.new(), "start", plan.number, node, object_name, bulk, starts)
