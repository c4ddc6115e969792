"""What facts are measured against: time limits, wages, baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from towpath.errors import InputError
from towpath.insight.events import RunFact
from towpath.insight.figure import Figure
from towpath.insight.productivity import Productivity
from towpath.insight.quantile import quantile
from towpath.ports.time import SECOND

_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class BaselineLimit(Figure):
    """What stands in for a time limit that nobody set: the 95th percentile, in seconds, of an earlier period.

    Take it from another period than the one that is measured. The maximum of the same sample would keep every
    ratio at or below 1 by construction, and a single outlier would improve them all.
    """

    seconds: float
    period: str

    @property
    def label(self) -> str:
        """The words shown instead of "limit"."""
        return f"no limit set, against p95 of {self.period}"

    @classmethod
    def of_durations(cls, seconds: Iterable[float], period: str) -> BaselineLimit:
        """From full durations in seconds. Raises InputError ``insight.baseline_empty`` when there are none."""
        limit = quantile(sorted(seconds), _SHARE)
        if limit is None:
            raise InputError(
                f"Nothing ended in {period!r}, so that it gives no baseline",
                code="insight.baseline_empty",
                hint="Choose a longer or another baseline period, or set a time limit.",
                params={"period": period},
            )
        return cls(limit, period)

    @classmethod
    def of_runs(cls, runs: Iterable[RunFact], period: str) -> BaselineLimit:
        """From the completed and failed runs of the baseline period."""
        return cls.of_durations(
            (
                (run.ended_at - run.started_at) / SECOND
                for run in runs
                if run.ended_at is not None and run.outcome in ("completed", "failed")
            ),
            period,
        )


Limit: TypeAlias = float | Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything about measuring that is not a fact. Limits in seconds, wages in money per hour.

    A limit in business time is a function: from when a step was enabled (microseconds) to the seconds it may take.

    ``run_baseline`` and ``step_baselines`` (by node) stand in where no limit is set. ``default_wage`` is for
    people who have none of their own; without it their hours are reported as unpriced. ``productivity`` is for
    runs, ``step_productivity`` for the steps of a node.
    """

    step_limits: Mapping[str, Limit] = field(default_factory=dict)
    run_baseline: BaselineLimit | None = None
    step_baselines: Mapping[str, BaselineLimit] = field(default_factory=dict)
    wages: Mapping[str, float] = field(default_factory=dict)
    default_wage: float | None = None
    productivity: Productivity | None = None
    step_productivity: Mapping[str, Productivity] = field(default_factory=dict)

    def step_limit(self, node: str, enabled_at: int) -> float | None:
        """The seconds that a step enabled at that moment may take; None where no limit is set."""
        limit = self.step_limits.get(node)
        return limit(enabled_at) if callable(limit) else limit

    def wage(self, person: str) -> float | None:
        """Money per hour of a person, as far as known."""
        return self.wages.get(person, self.default_wage)
