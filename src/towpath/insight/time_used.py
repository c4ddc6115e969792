"""E = T/T_max: the share of the allowed time that was used. It grows with slowness, so it is no score to maximise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from towpath.insight.figure import Figure
from towpath.insight.quantile import quantile
from towpath.insight.terms import BaselineLimit
from towpath.ports.time import SECOND

Level = Literal["green", "amber", "red"]
AMBER_FROM, RED_FROM = 0.8, 1.0

NO_LIMIT = "no limit set and no baseline period"
NOTHING_CLOSED = "nothing has ended yet"
CANCELLED = "cancelled, counted apart"
SKIPPED = "skipped, counted apart"


@dataclass(frozen=True, slots=True)
class TimeUsed(Figure):
    """T/T_max of one run or step, or ΣT/ΣT_max of many; times in seconds.

    ``elapsed`` is ΣT of all; ``elapsed_with_limit`` and ``allowed`` are ΣT and ΣT_max of the ``counted`` ones,
    those with something to hold them against, and ``value`` is their ratio. ``median`` and ``p90`` are of the
    single ratios. ``at_least`` marks an open run, whose figures still grow. ``against`` says where T_max is from,
    ``reason`` why ``value`` is ``None``.
    """

    value: float | None
    elapsed: float
    elapsed_with_limit: float
    allowed: float | None
    headroom: float | None
    level: Level | None
    counted: int
    without_limit: int
    on_time: int | None
    on_time_rate: float | None
    median: float | None
    p90: float | None
    at_least: bool
    against: str | None
    reason: str | None


def level_of(value: float) -> Level:
    """Green below 0.8, amber below 1, red from 1 on."""
    if value < AMBER_FROM:
        return "green"
    return "amber" if value < RED_FROM else "red"


class TimeTally:
    """Adds up times against their limits."""

    __slots__ = ("allowed", "baseline", "borrowed", "elapsed", "limited", "on_time", "ratios", "without")

    def __init__(self, baseline: BaselineLimit | None) -> None:
        self.baseline = baseline
        self.elapsed = 0  # microseconds, exact
        self.limited = 0  # of those, with something to hold them against
        self.allowed = 0.0  # seconds
        self.on_time = 0
        self.without = 0
        self.borrowed = 0  # how many were held against the baseline
        self.ratios: list[float] = []

    def add(self, elapsed: int, limit: float | None, count: int = 1) -> None:
        """``count`` times the same: ``elapsed`` microseconds against a limit of seconds. A limit of 0 is none."""
        self.elapsed += elapsed * count
        if not limit and self.baseline is not None and self.baseline.seconds:
            limit = self.baseline.seconds
            self.borrowed += count
        if not limit:
            self.without += count
            return
        self.limited += elapsed * count
        self.allowed += limit * count
        self.on_time += count if elapsed <= round(limit * SECOND) else 0
        self.ratios += [elapsed / (limit * SECOND)] * count

    def figure(self, *, at_least: bool = False, nothing: str = NOTHING_CLOSED) -> TimeUsed:
        """The result; ``nothing`` is the reason given when nothing was added."""
        counted = len(self.ratios)
        ratios = sorted(self.ratios)
        value = self.limited / SECOND / self.allowed if counted else None
        # What is still open and within its limit is neither on time nor late.
        on_time = None if not counted or (at_least and self.on_time) else self.on_time
        return TimeUsed(
            value=value,
            elapsed=self.elapsed / SECOND,
            elapsed_with_limit=self.limited / SECOND,
            allowed=self.allowed if counted else None,
            headroom=None if value is None else 1 - value,
            level=None if value is None else level_of(value),
            counted=counted,
            without_limit=self.without,
            on_time=on_time,
            on_time_rate=None if on_time is None else on_time / counted,
            median=quantile(ratios, 0.5),
            p90=quantile(ratios, 0.9),
            at_least=at_least,
            against=self._against(counted),
            reason=None if counted else NO_LIMIT if self.without else nothing,
        )

    def _against(self, counted: int) -> str | None:
        if self.baseline is None or not self.borrowed:
            return "limit" if counted else None
        if self.borrowed == counted:
            return self.baseline.label
        return f"limit ({counted - self.borrowed} of {counted}); {self.baseline.label} ({self.borrowed} of {counted})"


def not_measured(elapsed: int, reason: str) -> TimeUsed:
    """The raw time in microseconds of what is counted apart."""
    seconds = elapsed / SECOND
    return TimeUsed(None, seconds, 0.0, None, None, None, 0, 0, None, None, None, None, False, None, reason)
