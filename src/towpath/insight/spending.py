"""What work takes: hours of people, priced by their wages, and money for tools; held against the standard W/P."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from towpath.insight.events import Visit
from towpath.insight.figure import Figure
from towpath.insight.productivity import CostUnit, Productivity, cost
from towpath.insight.terms import Terms
from towpath.insight.window import HOUR, Window

NO_PRODUCTIVITY = "no baseline or plan set"
UNPRICED = "some hours have no wage"


@dataclass(frozen=True, slots=True)
class Cost(Figure):
    """Actual cost, and the standard cost C = W/P with the variance between them.

    ``actual_cost`` = Σ hours x wage + tools, in money. ``standard_cost`` and ``variance`` (actual - standard)
    are in ``unit``, that of the productivity. ``unpriced_hours`` are hours of people without a wage: they are
    missing in ``actual_cost``, and no variance in money is given. ``reason`` says why something is ``None``.
    """

    actual_cost: float
    labour_cost: float
    tool_cost: float
    labour_hours: float
    unpriced_hours: float
    work: float
    cost_per_unit: float | None
    standard_cost: float | None
    variance: float | None
    unit: CostUnit | None
    productivity: Productivity | None
    reason: str | None


class Spending:
    """Adds up labour by person and money for tools."""

    __slots__ = ("by_person", "tools")

    def __init__(self) -> None:
        self.by_person: dict[str, float] = defaultdict(float)  # microseconds
        self.tools = 0.0

    def add(self, visit: Visit, share: float, count: int) -> None:
        """``count`` runs of a visit, each with ``share`` microseconds of labour and the visit's money."""
        if share:
            self.by_person[visit.actor] += share * count
        self.tools += visit.money * count

    def add_within(self, window: Window, visit: Visit, share: float, count: int) -> None:
        """The same for a flow view: money is booked when the step starts, so that it never moves to another window."""
        if share:
            self.by_person[visit.actor] += share * count
        if visit.started_at is not None and visit.started_at in window:
            self.tools += visit.money * count

    @property
    def hours(self) -> float:
        """L: labour of all people, in hours."""
        return sum(self.by_person.values()) / HOUR

    def cost(self, work: float, terms: Terms, productivity: Productivity | None) -> Cost:
        """What ``work`` took, against what it should take."""
        labour_cost, unpriced = self._priced(terms)
        actual, hours = labour_cost + self.tools, self.hours
        standard = None if productivity is None else cost(work, productivity)
        variance, reason = _variance(standard, productivity, hours, None if unpriced else actual)
        return Cost(
            actual_cost=actual,
            labour_cost=labour_cost,
            tool_cost=self.tools,
            labour_hours=hours,
            unpriced_hours=unpriced,
            work=work,
            cost_per_unit=actual / work if work else None,
            standard_cost=standard,
            variance=variance,
            unit=None if productivity is None else productivity.unit,
            productivity=productivity,
            reason=reason,
        )

    def _priced(self, terms: Terms) -> tuple[float, float]:
        money, unpriced = 0.0, 0.0
        for person, labour in self.by_person.items():
            wage = terms.wage(person)
            if wage is None:
                unpriced += labour / HOUR
            else:
                money += labour / HOUR * wage
        return money, unpriced


def _variance(
    standard: float | None, productivity: Productivity | None, hours: float, money: float | None
) -> tuple[float | None, str | None]:
    if standard is None or productivity is None:
        return None, NO_PRODUCTIVITY
    if productivity.unit == "labour hours":
        return hours - standard, None
    return (None, UNPRICED) if money is None else (money - standard, None)
