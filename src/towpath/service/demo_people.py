"""People for the demo: they take tasks from their team's queue, need time, come late, and leave some things undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any

from towpath.model.moment import to_text
from towpath.ports.time import SECOND
from towpath.service.sample_draws import Draws, Weighted

MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
OPENS, CLOSES = 8 * HOUR, 18 * HOUR  # of a working day, UTC
ROUND = 2 * HOUR  # how often the demo looks after what is not urgent
ROUNDS = ((HOUR, 3 * MINUTE), (12 * HOUR, 30 * MINUTE))  # and after what has no more time than that


@dataclass(frozen=True, slots=True)
class Habit:
    """How people treat the tasks of one step: minutes (median, spread) until they look and that the work takes."""

    look: tuple[float, float]
    work: tuple[float, float]
    answers: Weighted[str]
    ignored: float = 0.02


HABITS: Mapping[tuple[str, str], Habit] = {
    ("lead-capture", "call"): Habit(
        (1.5, 0.7), (3, 0.5), Weighted(("qualified", 36), ("later", 30), ("unreachable", 12), ("not a fit", 22)), 0.06
    ),
    ("lead-capture", "call_again"): Habit(
        (25, 0.8), (5, 0.5), Weighted(("qualified", 24), ("later", 32), ("unreachable", 22), ("not a fit", 22)), 0.08
    ),
    ("case-triage", "solve"): Habit((45, 1.0), (22, 0.7), Weighted(("solved", 83), ("too hard", 17)), 0.04),
    ("case-triage", "solve_hard"): Habit((40, 0.9), (55, 0.8), Weighted(("solved", 1)), 0.05),
    ("onboarding", "kickoff"): Habit((600, 0.9), (45, 0.4), Weighted(("done", 1)), 0.05),
    ("onboarding", "help"): Habit((500, 0.9), (30, 0.5), Weighted(("done", 1)), 0.1),
}


@dataclass(frozen=True, slots=True, order=True)
class Plan:
    """What a person will do; ``handled_at`` is when the demo writes it down, soon after it is done."""

    handled_at: int
    task: str
    person: str = field(compare=False)
    claimed_at: int = field(compare=False)
    completed_at: int = field(compare=False)
    outcome: str = field(compare=False)


class Crew:
    """The members of teams, who do one thing at a time; whoever is free first takes the next task."""

    def __init__(self, members: Mapping[str, Sequence[str]], timeouts: Mapping[tuple[str, str], float], seed: int):
        self._free = {team: [(0, person) for person in people] for team, people in members.items()}
        self._timeouts = timeouts
        self._draws = Draws(seed)
        self._plans: list[Plan] = []
        self._timeouts_soon: set[int] = set()
        for queue in self._free.values():
            heapify(queue)

    def give(self, task: Mapping[str, Any], now: int) -> None:
        """A new task: somebody of its team will do it, unless nobody gets to it in time or cares."""
        habit = HABITS.get((task["workflow"], task["nodeId"]))
        queue = self._free.get(task["teamId"])
        timeout = round(self._timeouts.get((task["workflow"], task["nodeId"]), 365 * 86400) * SECOND)
        if timeout <= HOUR:
            self._timeouts_soon.add(now + timeout)
        if habit is None or not queue or self._draws.chance(habit.ignored):
            return
        look, work = (self._draws.lognormal(*minutes) * MINUTE for minutes in (habit.look, habit.work))
        free_at, person = queue[0]
        begin = at_work(max(now + int(look), free_at))
        end = begin + int(work)
        handled = rounded_up(end, _round_for(timeout))
        if handled < now + timeout:
            heapreplace(queue, (end, person))
            heappush(self._plans, Plan(handled, task["id"], person, begin, end, self._draws.choose(habit.answers)))

    def next(self) -> int | None:
        """When something is to be written down, or an urgent task runs out of time, next."""
        times = [*self._timeouts_soon, *(plan.handled_at for plan in self._plans[:1])]
        return min(times, default=None)

    def done(self, now: int) -> list[Plan]:
        """What has been done by now."""
        self._timeouts_soon = {time for time in self._timeouts_soon if time > now}
        done = []
        while self._plans and self._plans[0].handled_at <= now:
            done.append(heappop(self._plans))
        return done

    def left(self) -> list[Plan]:
        """What somebody has begun, or will do next."""
        return sorted(self._plans)


def at_work(moment: int) -> int:
    """The moment itself in working hours, else the next opening."""
    day, clock = divmod(moment, DAY)
    if clock >= CLOSES:
        day, clock = day + 1, OPENS
    weekday = (day + 3) % 7  # 1970 began on a Thursday
    if weekday > 4:
        day, clock = day + 7 - weekday, OPENS
    return day * DAY + max(clock, OPENS)


def rounded_up(moment: int, step: int) -> int:
    """The next multiple of a step: what happens between two is looked after together, to save transactions."""
    return -(-moment // step) * step


def _round_for(timeout: int) -> int:
    return next((step for most, step in ROUNDS if timeout <= most), ROUND)


def completed(plan: Plan) -> dict[str, Any]:
    """The fields of a task that is done."""
    return {
        "status": "Completed", "outcome": plan.outcome, "ownerId": plan.person, "completedBy": plan.person,
        "claimedAt": to_text(plan.claimed_at), "completedAt": to_text(plan.completed_at),
    }  # fmt: skip


def taken(plan: Plan, now: int) -> dict[str, Any]:
    """The fields of a task that somebody works on, or has put on a list."""
    if plan.claimed_at > now:
        return {"ownerId": plan.person}
    return {"status": "Claimed", "ownerId": plan.person, "claimedAt": to_text(plan.claimed_at)}
