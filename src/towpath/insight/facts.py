"""The facts that figures are made from: visits and runs in order, with what is derived from them once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from towpath.errors import InputError
from towpath.insight.events import ENGINE, RunFact, Version, Visit
from towpath.insight.labour import labour_shares
from towpath.insight.window import ALWAYS, Window

_BY_START = attrgetter("started_at", "sequence", "node", "attempt")
_BY_ENABLING = attrgetter("enabled_at", "sequence", "node", "attempt")


@dataclass(frozen=True, eq=False)
class Facts:
    """Visits and runs, seen at ``now`` (microseconds UTC; needed as soon as anything is open).

    Give all visits of the people involved, also those of other workflows: a person's overlapping claims share
    the time wherever they are. Figures of a version look only at its own runs. The order given does not matter.
    Raises InputError ``insight.now_missing`` for open facts without ``now``, ``insight.run_twice`` for two facts of
    one run, ``insight.run_outcome`` for a run that has ended without an outcome.
    """

    visits: Sequence[Visit]
    runs: Sequence[RunFact]
    now: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "visits", _in_order(self.visits))
        object.__setattr__(self, "runs", tuple(self.runs))
        _check_runs(self.runs)
        if self.now is None and (_any_open(self.visits) or _any_open(self.runs)):
            raise InputError(
                "Something is still open, and the time of the report is not given",
                code="insight.now_missing",
                hint="Pass now=, in microseconds UTC: open runs and steps are measured up to then.",
            )

    @cached_property
    def run_by_id(self) -> Mapping[str, RunFact]:
        """Runs by id."""
        return {run.run: run for run in self.runs}

    @cached_property
    def visits_by_node(self) -> Mapping[str, Sequence[int]]:
        """Positions of each node's visits, in order of time; nodes in order of name."""
        positions: dict[str, list[int]] = {}
        for index, visit in enumerate(self.visits):
            positions.setdefault(visit.node, []).append(index)
        return dict(sorted(positions.items()))

    @cached_property
    def visits_by_run(self) -> Mapping[str, Sequence[int]]:
        """Positions of each run's visits, in order of time."""
        positions: dict[str, list[int]] = {}
        for index, visit in enumerate(self.visits):
            for run in visit.runs:
                positions.setdefault(run, []).append(index)
        return positions

    @cached_property
    def people(self) -> Sequence[str]:
        """Everybody who has or had a step, by name."""
        return sorted({visit.actor for visit in self.visits} - {ENGINE, ""})

    @cached_property
    def touches(self) -> Mapping[str, int]:
        """Touch of each run in microseconds: the time within it during which somebody or something was at work."""
        reached = {run.run: run.started_at for run in self.runs}
        ends = {run.run: self.end_of(run) for run in self.runs}
        touches = dict.fromkeys(reached, 0)
        for visit in self.visits:
            started, ended = visit.started_at, self.end_of(visit)
            if started is not None and ended > started:
                _touch(visit.runs, started, ended, reached, ends, touches)
        return touches

    @cached_property
    def _shares(self) -> dict[Window, Sequence[float]]:
        return {}

    def shares(self, window: Window = ALWAYS) -> Sequence[float]:
        """Labour per run of each visit inside the window, in microseconds."""
        if window not in self._shares:
            self._shares[window] = labour_shares(self.visits, self.now, window)
        return self._shares[window]

    def end_of(self, fact: Visit | RunFact) -> int:
        """When it ended, or ``now``."""
        ended = fact.ended_at if fact.ended_at is not None else self.now
        assert ended is not None  # noqa: S101 - checked when the facts were gathered
        return ended

    def elapsed(self, run: RunFact) -> int:
        """T of a run in microseconds, up to ``now`` when open; never negative, even when a clock was set back."""
        ended = run.ended_at if run.ended_at is not None else self.end_of(run)
        return ended - run.started_at if ended > run.started_at else 0

    def of_version(self, version: Version | None) -> Sequence[RunFact]:
        """The runs of a version; all runs for ``None``."""
        return self.runs if version is None else [run for run in self.runs if run.version == version]

    def ids_of(self, version: Version | None) -> frozenset[str] | None:
        """The ids of a version's runs as a set; ``None`` means that every run counts."""
        return None if version is None else frozenset(run.run for run in self.runs if run.version == version)

    def nodes_of(self, members: frozenset[str] | None) -> Sequence[str]:
        """The nodes that ``members`` came to (``None``: all runs), by name."""
        if members is None:
            return list(self.visits_by_node)
        return [node for node in self.visits_by_node if self._came_to(node, members)]

    def _came_to(self, node: str, members: frozenset[str]) -> bool:
        return any(not members.isdisjoint(self.visits[position].runs) for position in self.visits_by_node[node])


def _in_order(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    # Not yet claimed is last: whatever a run waits for comes after all that it has done.
    started: list[Visit] = []
    waiting: list[Visit] = []
    for visit in visits:
        (waiting if visit.started_at is None else started).append(visit)
    return (*sorted(started, key=_BY_START), *sorted(waiting, key=_BY_ENABLING))


def _any_open(facts: Sequence[Visit] | Sequence[RunFact]) -> bool:
    return any(fact.ended_at is None for fact in facts)


def _check_runs(runs: Sequence[RunFact]) -> None:
    seen: set[str] = set()
    for run in runs:
        if run.run in seen:
            raise InputError(
                f"Run {run.run!r} is given twice",
                code="insight.run_twice",
                hint="Give each run once, in its latest state.",
                params={"run": run.run},
            )
        seen.add(run.run)
        if run.ended_at is not None and run.outcome == "open":
            raise InputError(
                f"Run {run.run!r} has ended, and its outcome is still 'open'",
                code="insight.run_outcome",
                hint="Say how it ended: completed, failed or cancelled.",
                params={"run": run.run},
            )


def _touch(
    runs: Sequence[str],
    started: int,
    ended: int,
    reached: dict[str, int],
    ends: Mapping[str, int],
    touches: dict[str, int],
) -> None:
    """Extend the union of service intervals of each run; visits must come in order of their start."""
    for run in runs:  # the hottest loop of all: once per step, so plain comparisons instead of min and max
        start = reached.get(run)
        if start is None:
            continue
        end = ends[run]
        if start < started:
            start = started
        if end > ended:
            end = ended
        if start < end:
            touches[run] += end - start
            reached[run] = end
