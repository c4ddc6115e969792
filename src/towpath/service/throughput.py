"""How many runs of a workflow ended on each day, how, and in how much time: what a chart is drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from towpath.engine.tables import RUN, VERSION
from towpath.errors import InputError, NotFoundError
from towpath.model.condition import All, Comparison, Field
from towpath.ports.store import Reader
from towpath.ports.time import SECOND
from towpath.service.platform import Platform

DAY = 24 * 60 * 60 * SECOND
MOST_DAYS = 366


@dataclass(slots=True)
class Daily:
    """One day: runs started, and runs that ended by how; ``median`` is the seconds that half of those took at most."""

    day: str
    started: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    median: float | None = None


def daily(platform: Platform, workflow: str, *, days: int = 30, zone: str = "UTC") -> list[Daily]:
    """The last days of a workflow (all versions), today included, by the calendar of a time zone."""
    try:
        calendar = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise InputError(f"{zone!r} is no time zone", code="request.zone", hint="Write Europe/Berlin or UTC.") from None
    now = platform.clock.now()
    found = {}
    for number in range(min(days, MOST_DAYS) - 1, -1, -1):
        name = _day(now - number * DAY, calendar)
        found[name] = Daily(name)
    rows = platform.store.read(lambda tx: _runs(tx, workflow, now - days * DAY))
    _count(found, rows, calendar)
    return list(found.values())


def _runs(tx: Reader, workflow: str, since: int) -> list[tuple[str, int, int | None]]:
    versions = tx.select(VERSION, ("number", "workflow", "name"))
    numbers = tuple(number for number, *names in versions if workflow in names)
    if not numbers:
        raise NotFoundError(f"no workflow is called {workflow!r}", code="workflow.unknown")
    columns, of_it = ("status", "started_at", "ended_at"), Comparison(Field("version"), "in", numbers)
    begun = tx.select(RUN, columns, All((of_it, Comparison(Field("started_at"), ">=", since))))
    ended = All((of_it, Comparison(Field("started_at"), "<", since), Comparison(Field("ended_at"), ">=", since)))
    return [*begun, *tx.select(RUN, columns, ended)]


def _count(found: dict[str, Daily], rows: Iterable[tuple[str, int, int | None]], zone: ZoneInfo) -> None:
    names: dict[int, str] = {}  # by the quarter of an hour: no zone changes its day within one
    times: dict[str, list[int]] = {}

    def day_of(moment: int) -> str:
        quarter = moment // (15 * 60 * SECOND)
        if quarter not in names:
            names[quarter] = _day(moment, zone)
        return names[quarter]

    for status, started, ended in rows:
        begin = found.get(day_of(started))
        if begin is not None:
            begin.started += 1
        end = found.get(day_of(ended)) if ended is not None else None
        if end is not None and ended is not None:
            setattr(end, status, getattr(end, status) + 1)
            times.setdefault(end.day, []).append(ended - started)
    for name, spent in times.items():
        found[name].median = median(spent) / SECOND


def _day(moment: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment / SECOND, zone).date().isoformat()
