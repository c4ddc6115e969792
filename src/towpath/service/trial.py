"""Runs a definition at once, published or not: for ``workflow.run()``, ``towpath run``, tests and previews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towpath.engine.plan import Plan
from towpath.engine.state import RunState
from towpath.engine.trace import Trace, TraceStep
from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.model.workflow import WorkflowDefinition
from towpath.service.advance import Advanced
from towpath.service.drive import Settable, drive, drive_until
from towpath.service.platform import Platform
from towpath.service.published import record_triggers
from towpath.service.start import start_run, trigger_node
from towpath.service.unit import Unit, in_unit
from towpath.service.workflows import publish

Items = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class TrialRun:
    """What became of one run."""

    id: str
    status: str
    record: str | None
    items: list[dict[str, Any]]
    error: dict[str, Any] | None


@dataclass(slots=True)
class Trial:
    """Everything that running a definition by hand came to; ``number`` names the version in the store."""

    number: int
    runs: dict[str, TrialRun] = field(default_factory=dict)
    steps: list[TraceStep] = field(default_factory=list)
    changed: list[tuple[str, str, str]] = field(default_factory=list)  # (kind, object, record id)


def run_definition(
    platform: Platform,
    definition: WorkflowDefinition,
    items: Items | None = None,
    *,
    trigger: str | None = None,
    clock: Settable | None = None,
    until: int | None = None,
) -> Trial:
    """Run a definition on these items until it is finished or waits; with a movable ``clock``, until nothing is left.

    Items of a workflow that a record starts are records: those without an id are created first, and only those
    that meet its entry condition start a run. Raises WorkflowError with every problem of the definition.
    """
    version = publish(platform, definition, activate=False)
    plan = platform.store.read(lambda tx: platform.published.plan(tx, version.number))
    trial, trace = Trial(version.number), Trace()
    in_unit(platform, lambda unit: _begin(platform, unit, plan, items, trigger, trial))

    def watch(done: Advanced) -> None:
        for run in done.runs:
            if done.version == plan.number or run.id in trial.runs:
                trial.runs[run.id] = _outcome(run)

    driven = (
        drive(platform, trace=trace, watch=watch)
        if clock is None
        else drive_until(platform, clock, until, trace=trace, watch=watch)
    )
    trial.changed += driven.changed
    trial.steps = [step for step in trace.steps if step.run in trial.runs]
    return trial


def _begin(platform: Platform, unit: Unit, plan: Plan, items: Items | None, trigger: str | None, trial: Trial) -> None:
    node = trigger_node(plan, trigger)
    chosen = plan.nodes[plan.index[node]] if node is not None else None
    triggers = [t for t in record_triggers(plan) if trigger is None or t.node == node]
    if triggers and (chosen is None or chosen.type.trigger == "record") and items is not None:
        unit.also += triggers
        _save(unit, triggers[0].object, items, trial)
        return
    run_id = start_run(platform, unit.tx, plan, node, [dict(item) for item in items] if items is not None else None)
    trial.runs[run_id] = TrialRun(run_id, "waiting", None, [], None)


def _save(unit: Unit, object_name: str, items: Items, trial: Trial) -> None:
    """Create the records that are new, save the others as they are given."""
    for item in items:
        values = {name: value for name, value in item.items() if name != "id"}
        if item.get("id"):
            (outcome,) = unit.records.update(object_name, [str(item["id"])], [values], Cause("user"))
        else:
            (outcome,) = unit.records.create(object_name, [values], Cause("user"))
        if isinstance(outcome, TowpathError):
            raise outcome
        trial.changed.append(("updated" if item.get("id") else "created", object_name, outcome["id"]))


def _outcome(run: RunState) -> TrialRun:
    return TrialRun(run.id, run.status, run.record, [item.json for item in run.result], run.error)
