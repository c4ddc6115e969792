"""Runs a definition at once, published or not: for ``workflow.run()``, ``towpath run``, tests and previews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from towpath.engine.plan import Plan
from towpath.engine.state import RunState
from towpath.engine.tables import NOTICE
from towpath.engine.trace import Trace, TraceStep
from towpath.errors import TowpathError
from towpath.insight import Facts, RunFact, StepFact, Terms, run_figures, visits_of
from towpath.model.change import Cause, Change
from towpath.model.condition import Comparison, Field
from towpath.model.result import RecordChange, Result, StepResult
from towpath.model.table import Order
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Reader
from towpath.ports.time import SECOND
from towpath.service.advance import Advanced
from towpath.service.drive import Settable, drive, drive_until
from towpath.service.platform import Platform
from towpath.service.published import record_triggers
from towpath.service.run_files import files_of
from towpath.service.start import start_run, trigger_node
from towpath.service.unit import Unit, in_unit
from towpath.service.workflows import publish

Items = Sequence[Mapping[str, Any]]
_WORST_FIRST = ("failed", "cancelled", "waiting", "completed")


@dataclass(slots=True)
class Trial:
    """What is gathered while the runs of one definition go on."""

    plan: Plan
    started: list[str] = field(default_factory=list)
    runs: dict[str, RunState] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)

    def watch(self, done: Advanced) -> None:
        """Take note of a batch."""
        for run in done.runs:
            if done.version == self.plan.number:
                self.runs[run.id] = run
        self.changes += done.changes


def run_definition(
    platform: Platform,
    definition: WorkflowDefinition,
    items: Items | None = None,
    *,
    trigger: str | None = None,
    clock: Settable | None = None,
    until: int | None = None,
) -> Result:
    """Run a definition on these items until it is finished or waits; with a movable ``clock``, until nothing is left.

    Items of a workflow that a record starts are records: those without an id are created first, and only those
    that meet its entry condition start a run. Raises WorkflowError with every problem of the definition.
    """
    version = publish(platform, definition, activate=False)
    trial = Trial(platform.store.read(lambda tx: platform.published.plan(tx, version.number)))
    in_unit(platform, lambda unit: _begin(platform, unit, trial, items, trigger))
    if clock is None:
        drive(platform, trace=trial.trace, watch=trial.watch)
    else:
        drive_until(platform, clock, until, trace=trial.trace, watch=trial.watch)
    return platform.store.read(lambda tx: _result(tx, trial, platform.clock.now()))


def _begin(platform: Platform, unit: Unit, trial: Trial, items: Items | None, trigger: str | None) -> None:
    node = trigger_node(trial.plan, trigger)
    triggers = [t for t in record_triggers(trial.plan) if node is None or t.node == node]
    if triggers and items is not None:
        if trial.plan.number not in platform.published.active.values():  # an active version starts its runs by itself
            unit.also += triggers
        _save(unit, triggers[0].object, items)
        trial.changes += unit.records.changes()
    else:
        given = [dict(item) for item in items] if items is not None else None
        trial.started.append(start_run(platform, unit.tx, trial.plan, node, given))


def _save(unit: Unit, object_name: str, items: Items) -> None:
    """Create the records that are new, save the others as they are given."""
    for item in items:
        values = {name: value for name, value in item.items() if name != "id"}
        if item.get("id"):
            (outcome,) = unit.records.update(object_name, [str(item["id"])], [values], Cause("user"))
        else:
            (outcome,) = unit.records.create(object_name, [values], Cause("user"))
        if isinstance(outcome, TowpathError):
            raise outcome


def _result(tx: Reader, trial: Trial, now: int) -> Result:
    """One run's result, or that of several with the worst status."""
    runs = tuple(_run_result(tx, trial, run, now) for _, run in sorted(trial.runs.items()))
    changes = tuple(RecordChange(c.kind, c.object, c.id, c.old, c.new) for c in trial.changes)
    if len(runs) == 1:
        return _with_changes(runs[0], changes)
    status = next((s for s in _WORST_FIRST if any(run.status == s for run in runs)), "not started")
    return Result(
        id="",
        workflow=trial.plan.definition.name,
        status=status,
        steps=tuple(step for run in runs for step in run.steps),
        items=[item for run in runs for item in run.items],
        changes=changes,
        log=tuple(line for run in runs for line in run.log),
        error=next((run.error for run in runs if run.error), None),
        runs=runs,
        files=tuple(file for run in runs for file in run.files),
    )


def _with_changes(result: Result, changes: tuple[RecordChange, ...]) -> Result:
    return replace(result, changes=changes)


def _run_result(tx: Reader, trial: Trial, run: RunState, now: int) -> Result:
    steps = [step for step in trial.trace.steps if step.run == run.id]
    said = tx.select(NOTICE, ("text",), Comparison(Field("run"), "==", run.id), order=(Order("id"),))
    return Result(
        id=run.id,
        workflow=trial.plan.definition.name,
        status=run.status,
        steps=tuple(_step(trial.plan, step) for step in steps),
        items=[item.json for item in run.result],
        log=tuple(text for (text,) in said),
        metrics=_metrics(trial.plan, run, steps, now),
        error=run.error if run.status == "failed" else None,
        files=tuple(asdict(file) for file in files_of(tx, run.id)),
    )


def _step(plan: Plan, step: TraceStep) -> StepResult:
    return StepResult(
        step.node, plan.definition.node_name(step.node), step.outcome, step.attempt, step.outputs, step.enabled_at,
        step.started_at, step.ended_at, step.actor, step.error, step.files,
    )  # fmt: skip


def _metrics(plan: Plan, run: RunState, steps: Sequence[TraceStep], now: int) -> dict[str, Any]:
    limit = None if run.limit is None else run.limit / SECOND
    outcome = {"waiting": "open"}.get(run.status, run.status)
    fact = RunFact(run.id, plan.number, run.started_at, run.ended_at, outcome, limit)  # type: ignore[arg-type]
    facts = [
        StepFact(s.run, n, s.node, s.attempt, s.enabled_at, s.started_at, s.ended_at, s.actor, s.outcome)  # type: ignore[arg-type]
        for n, s in enumerate(steps)
    ]
    return run_figures(Facts(visits_of(facts), [fact], now), run.id, Terms()).as_json()
