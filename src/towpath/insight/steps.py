"""The figures of a step: one node of the graph, over all the runs that came there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from towpath.insight.chains import Chain, chains
from towpath.insight.efficiency import Efficiency, LabourView, efficiency_of
from towpath.insight.events import Version
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.flow import Flow, flow_of
from towpath.insight.so_far import AgeTally, SoFar
from towpath.insight.spending import Cost, Spending
from towpath.insight.terms import Terms
from towpath.insight.time_used import TimeTally, TimeUsed
from towpath.insight.window import ALWAYS, Window


@dataclass(frozen=True, slots=True)
class StepCounts(Figure):
    """Steps by how their last attempt ended inside the window; ``attempts`` are all executions of these steps."""

    ok: int
    failed: int
    skipped: int
    cancelled: int
    open: int
    attempts: int


@dataclass(frozen=True, slots=True)
class StepFigures(Figure):
    """E = T/T_max, E = W/L, C = W/P of a node, with the raw values; the parts mean what they mean for a version."""

    node: str
    version: Version | None
    window: Window
    counts: StepCounts
    time_used: TimeUsed
    efficiency: Efficiency
    cost: Cost
    flow: Flow
    open: SoFar
    cancelled_labour_hours: float


def step_figures(
    facts: Facts,
    node: str,
    terms: Terms | None = None,
    *,
    version: Version | None = None,
    window: Window = ALWAYS,
    view: LabourView = "cohort",
) -> StepFigures:
    """Measure the steps at a node that ended inside the window; ``view`` as in ``version_figures``."""
    return _measured(facts, node, terms or Terms(), version, facts.ids_of(version), window, view)


def all_step_figures(
    facts: Facts,
    terms: Terms | None = None,
    *,
    version: Version | None = None,
    window: Window = ALWAYS,
    view: LabourView = "cohort",
) -> Mapping[str, StepFigures]:
    """The figures of every node that the version's runs came to, by node."""
    members, terms = facts.ids_of(version), terms or Terms()
    nodes = facts.nodes_of(members)
    return {node: _measured(facts, node, terms, version, members, window, view) for node in nodes}


def _measured(
    facts: Facts,
    node: str,
    terms: Terms,
    version: Version | None,
    members: frozenset[str] | None,
    window: Window,
    view: LabourView,
) -> StepFigures:
    sums = _StepSums(facts, node, terms, window)
    for chain in chains(facts, node, members):
        sums.add(chain)
    if view == "flow":
        sums.count_flow(members)
    return sums.figures(version, view)


class _StepSums:
    """Adds up the steps of one node."""

    def __init__(self, facts: Facts, node: str, terms: Terms, window: Window) -> None:
        self.facts, self.node, self.terms, self.window = facts, node, terms, window
        self.shares = facts.shares()
        baseline = terms.step_baselines.get(node)
        self.borrowed = baseline.seconds if baseline else None
        self.times, self.ages = TimeTally(baseline), AgeTally()
        self.counts = dict.fromkeys(("ok", "failed", "skipped", "cancelled", "open"), 0)
        self.attempts = 0
        self.work = 0.0
        self.touch = 0
        self.spent, self.cancelled, self.still_open = Spending(), Spending(), Spending()
        self.first: int | None = None
        self.last: int | None = None

    def add(self, chain: Chain) -> None:
        if not self._is_inside(chain):
            return
        outcome, count = chain.outcome, len(chain.runs)
        self.counts[outcome] += count
        self.attempts += count * len(chain.attempts)
        if outcome in ("ok", "failed"):
            self._add_closed(chain, count)
        elif outcome == "cancelled":
            self._spend(self.cancelled, chain)
        elif outcome == "open":
            self.ages.add(chain.elapsed, self._limit(chain) or self.borrowed, count)
            self._spend(self.still_open, chain)

    def _limit(self, chain: Chain) -> float | None:
        return self.terms.step_limit(self.node, chain.enabled_at)

    def _is_inside(self, chain: Chain) -> bool:
        if self.window is ALWAYS:
            return True
        ended = chain.last.ended_at
        if ended is not None:
            return ended in self.window
        return self.window.end is None or chain.enabled_at < self.window.end

    def _add_closed(self, chain: Chain, count: int) -> None:
        self.times.add(chain.elapsed, self._limit(chain), count)
        self.touch += chain.touch * count
        if self.first is None or chain.enabled_at < self.first:
            self.first = chain.enabled_at
        end = chain.enabled_at + chain.elapsed
        if self.last is None or end > self.last:
            self.last = end
        if chain.outcome == "ok":
            self.work += chain.last.units * count
        self._spend(self.spent, chain)

    def _spend(self, spending: Spending, chain: Chain) -> None:
        visits, shares = self.facts.visits, self.shares
        for position in (*chain.attempts, *chain.parts):
            if shares[position] or visits[position].money:
                spending.add(visits[position], shares[position], len(chain.runs))

    def count_flow(self, members: frozenset[str] | None) -> None:
        """Replace labour and cost by those inside the window, of all steps whatever became of them."""
        shares, self.spent = self.facts.shares(self.window), Spending()
        for position in self.facts.visits_by_node.get(self.node, ()):
            visit = self.facts.visits[position]
            count = len(visit.runs) if members is None else sum(map(members.__contains__, visit.runs))
            self.spent.add_within(self.window, visit, shares[position], count)

    def figures(self, version: Version | None, view: LabourView) -> StepFigures:
        productivity = self.terms.step_productivity.get(self.node)
        hours = self.window.clock_hours(self.first, self.last, self.facts.now)
        return StepFigures(
            node=self.node,
            version=version,
            window=self.window,
            counts=StepCounts(**self.counts, attempts=self.attempts),
            time_used=self.times.figure(),
            efficiency=efficiency_of(self.work, self.spent.hours, view, hours),
            cost=self.spent.cost(self.work, self.terms, productivity),
            flow=flow_of(self.touch, self.times.elapsed),
            open=self.ages.figure(self.still_open.hours),
            cancelled_labour_hours=self.cancelled.hours,
        )
