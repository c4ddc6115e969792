"""The figures of one run."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.errors import NotFoundError
from towpath.insight.efficiency import Efficiency, efficiency_of
from towpath.insight.events import RunFact, RunOutcome, Version
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.flow import Flow, flow_of
from towpath.insight.spending import Cost, Spending
from towpath.insight.terms import Terms
from towpath.insight.time_used import CANCELLED, TimeTally, TimeUsed, not_measured
from towpath.insight.window import HOUR


@dataclass(frozen=True, slots=True)
class RunFigures(Figure):
    """E = T/T_max, E = W/L, C = W/P of one run, with the raw values; an open run's figures are "so far"."""

    run: str
    version: Version
    outcome: RunOutcome
    time_used: TimeUsed
    efficiency: Efficiency
    cost: Cost
    flow: Flow


def run_figures(facts: Facts, run: str, terms: Terms | None = None) -> RunFigures:
    """Measure one run. Raises NotFoundError ``insight.unknown_run``."""
    terms = terms or Terms()
    fact = facts.run_by_id.get(run)
    if fact is None:
        raise NotFoundError(
            f"There is no run {run!r} among the facts",
            code="insight.unknown_run",
            hint="Its log may be out of the period that was read, or erased.",
            params={"run": run},
        )
    elapsed = facts.elapsed(fact)
    work = 1.0 if fact.ended_at is not None and fact.outcome == "completed" else 0.0
    spent = _spending(facts, run)
    return RunFigures(
        run=run,
        version=fact.version,
        outcome=fact.outcome,
        time_used=_time_used(fact, elapsed, terms),
        efficiency=efficiency_of(work, spent.hours, "cohort", elapsed / HOUR),
        cost=spent.cost(work, terms, terms.productivity),
        flow=flow_of(facts.touches[run], elapsed),
    )


def _time_used(fact: RunFact, elapsed: int, terms: Terms) -> TimeUsed:
    if fact.ended_at is not None and fact.outcome == "cancelled":
        return not_measured(elapsed, CANCELLED)
    tally = TimeTally(terms.run_baseline)
    tally.add(elapsed, fact.limit)
    return tally.figure(at_least=fact.ended_at is None)


def _spending(facts: Facts, run: str) -> Spending:
    spent, shares = Spending(), facts.shares()
    for index in facts.visits_by_run.get(run, ()):
        spent.add(facts.visits[index], shares[index], 1)
    return spent
