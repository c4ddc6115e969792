"""E = W/L: units of work per labour-hour. Averages are ratios of sums, never means of ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from towpath.insight.figure import Figure

LabourView = Literal["cohort", "flow"]

NO_LABOUR = "no labour"


@dataclass(frozen=True, slots=True)
class Efficiency(Figure):
    """W/L with its parts. Without labour it is not defined (``reason`` "no labour"), never infinite.

    ``view`` says which labour was counted: ``cohort`` = all of what closed, and only of that; ``flow`` = all
    labour inside the window, of whatever. ``per_hour`` is work per hour on the clock, which automatic work has too;
    ``None`` when it all happened in one instant.
    """

    value: float | None
    work: float
    labour_hours: float
    view: LabourView
    per_hour: float | None
    clock_hours: float | None
    reason: str | None


def efficiency_of(work: float, labour_hours: float, view: LabourView, clock_hours: float | None) -> Efficiency:
    """W/L, and W per hour of a clock that ran ``clock_hours``."""
    return Efficiency(
        value=work / labour_hours if labour_hours else None,
        work=work,
        labour_hours=labour_hours,
        view=view,
        per_hour=work / clock_hours if clock_hours else None,
        clock_hours=clock_hours,
        reason=None if labour_hours else NO_LABOUR,
    )
