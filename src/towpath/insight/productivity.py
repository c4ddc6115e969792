"""Productivity P, the yardstick of cost: work per labour-hour or per money, from a baseline period or a plan.

The formula C = W/P closes only when P is read as productivity: with P = W_ref/L_ref, W/P is the labour that the
work would have taken at the reference's pace. With P = L, cost would equal efficiency; with P = price, W/P is no cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from towpath.errors import InputError
from towpath.insight.figure import Figure, Json

CostUnit = Literal["labour hours", "money"]


@dataclass(frozen=True, slots=True)
class Productivity(Figure):
    """``work`` units for ``amount`` labour-hours or money; ``source`` names the period or plan it comes from.

    Raises InputError ``insight.productivity_invalid`` unless both are greater than 0.
    """

    work: float
    amount: float
    unit: CostUnit
    source: str

    def __post_init__(self) -> None:
        if not (self.work > 0 and self.amount > 0):
            raise InputError(
                f"{self.source!r} gives no productivity: {self.work:g} units of work for {self.amount:g} {self.unit}",
                code="insight.productivity_invalid",
                hint="Choose a baseline with finished work and with labour (or costs), or state a plan.",
                params={"source": self.source, "work": self.work, "amount": self.amount, "unit": self.unit},
            )

    @classmethod
    def per_hour(cls, work: float, labour_hours: float, source: str) -> Productivity:
        """P = W_ref / L_ref, in units of work per labour-hour."""
        return cls(work, labour_hours, "labour hours", source)

    @classmethod
    def per_money(cls, work: float, money: float, source: str) -> Productivity:
        """P = W_ref / money_ref, in units of work per unit of money."""
        return cls(work, money, "money", source)

    @property
    def value(self) -> float:
        """P itself."""
        return self.work / self.amount

    def as_json(self) -> dict[str, Json]:
        """Its fields and its value."""
        return {"value": self.value, "work": self.work, "amount": self.amount, "unit": self.unit, "source": self.source}


def cost(work: float, productivity: Productivity | float) -> float:
    """C = W/P: labour-hours or money, whichever P counts. A plain number for P must be greater than 0."""
    if isinstance(productivity, Productivity):
        return work * productivity.amount / productivity.work
    if not productivity > 0:
        raise InputError(
            f"A productivity of {productivity:g} gives no cost",
            code="insight.productivity_invalid",
            hint="Productivity is units of work per labour-hour (or per money) and greater than 0.",
            params={"productivity": productivity},
        )
    return work / productivity
