"""The figures of a person or a team: what they finished, in how much of their time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from towpath.insight.efficiency import Efficiency, efficiency_of
from towpath.insight.events import PART
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.productivity import Productivity
from towpath.insight.spending import Cost, Spending
from towpath.insight.terms import Terms
from towpath.insight.window import ALWAYS, HOUR, Window


@dataclass(frozen=True, slots=True)
class PeopleFigures(Figure):
    """W/L and cost of members together. ``hours_by_person`` is the union of each one's claims, in hours.

    Labour is always counted by flow: all of it inside the window, whatever became of the step or the run. Of a step
    that takes several people, an approval by all of them say, each has done a step.
    """

    people: tuple[str, ...]
    window: Window
    steps_done: int
    efficiency: Efficiency
    cost: Cost
    hours_by_person: Mapping[str, float]


def people_figures(
    facts: Facts,
    people: Iterable[str],
    terms: Terms | None = None,
    *,
    window: Window = ALWAYS,
    productivity: Productivity | None = None,
) -> PeopleFigures:
    """Measure one person or a team inside the window; ``productivity`` in steps' units, for the standard cost."""
    members = dict.fromkeys(people)
    spent, done, work = Spending(), 0, 0.0
    for visit, share in zip(facts.visits, facts.shares(window), strict=True):
        if visit.actor not in members:
            continue
        spent.add_within(window, visit, share, len(visit.runs))
        if visit.outcome in ("ok", PART) and visit.ended_at is not None and visit.ended_at in window:
            done += len(visit.runs)
            work += visit.units * len(visit.runs)
    return PeopleFigures(
        people=tuple(members),
        window=window,
        steps_done=done,
        efficiency=efficiency_of(work, spent.hours, "flow", window.clock_hours(None, None, facts.now)),
        cost=spent.cost(work, terms or Terms(), productivity),
        hours_by_person={person: spent.by_person.get(person, 0.0) / HOUR for person in members},
    )
