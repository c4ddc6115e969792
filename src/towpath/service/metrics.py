"""Effectiveness, efficiency and cost of workflows, steps, people and teams, from the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.engine.plan import Plan
from towpath.engine.tables import RUN
from towpath.errors import NotFoundError, did_you_mean
from towpath.insight import (
    ALWAYS,
    BaselineLimit,
    Facts,
    LabourView,
    MeasureFigure,
    NearLimit,
    NodeFunnel,
    PeopleFigures,
    Productivity,
    StepFigures,
    Terms,
    VersionFigures,
    Waiting,
    Window,
    all_step_figures,
    funnel,
    near_limits,
    people_figures,
    slowest_step,
    version_figures,
    waiting_on_people,
)
from towpath.model.condition import Comparison, Field
from towpath.service.facts import Task, people_facts, tasks_under_way, time_limit, version_facts
from towpath.service.measures import measure_figures
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot


@dataclass(frozen=True, slots=True)
class WorkflowMetrics:
    """Everything measured about one version."""

    workflow: str
    name: str
    version: int
    figures: VersionFigures
    steps: Mapping[str, StepFigures]
    step_names: Mapping[str, str]
    funnel: Mapping[str, NodeFunnel]
    slowest: StepFigures | None
    waiting: Sequence[Waiting]
    near_limits: Sequence[NearLimit]
    people: Mapping[str, str]
    measures: Mapping[str, MeasureFigure]

    def as_json(self) -> dict[str, Any]:
        """All figures with their raw values."""
        steps = {node: one.as_json() | {"name": self.step_names[node]} for node, one in self.steps.items()}
        return {
            "workflow": self.workflow, "name": self.name, "version": self.version, "figures": self.figures.as_json(),
            "measures": {key: one.as_json() for key, one in self.measures.items()},
            "steps": steps,
            "funnel": {node: one.as_json() for node, one in self.funnel.items()},
            "slowest": self.slowest.node if self.slowest else None,
            "waiting": [one.as_json() | {"who": self.people.get(one.actor, one.actor)} for one in self.waiting],
            "near_limits": [one.as_json() for one in self.near_limits],
        }  # fmt: skip


def workflow_metrics(
    platform: Platform,
    workflow: str,
    *,
    number: int | None = None,
    window: Window = ALWAYS,
    view: LabourView = "cohort",
    baseline: Window | None = None,
) -> WorkflowMetrics:
    """Measure a workflow's active version (or version ``number``).

    ``baseline`` is an earlier period: its p95 stands in for a missing time limit, its productivity for P.
    """

    def work(state: Snapshot) -> WorkflowMetrics:
        chosen = number if number is not None else state.active_version(workflow)
        plan = platform.published.plan(state.tx, chosen)
        users = _users(state)
        facts = version_facts(state.tx, plan, tasks_under_way(state.records), platform.clock.now())
        terms = terms_of(plan, users, facts, baseline)
        steps = all_step_figures(facts, terms, version=plan.number, window=window)
        return WorkflowMetrics(
            workflow=plan.workflow,
            name=plan.definition.name,
            version=plan.number,
            figures=version_figures(facts, plan.number, terms, window=window, view=view),
            steps=steps,
            step_names={node: plan.definition.node_name(node) for node in plan.definition.nodes},
            funnel=funnel(facts, plan.number, window),
            slowest=slowest_step(steps.values()),
            waiting=waiting_on_people(facts, plan.number),
            near_limits=near_limits(facts, terms, version=plan.number),
            people={user["id"]: user.get("name") or user["id"] for user in users},
            measures=measure_figures(plan.definition.measures, facts, plan.number, state.records),
        )

    return in_snapshot(platform, work)


def people_metrics(platform: Platform, who: str, *, window: Window = ALWAYS) -> PeopleFigures:
    """Measure a person or a team, given by id or name."""

    def work(state: Snapshot) -> PeopleFigures:
        users = _users(state)
        plans = {number: platform.published.plan(state.tx, number) for number in _unfinished(state)}
        facts = people_facts(state.tx, plans, tasks_under_way(state.records), platform.clock.now())
        return people_figures(facts, _members(state, users, who), Terms(wages=_wages(users)), window=window)

    return in_snapshot(platform, work)


def _unfinished(state: Snapshot) -> list[int]:
    """The versions with runs that wait: their open steps are part of people's labour, active or not."""
    return [number for number, _ in state.tx.count(RUN, Comparison(Field("status"), "==", "waiting"), by=("version",))]


def _members(state: Snapshot, users: Sequence[Task], who: str) -> list[str]:
    people = [u["id"] for u in users if who in (u["id"], u.get("name"), u.get("email"))]
    teams = [t["id"] for t in state.records.find("Team") if who in (t["id"], t.get("name"))]
    members = people or [u["id"] for u in users if u.get("teamId") in teams]
    if not people and not teams:
        known = [str(u.get("name")) for u in users]
        raise NotFoundError(f"there is no person or team {who!r}", code="people.unknown", hint=did_you_mean(who, known))
    return members


def terms_of(plan: Plan, users: Sequence[Task], facts: Facts | None = None, baseline: Window | None = None) -> Terms:
    """What a version is measured against: its limits, wages, its plan, and an earlier period where one is given."""
    settings = plan.definition.settings
    limits = {node.id: time_limit(node, node.spec.time_limit) for node in plan.nodes}
    return Terms(
        step_limits={node: limit for node, limit in limits.items() if limit},
        run_baseline=_run_baseline(facts, baseline) if settings.time_limit is None else None,
        wages=_wages(users),
        productivity=_productivity(plan),
    )


def _run_baseline(facts: Facts | None, baseline: Window | None) -> BaselineLimit | None:
    if facts is None or baseline is None:
        return None
    runs = [run for run in facts.runs if run.ended_at is not None and run.ended_at in baseline]
    return BaselineLimit.of_runs(runs, "the baseline period") if runs else None


def _productivity(plan: Plan) -> Productivity | None:
    baseline = plan.definition.settings.baseline
    if baseline is None:
        return None
    if baseline.labour_hours is not None:
        return Productivity.per_hour(baseline.work, baseline.labour_hours, "the plan in the workflow's settings")
    if baseline.money is not None:
        return Productivity.per_money(baseline.work, baseline.money, "the plan in the workflow's settings")
    return None


def _users(state: Snapshot) -> list[dict[str, Any]]:
    return state.records.find("User")


def _wages(users: Sequence[Task]) -> dict[str, float]:
    return {user["id"]: float(user["hourlyCost"]) for user in users if user.get("hourlyCost") is not None}
