"""The figures of a version, or of everything in a time window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from towpath.insight.efficiency import Efficiency, LabourView, efficiency_of
from towpath.insight.events import RunFact, Version
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.flow import Flow, flow_of
from towpath.insight.so_far import AgeTally, SoFar
from towpath.insight.spending import Cost, Spending
from towpath.insight.survival import kaplan_meier_median
from towpath.insight.terms import Terms
from towpath.insight.time_used import TimeTally, TimeUsed
from towpath.insight.window import ALWAYS, Window
from towpath.ports.time import SECOND


@dataclass(frozen=True, slots=True)
class RunCounts(Figure):
    """Runs by how they ended inside the window; open ones are those still open at the time of the report."""

    completed: int
    failed: int
    cancelled: int
    open: int


@dataclass(frozen=True, slots=True)
class VersionFigures(Figure):
    """Ratios of sums over many runs.

    ``time_used`` and ``flow`` are of the closed runs (completed or failed). ``efficiency.view`` says which labour
    ``efficiency`` and ``cost`` count. ``kaplan_meier_median`` (seconds) takes open and cancelled runs as censored;
    ``None`` when too few have ended. Labour of cancelled and open runs (in ``open``) is beside the total in the
    cohort view, and a part of it in the flow view.
    """

    version: Version | None
    window: Window
    counts: RunCounts
    time_used: TimeUsed
    efficiency: Efficiency
    cost: Cost
    flow: Flow
    kaplan_meier_median: float | None
    open: SoFar
    cancelled_labour_hours: float


@dataclass(frozen=True, slots=True)
class Headline(Figure):
    """The figures of a version that an overview of many shows; each is what ``VersionFigures`` says."""

    counts: RunCounts
    time_used: TimeUsed
    efficiency: Efficiency
    cost: Cost
    open: SoFar


@dataclass(slots=True)
class _Groups:
    """The runs in view, by how they ended."""

    completed: list[RunFact]
    failed: list[RunFact]
    cancelled: list[RunFact]
    open: list[RunFact]

    @property
    def closed(self) -> list[RunFact]:
        return self.completed + self.failed

    @property
    def counts(self) -> RunCounts:
        return RunCounts(len(self.completed), len(self.failed), len(self.cancelled), len(self.open))


def headline(facts: Facts, version: Version | None = None, terms: Terms | None = None) -> Headline:
    """The headline of a version, of all times. It needs only the visits that took labour or money."""
    terms = terms or Terms()
    groups, shares = _grouped(facts.of_version(version), ALWAYS), facts.shares()
    closed = groups.closed
    spent, work = _cohort(facts, shares, closed), float(len(groups.completed))
    hours = _clock_hours(facts, groups, ALWAYS, "cohort")
    return Headline(
        counts=groups.counts,
        time_used=_time_used(closed, [facts.elapsed(run) for run in closed], terms),
        efficiency=efficiency_of(work, spent.hours, "cohort", hours),
        cost=spent.cost(work, terms, terms.productivity),
        open=_so_far(facts, groups.open, _cohort(facts, shares, groups.open).hours, terms),
    )


def version_figures(
    facts: Facts,
    version: Version | None = None,
    terms: Terms | None = None,
    *,
    window: Window = ALWAYS,
    view: LabourView = "cohort",
) -> VersionFigures:
    """Measure a version's runs (``None``: all runs) that ended inside the window.

    ``cohort`` counts all labour of the closed runs, ``flow`` all labour inside the window, of whatever run.
    """
    terms = terms or Terms()
    groups = _grouped(facts.of_version(version), window)
    closed, shares = groups.closed, facts.shares(window if view == "flow" else ALWAYS)
    spent = _cohort(facts, shares, closed) if view == "cohort" else _flow(facts, shares, version, window)
    work = float(len(groups.completed))
    elapsed = [facts.elapsed(run) for run in closed]
    hours = _clock_hours(facts, groups, window, view)
    return VersionFigures(
        version=version,
        window=window,
        counts=groups.counts,
        time_used=_time_used(closed, elapsed, terms),
        efficiency=efficiency_of(work, spent.hours, view, hours),
        cost=spent.cost(work, terms, terms.productivity),
        flow=flow_of(sum(facts.touches[run.run] for run in closed), sum(elapsed)),
        kaplan_meier_median=_median(facts, elapsed, groups),
        open=_so_far(facts, groups.open, _cohort(facts, shares, groups.open).hours, terms),
        cancelled_labour_hours=_cohort(facts, shares, groups.cancelled).hours,
    )


def _grouped(runs: Iterable[RunFact], window: Window) -> _Groups:
    groups = _Groups([], [], [], [])
    by_outcome = {"completed": groups.completed, "failed": groups.failed, "cancelled": groups.cancelled}
    for run in runs:
        if run.ended_at is None:
            if window.end is None or run.started_at < window.end:
                groups.open.append(run)
        elif run.ended_at in window:
            by_outcome[run.outcome].append(run)
    return groups


def _cohort(facts: Facts, shares: Sequence[float], runs: Sequence[RunFact]) -> Spending:
    spent = Spending()
    members = frozenset(run.run for run in runs)
    if members:
        for visit, share in zip(facts.visits, shares, strict=True):
            if share or visit.money:
                spent.add(visit, share, _count(visit.runs, members))
    return spent


def _flow(facts: Facts, shares: Sequence[float], version: Version | None, window: Window) -> Spending:
    spent, members = Spending(), facts.ids_of(version)
    for visit, share in zip(facts.visits, shares, strict=True):
        if share or visit.money:
            spent.add_within(window, visit, share, _count(visit.runs, members))
    return spent


def _count(runs: Sequence[str], members: frozenset[str] | None) -> int:
    return len(runs) if members is None else sum(map(members.__contains__, runs))


def _time_used(closed: Sequence[RunFact], elapsed: Sequence[int], terms: Terms) -> TimeUsed:
    tally = TimeTally(terms.run_baseline)
    for run, time in zip(closed, elapsed, strict=True):
        tally.add(time, run.limit)
    return tally.figure()


def _median(facts: Facts, ended: Iterable[int], groups: _Groups) -> float | None:
    median = kaplan_meier_median(ended, (facts.elapsed(run) for run in groups.cancelled + groups.open))
    return None if median is None else median / SECOND


def _so_far(facts: Facts, runs: Sequence[RunFact], labour_hours: float, terms: Terms) -> SoFar:
    ages, baseline = AgeTally(), terms.run_baseline
    for run in runs:
        ages.add(facts.elapsed(run), run.limit or (baseline.seconds if baseline else None))
    return ages.figure(labour_hours)


def _clock_hours(facts: Facts, groups: _Groups, window: Window, view: LabourView) -> float | None:
    runs = groups.closed if view == "cohort" else groups.closed + groups.cancelled + groups.open
    first = min((run.started_at for run in runs), default=None)
    return window.clock_hours(first, max(map(facts.end_of, runs), default=None), facts.now)
