"""Gathers the facts that figures are made of: runs and their log segments, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from towpath.engine.claims import claims_in
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.segment import Segment, SegmentVisit, decode_segment
from towpath.engine.state import FrozenToken, decode
from towpath.engine.tables import RUN, SEGMENT
from towpath.insight import ENGINE, Facts, Limit, RunFact, RunOutcome, StepOutcome, Visit
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.moment import from_text
from towpath.model.span import BusinessSpan, Span
from towpath.model.table import Order
from towpath.ports.records import Records
from towpath.ports.store import Reader
from towpath.ports.time import SECOND

_OUTCOMES = {"waiting": "open"}
Task = Mapping[str, Any]
Claim = tuple[str, int | None, int | None]  # who, since when, until when
RunTasks = Mapping[tuple[str, str], Sequence[Task]]  # by run and node: what is open first, then what was answered


def version_facts(tx: Reader, plan: Plan, tasks: RunTasks, now: int) -> Facts:
    """All facts of one version. ``tasks`` are those of the steps under way."""
    of_version = Comparison(Field("version"), "==", plan.number)
    segments = tx.select(SEGMENT, ("data",), of_version, order=(Order("ended_at"),))
    visits = list(closed_visits(data for (data,) in segments))
    visits += open_visits(tx, plan, tasks, len(visits))
    elsewhere = _elsewhere(tx, plan.number, {v.actor for v in visits} - {ENGINE, ""})
    return Facts([*visits, *elsewhere], run_facts(tx, plan), now)


def run_facts(tx: Reader, plan: Plan) -> list[RunFact]:
    """The runs of one version."""
    limit = time_limit(plan.nodes[0], plan.definition.settings.time_limit) if plan.nodes else None
    of_version = Comparison(Field("version"), "==", plan.number)
    return [
        RunFact(
            run,
            plan.number,
            started,
            ended,
            cast("RunOutcome", _OUTCOMES.get(status, status)),
            limit(started) if callable(limit) else limit,
        )
        for run, status, started, ended in tx.select(RUN, ("id", "status", "started_at", "ended_at"), of_version)
    ]


def time_limit(node: PlanNode, span: Span | None) -> Limit | None:
    """T_max in seconds; of business time as a function of when it began to count."""
    if not isinstance(span, BusinessSpan):
        return span
    return lambda began: (node.after(began, span) - began) / SECOND


def _elsewhere(tx: Reader, number: int, people: set[str]) -> list[Visit]:
    """What these people did in other versions: claims that overlap share a person's time wherever they are."""
    if not people:
        return []
    others = tx.select(SEGMENT, ("data",), Comparison(Field("version"), "!=", number), order=(Order("ended_at"),))
    return [visit for visit in closed_visits(data for (data,) in others) if visit.actor in people]


def people_facts(tx: Reader, plans: Mapping[int, Plan], tasks: RunTasks, now: int) -> Facts:
    """The visits of people in all versions, for what they did and how their claims overlap; without runs."""
    visits: list[Visit] = []
    for _, data in tx.select(SEGMENT, ("version", "data"), order=(Order("ended_at"),)):
        visits += [visit for visit in closed_visits([data]) if visit.actor != ENGINE]
    for plan in plans.values():
        visits += [visit for visit in open_visits(tx, plan, tasks, len(visits)) if visit.actor != ENGINE]
    return Facts(visits, [], now)


def closed_visits(segments: Iterable[bytes]) -> Iterable[Visit]:
    """The visits of log segments, numbered in order."""
    sequence = 0
    for data in segments:
        segment = decode_segment(data)
        for v in segment.visits:
            yield _visit(segment, v, sequence)
            sequence += 1


def _visit(segment: Segment, v: SegmentVisit, sequence: int) -> Visit:
    members = segment.runs if v.runs is None else [segment.runs[position] for position in v.runs]
    return Visit(
        v.node,
        v.attempt,
        v.enabled_at,
        v.started_at,
        v.ended_at,
        v.actor,
        cast("StepOutcome", v.outcome),
        members,
        v.units,
        v.money,
        sequence,
    )


def is_costly(plan: Plan) -> bool:
    """Whether steps of a version may take labour or money: people act only where a run has waited for an answer."""
    return any(node.spec.cost or node.type.touches not in ("pure", "crm") for node in plan.nodes)


def costly_visits(tx: Reader, versions: Condition) -> dict[int, list[Visit]]:
    """Of each version the closed visits that took the labour of people or money, in order; few of all there are."""
    found: dict[int, list[Visit]] = {}
    sequence = 0
    for version, data in tx.select(SEGMENT, ("version", "data"), versions, order=(Order("ended_at"),)):
        segment = decode_segment(data)
        for v in segment.visits:
            if v.actor != ENGINE or v.money:
                found.setdefault(version, []).append(_visit(segment, v, sequence))
                sequence += 1
    return found


def claimed_visits(tx: Reader, plan: Plan, tasks: RunTasks, sequence: int) -> list[Visit]:
    """Of the steps under way, and of their parts, those that a person has taken up: only they take labour so far."""
    runs = sorted({run for run, _ in tasks})
    rows = tx.get(RUN, runs, ("id", "version", "status", "state")) if runs else []
    mine = sorted((run, state) for run, number, status, state in rows if (number, status) == (plan.number, "waiting"))
    return [visit for visit in _parked(plan, mine, tasks, sequence) if visit.started_at is not None]


def open_visits(tx: Reader, plan: Plan, tasks: RunTasks, sequence: int) -> list[Visit]:
    """Steps under way: one for each parked token of a waiting run, and the parts that people have in it."""
    waiting = All((Comparison(Field("version"), "==", plan.number), Comparison(Field("status"), "==", "waiting")))
    return _parked(plan, tx.select(RUN, ("id", "state"), waiting), tasks, sequence)


def _parked(plan: Plan, runs: Iterable[tuple[Any, ...]], tasks: RunTasks, sequence: int) -> list[Visit]:
    visits: list[Visit] = []
    for run, state in runs:
        visits += under_way(plan, run, decode(state).tokens, tasks, sequence + len(visits))
    return visits


def under_way(plan: Plan, run: str, tokens: Iterable[FrozenToken], tasks: RunTasks, sequence: int = 0) -> list[Visit]:
    """The open steps of one run at these tokens: each of who has it first, and a part of all who have or had it."""
    visits: list[Visit] = []
    for token in tokens:
        people = plan.nodes[plan.index[token.node]].type.touches == "people"
        claims: list[Claim] = [_claim(task) for task in tasks.get((run, token.node), ()) if _is_for(token, task)]
        claims += [(actor, began, ended) for began, ended, actor in claims_in(token.results.values())] if people else []
        for number, (actor, started, ended) in enumerate(claims or [("" if people else ENGINE, None, None)]):
            outcome: StepOutcome = "part" if number else "open"
            head = (token.node, token.attempt, token.enabled_at, started, ended, actor, outcome)
            visits.append(Visit(*head, [run], 1.0, 0.0, sequence + len(visits)))
    return visits


def _is_for(token: FrozenToken, task: Task) -> bool:
    """Whether the step waits for the task, or for the decision that the task is a part of."""
    return f"task:{task['id']}" in token.pending or f"approval:{task['approvalId']}" in token.pending


def _claim(task: Task) -> Claim:
    done = task["status"] == "Completed"
    claimed, ended = from_text(task["claimedAt"]), from_text(task["completedAt"]) if done else None
    return str(task["completedBy" if done else "ownerId"] or ""), claimed or ended, ended


def tasks_under_way(records: Records, run: str | None = None) -> RunTasks:
    """What people have to do for runs (or one), and what they have done of a decision that waits for others."""
    of_runs = Comparison(Field("runId"), "is_not_empty") if run is None else Comparison(Field("runId"), "==", run)
    waiting = records.find("Task", All((Comparison(Field("status"), "in", ("Open", "Claimed")), of_runs)))
    asked = records.find_by("Task", "approvalId", sorted({t["approvalId"] for t in waiting if t["approvalId"]}))
    answered = [task for tasks in asked.values() for task in tasks if task["status"] == "Completed"]
    found: dict[tuple[str, str], list[Task]] = {}
    for task in (*waiting, *answered):
        if task["runId"] and task["nodeId"]:
            found.setdefault((task["runId"], task["nodeId"]), []).append(task)
    return found
