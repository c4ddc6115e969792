"""What the engine logs: visits of nodes and runs. Times are whole microseconds since 1970 UTC.

The canonical fact is the visit: one node executed by many runs in lockstep, at the same times. A run that goes
alone is a visit of one; a step is one run's share of a visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

ENGINE = "engine"

StepOutcome = Literal["ok", "failed", "skipped", "cancelled", "open", "part"]
PART = "part"
RunOutcome = Literal["completed", "failed", "cancelled", "open"]
Version = int | str


class Visit(msgspec.Struct, frozen=True, gc=False):
    """One execution of a node, shared by the runs that stood there together.

    ``started_at`` is the moment somebody (a person, or the engine) took it up, ``None`` while it waits to be
    claimed; a timer is *enabled* when its wait begins and *started* when it is over, so that waiting is never
    counted as service. ``ended_at`` is ``None`` while open. ``actor`` is ``"engine"`` or the id of the person
    (or queue) that has it. ``units`` (of work) and ``money`` (costs of tools) are per run. ``sequence`` orders
    visits of the same moment: a later one of a run has a greater number.

    A step that takes several people is one visit, of whoever ends it, and one of outcome ``part`` for each of the
    others, with the step's ``attempt`` and ``enabled_at``: his labour, and work that he did, but no step of its own.
    """

    node: str
    attempt: int
    enabled_at: int
    started_at: int | None
    ended_at: int | None
    actor: str
    outcome: StepOutcome
    runs: Sequence[str]
    units: float = 1.0
    money: float = 0.0
    sequence: int = 0

    def steps(self) -> Iterator[StepFact]:
        """The same as one fact per run."""
        for run in self.runs:
            yield StepFact(
                run,
                self.sequence,
                self.node,
                self.attempt,
                self.enabled_at,
                self.started_at,
                self.ended_at,
                self.actor,
                self.outcome,
                self.units,
                self.money,
            )


class StepFact(msgspec.Struct, frozen=True, gc=False):
    """One execution of one node in one run; the fields mean what they mean in ``Visit``."""

    run: str
    sequence: int
    node: str
    attempt: int
    enabled_at: int
    started_at: int | None
    ended_at: int | None
    actor: str
    outcome: StepOutcome
    units: float = 1.0
    money: float = 0.0

    def visit(self) -> Visit:
        """The visit of this run alone."""
        return _visit(self, [self.run])


class RunFact(msgspec.Struct, frozen=True, gc=False):
    """One journey through one version. ``limit`` is its T_max in seconds; ``None`` where none was set.

    A run is open as long as ``ended_at`` is ``None``. ``version`` must be unique among all the workflows whose
    facts are measured together.
    """

    run: str
    version: Version
    started_at: int
    ended_at: int | None
    outcome: RunOutcome
    limit: float | None = None


def visits_of(steps: Iterable[StepFact]) -> list[Visit]:
    """Steps gathered into visits: those that differ in nothing but the run share one."""
    shared: dict[tuple[object, ...], tuple[StepFact, list[str]]] = {}
    for step in steps:
        shared.setdefault(msgspec.structs.astuple(step)[1:], (step, []))[1].append(step.run)
    return [_visit(step, runs) for step, runs in shared.values()]


def _visit(step: StepFact, runs: list[str]) -> Visit:
    return Visit(
        step.node,
        step.attempt,
        step.enabled_at,
        step.started_at,
        step.ended_at,
        step.actor,
        step.outcome,
        runs,
        step.units,
        step.money,
        step.sequence,
    )
