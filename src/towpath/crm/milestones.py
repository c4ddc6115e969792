"""Clocks of promises: they begin, pause, go on and stop with what is saved of a record (semantics.md §1.8 and §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from towpath.crm.validation import read_written
from towpath.expr import compile_condition
from towpath.model.business_time import BusinessTime
from towpath.model.condition import Condition, fields_of
from towpath.model.milestones import Milestone, MilestonePolicy
from towpath.model.service_clock import ServiceClock
from towpath.model.table import Column, Index, Table

CLOCK = Table(
    "milestone_clock",
    (
        Column("record", required=True),
        Column("object", required=True),
        Column("policy", required=True),
        Column("milestone", required=True),
        Column("clock", "json", required=True),
        Column("rung", "integer", required=True),  # how many rungs of the ladder have been climbed
        Column("breached_at", "integer"),
        Column("kept_at", "integer"),
        Column("used", "real"),  # business seconds, once it is kept
        Column("rounds", "integer", required=True),
    ),
    key=("record", "milestone"),
    indexes=(Index(("policy", "milestone")),),
)
Predicate = Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool]
TimeOf = Callable[[str | None], BusinessTime]


class Row(NamedTuple):
    """One clock as it is stored."""

    record: str
    object: str
    policy: str
    milestone: str
    clock: Mapping[str, Any]
    rung: int = 0
    breached_at: int | None = None
    kept_at: int | None = None
    used: float | None = None
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class ReadyMilestone:
    """A milestone with its conditions as functions."""

    milestone: Milestone
    kept: Predicate
    targets: tuple[tuple[Predicate, Any], ...]

    def target(self, record: Mapping[str, Any], time: BusinessTime) -> int | None:
        """How long it may take for this record, microseconds of business time; None where it promises nothing."""
        for holds, span in self.targets:
            if holds(record, None):
                return int(span.length(time))
        return None


@dataclass(frozen=True, slots=True)
class ReadyPolicy:
    """A policy with its conditions as functions."""

    policy: MilestonePolicy
    enters: Predicate
    pauses: Predicate
    milestones: tuple[ReadyMilestone, ...]

    def milestone(self, name: str) -> ReadyMilestone | None:
        """The milestone of that name."""
        return next((each for each in self.milestones if each.milestone.name == name), None)

    def time(self, milestone: ReadyMilestone, calendars: TimeOf) -> BusinessTime:
        """The hours that it counts by: the milestone's own, else the policy's, else the default ones."""
        return calendars(milestone.milestone.calendar or self.policy.calendar)

    def follow(self, milestone: ReadyMilestone, row: Row | None, record: Mapping[str, Any], now: int,
               calendars: TimeOf) -> Row | None:  # fmt: skip
        """The clock after a save: begun, turned, retargeted, stopped or begun again."""
        time, cause = self.time(milestone, calendars), record.get(self.policy.state)
        kept, target = milestone.kept(record, None), milestone.target(record, time)
        if row is None or (row.kept_at is not None and not kept):
            return self._begin(milestone, row, record, now, cause, target) if not kept and target is not None else row
        if row.kept_at is not None:
            return row
        clock = ServiceClock.from_json(dict(row.clock))
        if target is not None and target != clock.target:
            clock = clock.retarget(target, now, restart=self.policy.restart, cause=cause)
        if kept:
            used = clock.used(time, now)
            stopped = clock.turn("stopped", now, cause)
            late = row.breached_at or (now if used > clock.target else None)
            return row._replace(clock=stopped.as_json(), kept_at=now, used=used / 1e6, breached_at=late)
        clock = clock.turn("paused" if self.pauses(record, None) else "running", now, cause)
        return row._replace(clock=clock.as_json())

    def _begin(
        self, milestone: ReadyMilestone, row: Row | None, record: Mapping[str, Any], now: int, cause: Any, target: int
    ) -> Row:
        clock = ServiceClock.begin(target, now, cause)
        if self.pauses(record, None):
            clock = clock.turn("paused", now, cause)
        policy, rounds = self.policy, row.rounds + 1 if row else 1
        name = milestone.milestone.name
        return Row(record["id"], policy.object, policy.name, name, clock.as_json(), rounds=rounds)


def ready(policy: MilestonePolicy) -> ReadyPolicy:
    """Compile a policy. Raises ExpressionError for a condition that cannot be read."""
    made = tuple(
        ReadyMilestone(m, _compiled(m.kept, None), tuple((_compiled(t.when, True), t.within) for t in m.targets))
        for m in policy.milestones
    )
    return ReadyPolicy(policy, _compiled(policy.enter, True), _compiled(policy.pause, False), made)


def by_object(policies: Iterable[MilestonePolicy]) -> dict[str, tuple[ReadyPolicy, ...]]:
    """The active policies of each object, in order."""
    found: dict[str, list[ReadyPolicy]] = {}
    for policy in sorted(policies, key=lambda each: (each.order, each.name)):
        if policy.active:
            found.setdefault(policy.object, []).append(ready(policy))
    return {name: tuple(own) for name, own in found.items()}


def named_fields(policy: MilestonePolicy) -> set[str]:
    """Every field of the record that a policy names."""
    names = {policy.state}.union(*(fields_of(condition) for condition in conditions_of(policy)))
    for milestone in policy.milestones:
        names |= {*([milestone.due] if milestone.due else []), *(n for rung in milestone.ladder for n in rung.set)}
    return names


def conditions_of(policy: MilestonePolicy) -> Sequence[Condition]:
    """Every condition in it. Raises ExpressionError."""
    written: list[Any] = [policy.enter, policy.pause]
    for milestone in policy.milestones:
        written += [milestone.kept, *(target.when for target in milestone.targets)]
    return [read_written(each) for each in written if each is not None]


def _compiled(written: Any, otherwise: bool | None) -> Predicate:
    if written is None:
        return lambda _new, _old: bool(otherwise)
    return compile_condition(read_written(written))
