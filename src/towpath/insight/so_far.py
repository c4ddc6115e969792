"""What is still open: its figures are "so far" and only grow, so they stand beside those of what has ended."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.insight.figure import Figure
from towpath.ports.time import SECOND


@dataclass(frozen=True, slots=True)
class SoFar(Figure):
    """Open runs or steps: how many, their ages in seconds, how many are over their limit, labour until now."""

    open: int
    elapsed: float
    oldest: float | None
    overdue: int
    labour_hours: float


class AgeTally:
    """Adds up ages."""

    __slots__ = ("count", "elapsed", "oldest", "overdue")

    def __init__(self) -> None:
        self.count = self.overdue = self.elapsed = self.oldest = 0

    def add(self, age: int, limit: float | None, count: int = 1) -> None:
        """``count`` of the same age in microseconds, against a limit in seconds."""
        self.count += count
        self.elapsed += age * count
        self.oldest = max(self.oldest, age)
        if limit and age > limit * SECOND:
            self.overdue += count

    def figure(self, labour_hours: float) -> SoFar:
        """The result."""
        oldest = self.oldest / SECOND if self.count else None
        return SoFar(self.count, self.elapsed / SECOND, oldest, self.overdue, labour_hours)
