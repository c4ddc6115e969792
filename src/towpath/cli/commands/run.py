"""``towpath run``: run a workflow once, from a file or a published one, and see every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from towpath.cli.exit_codes import ExitCode
from towpath.cli.reading import STANDARD_INPUT, SUFFIXES, items_given, pairs_given, workflow_of
from towpath.cli.session import Session
from towpath.cli.show import emit, failure_line, failure_text, line, next_step, note, table
from towpath.cli.times import moment_text, seconds_text, with_iso_times
from towpath.cli.tree import new_app
from towpath.model.result import RecordChange, Result, StepResult
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.time import SECOND
from towpath.service.platform import Platform
from towpath.service.runs import show_run
from towpath.service.trial import run_definition
from towpath.service.workflows import get_definition

app = new_app()
DAY = 86_400 * SECOND
SHOWN = 5  # runs whose steps are shown; of more there is a count
CHANGES = 20


@app.command()
def run(
    context: typer.Context,
    workflow: Annotated[
        str,
        typer.Argument(
            metavar="WORKFLOW", help="A workflow file, or the name of a published workflow; - for standard input."
        ),
    ],
    items: Annotated[
        str | None, typer.Option("--items", "-i", help="What the run begins with: JSON, or a file.")
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="One value of the item that the run begins with."),
    ] = None,
    trigger: Annotated[str | None, typer.Option(help="The trigger to begin at, by id or name.")] = None,
    trial: Annotated[
        bool, typer.Option("--trial", help="In memory: waits pass at once, nothing is sent, nothing is kept.")
    ] = False,
    days: Annotated[int, typer.Option(min=0, help="How many days of waiting a trial goes through.")] = 366,
) -> int:
    """Run a workflow once, now.

    Items given to a workflow that records start are saved as records first. The file is not published by this.
    """
    session = Session.of(context)
    given = items_given(items)
    if values:
        given = [*(given or []), pairs_given(values)]
    definition = _definition(session, workflow)
    if trial:
        return _trial(session, definition, given, trigger, days)
    with session.platform(make=True) as platform, session.doors.work_lock(session.folder):
        done = run_definition(platform, definition, given, trigger=trigger)
        return _show(session, platform, definition, done)


def _trial(session: Session, definition: WorkflowDefinition, given: Any, trigger: str | None, days: int) -> int:
    platform, clock = session.doors.open_trial()
    try:
        until = platform.clock.now() + days * DAY
        done = run_definition(platform, definition, given, trigger=trigger, clock=clock, until=until)
        note(session, session.say("This was a trial: nothing is kept."))
        return _show(session, platform, definition, done, kept=False)
    finally:
        platform.close()


def _definition(session: Session, workflow: str) -> WorkflowDefinition:
    path = Path(workflow)
    if path == STANDARD_INPUT or path.exists() or path.suffix.lower() in SUFFIXES:
        return workflow_of(path)
    with session.platform() as platform:
        return get_definition(platform, workflow)


def _show(
    session: Session, platform: Platform, definition: WorkflowDefinition, done: Result, *, kept: bool = True
) -> int:
    runs = [done] if done.id else list(done.runs)
    if session.json:
        emit(
            {"workflow": done.workflow, "status": done.status, "runs": _runs_json(runs), "changes": _changes_json(done)}
        )
    else:
        _show_all(session, platform, runs, done)
        if kept and runs:
            next_step(session, f"towpath runs show {runs[0].id}", *_next(definition))
    return ExitCode.FAILED if done.status in ("failed", "cancelled") else ExitCode.OK


def _show_all(session: Session, platform: Platform, runs: Sequence[Result], done: Result) -> None:
    if not runs:
        line(session, session.say("No run started: no item met the entry condition of a trigger."))
    for run in runs[:SHOWN]:
        _show_run(session, platform, run)
    if len(runs) > SHOWN:
        line(session, session.say("and {count} runs more", count=len(runs) - SHOWN))
    if done.changes:
        rows = [(change.kind, change.object, change.id, _difference(change)) for change in done.changes[:CHANGES]]
        table(session, ("change", "object", "id", "fields"), rows, title="Records changed")
    if len(done.changes) > CHANGES:
        line(session, session.say("and {count} changes more", count=len(done.changes) - CHANGES))


def _next(definition: WorkflowDefinition) -> list[str]:
    objects = [str(node.params["object"]) for node in definition.nodes.values() if "object" in node.params]
    return [f"towpath query {objects[0]}"] if objects else []


def _difference(change: RecordChange) -> str:
    old, new = change.old or {}, change.new or {}
    hidden = ("id", "createdAt", "updatedAt")
    changed = (
        name for name in new if name not in hidden and new[name] != old.get(name) and new[name] not in (None, False)
    )
    return ", ".join(f"{name}: {new[name]}" for name in changed)


def _show_run(session: Session, platform: Platform, run: Result) -> None:
    title = "Run {id} of {name}: {status}"
    line(session, session.say(title, id=run.id, name=run.workflow, status=session.say(run.status)), "bold")
    rows = [
        (
            step.name,
            step.outcome,
            _ports(step),
            seconds_text(_seconds(step)),
            step.error and failure_text(session, step.error),
        )
        for step in run.steps
    ]
    table(session, ("step", "outcome", "items out", "took", "error"), rows)
    for text in run.log:
        line(session, session.say("log: {text}", text=text))
    if run.error:
        line(session, failure_line(session, run.error), "red")
    if run.status == "waiting":
        for place in show_run(platform, run.id).waiting_at:
            what = moment_text(session, place["due"], platform.clock.now()) or ", ".join(place["for"])
            line(session, session.say("waits at {node} for {what}", node=place["name"], what=what), "yellow")


def _seconds(step: StepResult) -> float:
    return ((step.ended_at or 0) - (step.enabled_at or 0)) / SECOND


def _ports(step: StepResult) -> str:
    return ", ".join(f"{port}: {len(items)}" for port, items in step.outputs.items())


def _runs_json(runs: Sequence[Result]) -> list[dict[str, Any]]:
    return [
        {
            "id": run.id, "status": run.status, "items": run.items, "error": run.error, "log": run.log,
            "metrics": run.metrics, "files": run.files,
            "steps": [with_iso_times(asdict(step), "enabled_at", "started_at", "ended_at") for step in run.steps],
        }
        for run in runs
    ]  # fmt: skip


def _changes_json(done: Result) -> list[dict[str, Any]]:
    return [asdict(change) for change in done.changes]
