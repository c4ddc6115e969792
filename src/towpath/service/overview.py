"""The headline figures of all active workflows at once: what a dashboard shows before anybody looks closer.

They are the figures of ``workflow_metrics``, from the same facts, but only from those that they need: the runs, and of
the log the visits that took labour or money. What the engine did by itself is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from towpath.engine.plan import Plan
from towpath.engine.tables import WORKFLOW
from towpath.insight import ENGINE, Facts, Headline, Visit, headline
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.service.collecting import collecting_later
from towpath.service.facts import claimed_visits, costly_visits, is_costly, run_facts, tasks_under_way
from towpath.service.metrics import terms_of
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot


@dataclass(frozen=True, slots=True)
class WorkflowHeadline:
    """An active workflow and its figures."""

    workflow: str
    name: str
    number: int
    figures: Headline


def overview(platform: Platform) -> list[WorkflowHeadline]:
    """The headline of the active version of every workflow, by name."""
    with collecting_later():
        return in_snapshot(platform, lambda state: _overview(platform, state))


def _overview(platform: Platform, state: Snapshot) -> list[WorkflowHeadline]:
    active = Comparison(Field("active"), "is_not_empty")
    rows = state.tx.select(WORKFLOW, ("id", "name", "active"), active, order=(Order("name"),))
    gathering = _Gathering(state, [platform.published.plan(state.tx, number) for *_, number in rows])
    users, now = state.records.find("User") if rows else [], platform.clock.now()
    return [
        WorkflowHeadline(
            workflow, name, plan.number, headline(gathering.facts(plan, now), plan.number, terms_of(plan, users))
        )
        for (workflow, name, _), plan in zip(rows, gathering.plans, strict=True)
    ]


class _Gathering:
    """The facts of several versions from one state of the store, each part of the log read once."""

    def __init__(self, state: Snapshot, plans: Sequence[Plan]) -> None:
        self.plans = plans
        self._tx = state.tx
        self._tasks = tasks_under_way(state.records)
        self._closed: dict[int, list[Visit]] = {}
        for plan in filter(is_costly, plans):
            self._closed |= costly_visits(state.tx, Comparison(Field("version"), "==", plan.number))

    def facts(self, plan: Plan, now: int) -> Facts:
        """What the headline of a version is made of."""
        own = self._closed.get(plan.number, [])
        mine = [*own, *claimed_visits(self._tx, plan, self._tasks, len(own))]
        people = {visit.actor for visit in mine} - {ENGINE, ""}
        elsewhere = [visit for visit in self._others(plan.number) if visit.actor in people] if people else []
        return Facts([*mine, *elsewhere], run_facts(self._tx, plan), now)

    def _others(self, number: int) -> Iterator[Visit]:
        """The visits of other versions: claims that overlap share a person's time wherever they are."""
        yield from self._inactive
        for version, visits in self._closed.items():
            if version != number:
                yield from visits

    @cached_property
    def _inactive(self) -> list[Visit]:
        numbers = tuple(plan.number for plan in self.plans)
        found = costly_visits(self._tx, Comparison(Field("version"), "not_in", numbers))
        return [visit for visits in found.values() for visit in visits]
