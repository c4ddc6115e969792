"""Trying out a draft on one record, on what a past run began with, or on given items: each step with its items.

Nothing leaves and nothing is kept, as in a back-test (``dry_run.py``). Items pinned to a node stand for what it gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from towpath.engine.claim import Claim
from towpath.engine.context import Context
from towpath.engine.events import Event, Start
from towpath.engine.load import load
from towpath.engine.plan import Plan, compile_plan
from towpath.engine.state import RunState, decode
from towpath.engine.tables import STEP_DATA
from towpath.engine.trace import Trace, TraceStep
from towpath.errors import InputError, NotFoundError, WorkflowError
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Transaction
from towpath.service.dry_run import Caught, Then, UndoError, advance, count_caught, outside
from towpath.service.platform import Platform
from towpath.service.runs import run_row
from towpath.service.start import trigger_node
from towpath.service.unit import Unit
from towpath.service.workflows import check, workflow_id_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """What a try-out begins with: a record, a past run, or items; an empty item if nothing is said."""

    object: str | None = None
    record: str | None = None
    run: str | None = None
    items: Sequence[Mapping[str, Any]] | None = None


@dataclass(slots=True)
class Tryout:
    """How the run would have gone; steps are as those of a run, with their data."""

    status: str = "completed"
    steps: list[Json] = field(default_factory=list)
    waiting_at: list[str] = field(default_factory=list)
    error: Json | None = None
    caught: Caught = field(default_factory=Caught)


def try_out(platform: Platform, definition: WorkflowDefinition, source: Source, *, to: str | None = None) -> Tryout:
    """Run a draft, as far as node ``to`` if one is named: only what leads there has to be without problems.

    WorkflowError with the problems of that part; NotFoundError for a record, run or node that is not there.
    """
    plan = _compiled(platform, definition if to is None else _leading_to(definition, to))
    done = Tryout()

    def work(tx: Transaction) -> None:
        _play(platform, tx, plan, source, done)
        raise UndoError

    with suppress(UndoError):
        platform.store.write(work)
    return done


def _leading_to(definition: WorkflowDefinition, to: str) -> WorkflowDefinition:
    """The part of a workflow that ends at a node."""
    if to not in definition.nodes:
        raise NotFoundError(f"{definition.name!r} has no node {to!r}", code="workflow.unknown_node")
    kept, new = {to}, {to}
    while new:
        new = {edge.source for edge in definition.edges.values() if edge.target in new} - kept
        kept |= new
    nodes = {key: node for key, node in definition.nodes.items() if key in kept}
    edges = {key: edge for key, edge in definition.edges.items() if {edge.source, edge.target} <= kept}
    return definition.model_copy(update={"nodes": nodes, "edges": edges})


def _compiled(platform: Platform, definition: WorkflowDefinition) -> Plan:
    problems = [problem for problem in check(platform, definition) if problem.severity == "error"]
    if problems:
        raise WorkflowError(f"{definition.name!r} cannot run: {problems[0]}", problems=problems)
    definition = definition.model_copy(update={"id": workflow_id_of(definition)})
    return compile_plan(definition, platform.registry, calendars=platform.published.calendars)


def _play(platform: Platform, tx: Transaction, plan: Plan, source: Source, done: Tryout) -> None:
    unit, clock, trace = Unit(platform, tx), Then(platform.clock.now()), Trace()
    context = Context(
        clock, platform.ids, platform.chance, unit.records, environment=platform.environment,
        sandbox=platform.sandbox, find_workflow=platform.published.number, mocks=outside(plan), bulk=True,
    )  # fmt: skip
    event = _event(unit, plan, _begun_as(tx, source))
    runs = load(Claim(plan.number, [event]), plan, context)
    advance(plan, context, clock, runs, trace)
    _tell(plan, runs[0], trace, done)
    count_caught(plan, trace, unit, done.caught)


def _begun_as(tx: Transaction, source: Source) -> Source:
    """A past run stands for its record as it is now, else for the items that were kept of its first step."""
    if source.run is None:
        return source
    row = run_row(tx, source.run)
    if row[3] is not None:
        return Source(decode(row[-1]).object, row[3])
    of_run = Comparison(Field("run"), "==", source.run)
    for (data,) in tx.select(STEP_DATA, ("data",), of_run, order=(Order("sequence"),), limit=1):
        return Source(items=[item for port in data["in"] for item in port])
    hint = "Keep the data of every step in the workflow's settings, or try a record."
    raise InputError(f"of run {source.run} no data were kept", code="tryout.nothing_kept", hint=hint)


def _event(unit: Unit, plan: Plan, source: Source) -> Event:
    platform, object_name = unit.platform, source.object or plan.object
    if source.record is None:
        items = None if source.items is None else [dict(item) for item in source.items]
        return Event("", "start", plan.number, _entry(plan), None, True, [Start(platform.ids.new(), None, items)])
    if object_name is None or not unit.records.get(object_name, [source.record]):
        message = f"there is no {object_name or 'record'} with the id {source.record!r}"
        raise NotFoundError(message, code="record.not_found")
    of_object = [node.id for node in plan.triggers("record") if getattr(node.params, "object", None) == object_name]
    trigger = of_object[0] if of_object else _entry(plan)
    return Event("", "start", plan.number, trigger, object_name, True, [Start(platform.ids.new(), source.record)])


def _entry(plan: Plan) -> str | None:
    """The manual trigger, else where the plan begins."""
    return trigger_node(plan, None) or (plan.nodes[plan.entries[0]].id if len(plan.entries) == 1 else None)


def _tell(plan: Plan, run: RunState, trace: Trace, done: Tryout) -> None:
    done.status, done.error = run.status, run.error
    done.steps = [_step(plan, step) for step in trace.steps]
    done.waiting_at = [plan.nodes[token.node].id for token in run.parked]


def _step(plan: Plan, step: TraceStep) -> Json:
    node = plan.nodes[plan.index[step.node]]
    used = [port for port, items in step.outputs.items() if items]
    names = [port.name for port in node.inputs]
    inputs = {names[at] if at < len(names) else str(at): items for at, items in enumerate(step.inputs)}
    return {
        "node": step.node, "name": node.name, "attempt": step.attempt, "enabled_at": step.enabled_at,
        "started_at": step.started_at, "ended_at": step.ended_at, "actor": step.actor, "outcome": step.outcome,
        "port": used[0] if len(node.outputs) > 1 and len(used) == 1 else None,
        "items_in": sum(map(len, step.inputs)), "items_out": sum(map(len, step.outputs.values())),
        "error": (step.error or {}).get("code"),
        "data": {"inputs": inputs, "outputs": step.outputs, "error": step.error},
    }  # fmt: skip
