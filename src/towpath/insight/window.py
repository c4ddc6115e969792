"""A stretch of time to look at: from ``start`` up to, but not including, ``end``."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.errors import InputError
from towpath.insight.figure import Figure


@dataclass(frozen=True, slots=True)
class Window(Figure):
    """Microseconds UTC; ``None`` leaves that side open. Half-open, so that adjoining windows share nothing."""

    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise InputError(
                "A time window ends before it starts",
                code="insight.window_invalid",
                hint="Swap its start and its end.",
                params={"start": self.start, "end": self.end},
            )

    def __contains__(self, moment: int) -> bool:
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)

    def clip(self, start: int, end: int) -> tuple[int, int]:
        """The part of [start, end) that lies inside; empty parts have an end that is not after their start."""
        if self.start is not None and start < self.start:
            start = self.start
        if self.end is not None and end > self.end:
            end = self.end
        return start, end

    def clock_hours(self, first: int | None, last: int | None, now: int | None) -> float | None:
        """Hours on the clock that a rate is taken over: the window, but not beyond ``now``.

        A side left open is that of what was measured, ``first`` and ``last``; ``None`` if nothing was.
        """
        start = first if self.start is None else self.start
        end = last if self.end is None else self.end if now is None else min(self.end, now)
        return None if start is None or end is None else max(0, end - start) / HOUR


HOUR = 3_600_000_000  # microseconds
ALWAYS = Window()
