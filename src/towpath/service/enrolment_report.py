"""What came of an enrolment: how many entered in each arm, reached the goal in time, are inside, wait or have left.

The state of a record that has left is why: goal, suppressed, unmatched, deleted, or how its run ended. Who was refused
as suppressed, at once or after waiting for the cap, is named too, and has entered no arm.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from towpath.engine.enrolment import ENROLMENT
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: who entered it, and for whom the goal counts."""

    arm: str
    entered: int
    goals: int

    @property
    def rate(self) -> float | None:
        """Share that reached the goal; None where nobody entered."""
        return self.goals / self.entered if self.entered else None


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """The enrolment of a workflow: its arms, and how many records are in which state."""

    workflow: str
    arms: tuple[Arm, ...]
    states: dict[str, int]


def enrolment_report(platform: Platform, workflow: str) -> EnrolmentReport:
    """Count a workflow's enrolments; NotFoundError with the nearest name when there is none."""

    def work(state: Snapshot) -> EnrolmentReport:
        return _report(state.tx, state.workflow_id(workflow))

    return in_snapshot(platform, work)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The enrolment of one record; times are microseconds UTC, ``due`` that of one that waits for the cap."""

    record: str
    object: str | None
    state: str
    arm: str
    times: int
    due: int | None
    entered_at: int | None
    left_at: int | None
    goal_at: int | None
    run: str | None


def list_enrolments(
    platform: Platform, workflow: str, *, state: str | None = None, after: str | None = None, limit: int = 100
) -> list[Enrolled]:
    """The records of a workflow's enrolment by id, of one state or all; those beyond the record ``after``."""

    def work(snapshot: Snapshot) -> list[Enrolled]:
        parts: list[Condition] = [Comparison(Field("workflow"), "==", snapshot.workflow_id(workflow))]
        if state is not None:
            parts.append(Comparison(Field("state"), "==", state))
        if after is not None:
            parts.append(Comparison(Field("record"), ">", after))
        names = tuple(field.name for field in fields(Enrolled))
        rows = snapshot.tx.select(ENROLMENT, names, All(tuple(parts)), order=(Order("record"),), limit=limit)
        return [Enrolled(*row) for row in rows]

    return in_snapshot(platform, work)


def _report(tx: Reader, workflow: str) -> EnrolmentReport:
    mine = Comparison(Field("workflow"), "==", workflow)
    inside = Comparison(Field("state"), "!=", "waiting"), Comparison(Field("times"), ">", 0)
    entered = _by_arm(tx, All((mine, *inside)))
    goals = _by_arm(tx, All((mine, Comparison(Field("goal_at"), "is_not_empty"))))
    arms = tuple(Arm(arm, count, goals.get(arm, 0)) for arm, count in sorted(entered.items()))
    return EnrolmentReport(workflow, arms, dict(tx.count(ENROLMENT, mine, by=("state",))))


def _by_arm(tx: Reader, where: Condition) -> dict[str, int]:
    return dict(tx.count(ENROLMENT, where, by=("arm",)))
