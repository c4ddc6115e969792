"""What came of an enrolment: how many entered in each arm, reached the goal in time, are inside, wait or have left."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.engine.enrolment import ENROLMENT
from towpath.model.condition import All, Comparison, Condition, Field
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
        workflow_id = platform.published.plan(state.tx, state.active_version(workflow)).workflow
        return _report(state.tx, workflow_id)

    return in_snapshot(platform, work)


def _report(tx: Reader, workflow: str) -> EnrolmentReport:
    mine = Comparison(Field("workflow"), "==", workflow)
    entered = _by_arm(tx, All((mine, Comparison(Field("state"), "!=", "waiting"))))
    goals = _by_arm(tx, All((mine, Comparison(Field("goal_at"), "is_not_empty"))))
    arms = tuple(Arm(arm, count, goals.get(arm, 0)) for arm, count in sorted(entered.items()))
    return EnrolmentReport(workflow, arms, dict(tx.count(ENROLMENT, mine, by=("state",))))


def _by_arm(tx: Reader, where: Condition) -> dict[str, int]:
    return dict(tx.count(ENROLMENT, where, by=("arm",)))
