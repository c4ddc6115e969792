"""Enrolment compiled: who may enter, who leaves before the next step, when actions may happen. semantics.md §1.6."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, cast
from zlib import crc32

from towpath.engine.conditions import WrittenCondition
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.state import RunState
from towpath.errors import ExpressionError
from towpath.expr import compile_condition, compile_trigger
from towpath.model.change import Change
from towpath.model.condition import Comparison, Condition, Field
from towpath.model.enrolment import Enrolment
from towpath.model.problem import Problem
from towpath.model.table import Column, Index, Table
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.time import SECOND

Record: TypeAlias = Mapping[str, Any]
Holds: TypeAlias = Callable[[Record], bool]
Reason: TypeAlias = Literal["suppressed", "goal", "unmatched", "deleted"]
HOUR = 3600 * SECOND
DAY = 24 * HOUR
ACTIONS = frozenset({"crm", "external", "people"})
_SLOTS = 1_000_000

ENROLMENT = Table(
    "enrolment",
    (
        Column("id", required=True),  # workflow:record
        Column("workflow", required=True),
        Column("record", required=True),
        Column("object"),
        Column("state", required=True),  # waiting, inside, held_out, or why the record is no longer inside
        Column("arm", required=True),  # treated, or hold_out
        Column("run"),
        Column("version", "integer"),
        Column("trigger"),
        Column("times", "integer"),
        Column("due", "integer"),  # when it may enter, where it waits for the cap
        Column("entered_at", "integer"),
        Column("left_at", "integer"),
        Column("goal_at", "integer"),
    ),
    indexes=(
        Index(("due",), where=Comparison(Field("due"), "is_not_empty")),
        Index(("workflow", "state")),
    ),
)
CAP = Table(
    "enrolment_cap",
    (Column("workflow", required=True), Column("hour", "integer"), Column("used", "integer")),
    key=("workflow",),
)
ENROLMENT_TABLES = (ENROLMENT, CAP)


def enrolment_id(workflow: str, record: str) -> str:
    """The key of a record's enrolment in a workflow."""
    return f"{workflow}:{record}"


class TriggerParams(Protocol):
    """What a trigger of records says."""

    @property
    def condition(self) -> WrittenCondition | None: ...


@dataclass(slots=True)
class Rules:
    """The enrolment of one version with its conditions ready to be asked."""

    spec: Enrolment
    suppressed: Holds | None
    reached: Holds | None
    matches: Holds | None
    again: Callable[[Record, Record | None, bool], bool] | None

    def outside(self, record: Record | None) -> Reason | None:
        """Why a record may not be inside; None where it may. Suppression goes before a goal reached."""
        if record is None or "deletedAt" not in record:
            return "deleted"
        if self.suppressed is not None and self.suppressed(record):
            return "suppressed"
        if self.reached is not None and self.reached(record):
            return "goal"
        if self.matches is not None and not self.matches(record):
            return "unmatched"
        return None

    def enters_again(self, record: Record, change: Change | None) -> bool:
        """Whether a record that has been inside may enter once more, by this change."""
        if self.spec.again in ("never", "always"):
            return self.spec.again == "always"
        old = change.old if change is not None else None
        created = change is None or change.kind != "updated"
        return self.again is not None and self.again(record, old, created)


def rules_of(plan: Plan) -> Rules | None:
    """The enrolment rules of a version; None where it has none."""
    spec = plan.definition.settings.enrolment
    if spec is None:
        return None
    again = None if spec.again in ("never", "always") else compile_trigger(_condition(spec.again), "edge")
    return Rules(spec, _holds(spec.suppress), _holds(spec.goal), _matches(plan, spec), again)


def _condition(written: Any) -> Condition:
    return WrittenCondition(written).condition


def _holds(written: Any) -> Holds | None:
    if written is None:
        return None
    holds = compile_condition(_condition(written))
    return lambda record: holds(record, None)


def _matches(plan: Plan, spec: Enrolment) -> Holds | None:
    """Whether a record meets any of the triggers' conditions; only asked where records leave that do not."""
    if not spec.leave_when_unmatched:
        return None
    tests: list[Holds] = []
    for kind in ("record", "date_field"):
        for node in plan.triggers(kind):
            written = cast("TriggerParams", node.params).condition
            if written is None:
                return None
            holds = compile_condition(written.condition)
            tests.append(lambda record, holds=holds: holds(record, None))  # type: ignore[misc]
    return (lambda record: any(test(record) for test in tests)) if tests else None


def held_out(workflow: str, record: str, share: float) -> bool:
    """Whether a record is in the silent arm of a workflow: always the same ones, spread evenly."""
    return crc32(enrolment_id(workflow, record).encode()) % _SLOTS < share * _SLOTS


def slots(hour: int | None, used: int, count: int, most: int, now: int) -> tuple[list[int], int, int]:
    """When ``count`` entries may happen at ``most`` per hour: their times, and the hour and its use afterwards.

    ``hour`` is the beginning of the last hour that has entries, which may lie ahead, with ``used`` of them.
    """
    if hour is None or hour + HOUR <= now:
        hour, used = now, 0
    times = []
    for _ in range(count):
        if used >= most:
            hour, used = hour + HOUR, 0
        times.append(max(hour, now))
        used += 1
    return times, hour, used


def room(hour: int | None, used: int, most: int | None, now: int) -> tuple[int, int]:
    """How many entries may still happen now, and when the next may; ``hour`` and ``used`` as for ``slots``."""
    if most is None:
        return _SLOTS, now
    if hour is None or hour + HOUR <= now:
        return most, now
    if used >= most:
        return 0, hour + HOUR
    return (most - used, now) if hour <= now else (0, hour)


class Watch:
    """Looks at every run of a batch before each of its steps: it may go on, has to leave, or waits for the window."""

    def __init__(self, rules: Rules, now: int, *, off: bool) -> None:
        self.rules = rules
        self.now = now
        self.off = off
        self.left: dict[str, Reason] = {}  # run -> why it left

    def skips(self, node: PlanNode) -> bool:
        """Whether the node is passed over: those inside a workflow that is off go on, but do nothing."""
        return self.off and node.type.touches in ACTIONS

    def enter(self, node: PlanNode, runs: Sequence[RunState]) -> list[RunState]:
        """The runs that take the step now; the others have ended, or wait."""
        opening = self._opening(node)
        staying = []
        for run in runs:
            fresh = run.stack[-1].started_at is None
            reason = self.rules.outside(run.scope.record) if fresh and run.record is not None else None
            if reason is not None:
                self._leave(run, reason)
            elif opening is not None and fresh and not self.skips(node):
                self._hold(node, run, opening)
            else:
                staying.append(run)
        return staying

    def _leave(self, run: RunState, reason: Reason) -> None:
        run.stack, run.parked, run.joins, run.loops = [], [], {}, {}
        run.status = "completed" if reason == "goal" else "cancelled"
        run.ended_at = self.now
        self.left[run.id] = reason

    def _opening(self, node: PlanNode) -> int | None:
        """When the window opens next, for an action outside of it."""
        window = self.rules.spec.window
        if window is None or node.type.touches not in ACTIONS:
            return None
        opening = node.calendars.of(window.calendar).next_opening(self.now)
        return opening if opening > self.now else None

    def _hold(self, node: PlanNode, run: RunState, opening: int) -> None:
        """The step waits for the opening, at a place of its own within the spread."""
        window, token = self.rules.spec.window, run.stack.pop()
        spread = round((window.spread if window is not None else 0) * SECOND)
        token.due = opening + (crc32(f"{run.id}{node.id}".encode()) % spread if spread else 0)
        run.numbers += 1
        token.number = run.numbers
        run.parked.append(token)


def enrolment_problems(definition: WorkflowDefinition) -> Iterator[Problem]:
    """Conditions of the enrolment that cannot be read."""
    spec = definition.settings.enrolment
    if spec is None:
        return
    for name in ("again", "goal", "suppress"):
        written = getattr(spec, name)
        if written is None or written in ("never", "always"):
            continue
        try:
            WrittenCondition(written)
        except ExpressionError as error:
            field = f"settings.enrolment.{name}"
            yield Problem(error.code, error.message, field=field, hint=error.hint)
