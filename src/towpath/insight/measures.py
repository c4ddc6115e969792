"""The named figures of a workflow that follow from its log: shares of runs, and times from a run's start."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from towpath.insight.events import ENGINE, PART, Version, Visit
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.quantile import quantile
from towpath.ports.time import SECOND

Moment = Literal["enabled", "started", "ended"]


@dataclass(frozen=True, slots=True)
class MeasureFigure(Figure):
    """A named figure with its raw values.

    ``kind`` says what ``value`` is: a ``share`` (0 to 1, ``counted`` of ``base``), a ``time`` (seconds, the median;
    ``p90`` beside it, over ``base`` runs), a ``count`` of records, or a ``mean`` over ``base`` of them. It is
    ``None`` where ``base`` is 0.
    """

    name: str
    kind: Literal["share", "time", "count", "mean"]
    value: float | None
    counted: int
    base: int
    p90: float | None = None


def share(name: str, counted: int, base: int) -> MeasureFigure:
    """``counted`` of ``base``."""
    return MeasureFigure(name, "share", counted / base if base else None, counted, base)


def share_reached(facts: Facts, version: Version | None, name: str, node: str, of: str | None) -> MeasureFigure:
    """The share of the closed runs that came to ``node``, of those that came to ``of`` (None: of all of them)."""
    closed = {run.run for run in facts.of_version(version) if run.outcome in ("completed", "failed")}
    base = closed if of is None else closed & _came_to(facts, of)
    return share(name, len(base & _came_to(facts, node)), len(base))


def time_until(
    facts: Facts, version: Version | None, name: str, node: str, moment: Moment, within: float | None
) -> MeasureFigure:
    """The time from a run's start to its first step at ``node``; with ``within`` (seconds) the share in time."""
    runs = {run.run: run.started_at for run in facts.of_version(version)}
    times = sorted(first - runs[run] for run, first in _first(facts, node, moment, runs))
    seconds = [max(0, time) / SECOND for time in times]
    if within is not None:
        return share(name, sum(time <= within for time in seconds), len(seconds))
    return MeasureFigure(name, "time", quantile(seconds, 0.5), len(seconds), len(seconds), quantile(seconds, 0.9))


def _came_to(facts: Facts, node: str) -> set[str]:
    return {run for visit in _visits(facts, node) if visit.outcome != "skipped" for run in visit.runs}


def _first(facts: Facts, node: str, moment: Moment, members: Collection[str]) -> Iterable[tuple[str, int]]:
    first: dict[str, int] = {}
    for visit in _visits(facts, node):
        at = _time_of(visit, moment)
        if at is None:
            continue
        for run in visit.runs:
            if run in members and at < first.get(run, at + 1):
                first[run] = at
    return first.items()


def _time_of(visit: Visit, moment: Moment) -> int | None:
    """When it came to that; a step begins with the first who takes it up, and what was cancelled never ended."""
    if visit.outcome == "skipped":
        return None
    if moment == "enabled":
        return visit.enabled_at
    if moment == "ended":
        return None if visit.outcome in (PART, "cancelled") else visit.ended_at
    untouched = visit.outcome == "cancelled" and visit.actor == ENGINE
    return None if untouched else visit.started_at


def _visits(facts: Facts, node: str) -> Iterator[Visit]:
    return (facts.visits[position] for position in facts.visits_by_node.get(node, ()))
