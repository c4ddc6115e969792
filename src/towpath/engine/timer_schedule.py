"""Schedule triggers: the timer that carries one from time to time, and the set of records that it starts on."""

from __future__ import annotations

from typing import Protocol, cast

from towpath.engine.conditions import WrittenCondition
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.timer_cron import Missed, Schedule, owed
from towpath.engine.timers import Reason, Timer
from towpath.expr import RunScope, Scope
from towpath.model.condition import ALWAYS, Condition
from towpath.model.moment import to_datetime

MOST_TIMES = 1000  # times of one schedule that one transaction makes up for; the others follow in the next


class ScheduleParams(Protocol):
    """The parameters of a schedule trigger."""

    @property
    def cron(self) -> str: ...
    @property
    def object(self) -> str | None: ...
    @property
    def where(self) -> WrittenCondition | None: ...
    @property
    def limit(self) -> int | None: ...
    @property
    def missed(self) -> Missed: ...


class ScheduleTrigger:
    """One schedule trigger of one version."""

    __slots__ = ("node", "params", "plan", "schedule")

    def __init__(self, plan: Plan, node: PlanNode) -> None:
        self.plan = plan
        self.node = node.id
        self.params = cast("ScheduleParams", node.params)
        self.schedule = Schedule(self.params.cron, node.zone)

    def armed(self, timer: Timer | None, now: int) -> Timer:
        """The timer of a schedule that is switched on: due at the next time, not at those before."""
        if timer is not None and timer.state == "pending":
            return timer
        return _at(self.schedule.next(now), timer.generation + 1 if timer is not None else 1)

    def fire(self, timer: Timer, now: int, missed_before: int, *, active: bool) -> tuple[list[int], Timer]:
        """The times to start at now, and the timer afterwards. A superseded version comes to its end."""
        due = now if timer.due is None else timer.due
        times, following = owed(self.schedule, due, now, missed_before, self.params.missed, MOST_TIMES)
        if active:
            return times, _at(following, timer.generation + 1)
        return times, _at(None, timer.generation, "superseded")

    def records(self, now: int) -> Condition:
        """Which records to start on; ``{{ $now }}`` in the condition is the time of asking."""
        written, definition = self.params.where, self.plan.definition
        if written is None:
            return ALWAYS
        about = {"id": self.plan.workflow, "name": definition.name}
        scope = RunScope(now=to_datetime(now), vars=definition.settings.variables, workflow=about)
        return written.bound([Scope({}, scope)])[0]


def schedule_triggers(plan: Plan) -> list[ScheduleTrigger]:
    """The schedule triggers of a version."""
    return [ScheduleTrigger(plan, node) for node in plan.triggers("schedule")]


def _at(due: int | None, generation: int, reason: Reason = "ended") -> Timer:
    if due is None:
        return Timer("cancelled", None, None, generation, reason)
    return Timer("pending", due, due, generation)
