"""How the times of a workflow's runs are spread: what completed runs took, and how long open ones have been open."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from towpath.engine.tables import RUN, VERSION
from towpath.errors import NotFoundError
from towpath.insight import ALWAYS, Window
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.ports.store import Reader
from towpath.service.marked_runs import seconds
from towpath.service.platform import Platform

MINUTE, HOUR, DAY = 60, 3_600, 86_400
# Round times that do not move with the data: two periods can be compared, and a bar keeps its address.
BOUNDS = (
    0, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """How many runs took from ``least`` to less than ``under`` seconds; the last bar has no end."""

    least: int
    under: int | None
    runs: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Bars of the completed runs by what they took, and of the open ones by their age."""

    took: list[Bar]
    age: list[Bar]


def spread(platform: Platform, workflow: str, *, began: Window = ALWAYS) -> Spread:
    """Of all versions of a workflow: completed runs that began in the time, and every run that is open now."""
    now = platform.clock.now()

    def work(tx: Reader) -> Spread:
        numbers = tuple(
            number for number, *names in tx.select(VERSION, ("number", "workflow", "name")) if workflow in names
        )
        if not numbers:
            raise NotFoundError(f"no workflow is called {workflow!r}", code="workflow.unknown")
        of_it = Comparison(Field("version"), "in", numbers)
        took, age = _times(tx, of_it, "completed", began, now), _times(tx, of_it, "waiting", ALWAYS, now)
        return Spread(_bars(took), _bars(age))

    return platform.store.read(work)


def _times(tx: Reader, of_it: Condition, status: str, began: Window, now: int) -> Iterable[float]:
    parts = [of_it, Comparison(Field("status"), "==", status)]
    if began.start is not None:
        parts.append(Comparison(Field("started_at"), ">=", began.start))
    if began.end is not None:
        parts.append(Comparison(Field("started_at"), "<", began.end))
    rows = tx.select(RUN, ("started_at", "ended_at"), All(tuple(parts)))
    return (seconds(started, ended, now) for started, ended in rows)


def _bars(times: Iterable[float]) -> list[Bar]:
    counts = Counter(bisect_right(BOUNDS, each) - 1 for each in times)
    ends = (*BOUNDS[1:], None)
    return [Bar(least, end, counts[place]) for place, (least, end) in enumerate(zip(BOUNDS, ends, strict=True))]
