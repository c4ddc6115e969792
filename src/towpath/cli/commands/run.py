"""``towpath run``: run a workflow once, from a file or a published one, and see every step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from towpath.cli.exit_codes import ExitCode
from towpath.cli.reading import STANDARD_INPUT, SUFFIXES, items_given, pairs_given, workflow_of
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, note, table
from towpath.cli.times import iso, moment_text, seconds_text
from towpath.cli.tree import new_app
from towpath.engine.trace import TraceStep
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.time import SECOND
from towpath.service.platform import Platform
from towpath.service.runs import show_run
from towpath.service.trial import Trial, run_definition
from towpath.service.workflows import get_definition

app = new_app()
DAY = 86_400 * SECOND
SHOWN = 5  # runs whose steps are shown; of more there is a count


@app.command()
def run(
    context: typer.Context,
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="A workflow file, or the name of a published workflow; - for standard input.")],
    items: Annotated[str | None, typer.Option("--items", "-i", help="What the run begins with: JSON, or @file.json.")] = None,
    values: Annotated[list[str] | None, typer.Option("--set", "-s", metavar="NAME=VALUE", help="One value of the item that the run begins with.")] = None,
    trigger: Annotated[str | None, typer.Option(help="The trigger to begin at, by id or name.")] = None,
    trial: Annotated[bool, typer.Option("--trial", help="In memory: waits pass at once, nothing is sent, nothing is kept.")] = False,
    days: Annotated[int, typer.Option(min=0, help="How many days of waiting a trial goes through.")] = 366,
) -> int:  # fmt: skip
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


def _show(session: Session, platform: Platform, definition: WorkflowDefinition, done: Trial, *, kept: bool = True) -> int:
    failed = any(run.status == "failed" for run in done.runs.values())
    if session.json:
        emit(_as_json(definition, done))
        return ExitCode.FAILED if failed else ExitCode.OK
    if not done.runs:
        line(session, session.say("No run started: no item met the entry condition of a trigger."))
    for run_id in list(done.runs)[:SHOWN]:
        _show_run(session, platform, definition, done, run_id)
    if len(done.runs) > SHOWN:
        line(session, session.say("and {count} runs more", count=len(done.runs) - SHOWN))
    if done.changed:
        table(session, ("change", "object", "id"), done.changed[:20], title="Records changed")
    if kept and done.runs:
        next_step(session, f"towpath runs show {next(iter(done.runs))}", *_next(definition))
    return ExitCode.FAILED if failed else ExitCode.OK


def _next(definition: WorkflowDefinition) -> list[str]:
    objects = [str(node.params["object"]) for node in definition.nodes.values() if "object" in node.params]
    return [f"towpath query {objects[0]}"] if objects else []


def _show_run(
    session: Session, platform: Platform, definition: WorkflowDefinition, done: Trial, run_id: str
) -> None:
    run, steps = done.runs[run_id], [step for step in done.steps if step.run == run_id]
    rows = [
        (
            definition.node_name(step.node), step.outcome, _ports(step), sum(map(len, step.inputs)),
            seconds_text((step.ended_at - step.enabled_at) / SECOND), (step.error or {}).get("message"),
        )
        for step in steps
    ]  # fmt: skip
    title = session.say("Run {id} of {name}: {status}", id=run_id, name=definition.name, status=session.say(run.status))
    line(session, title, "bold")
    table(session, ("step", "outcome", "items out", "items in", "took", "error"), rows)
    if run.error:
        line(session, f"{run.error.get('code')}: {run.error.get('message')} {run.error.get('hint') or ''}".rstrip(), "red")
    if run.status == "waiting":
        for place in show_run(platform, run_id).waiting_at:
            due = moment_text(session, place["due"], platform.clock.now())
            what = due or ", ".join(place["for"])
            line(session, session.say("waits at {node} for {what}", node=place["name"], what=what), "yellow")


def _ports(step: TraceStep) -> str:
    return ", ".join(f"{port}: {len(items)}" for port, items in step.outputs.items())


def _as_json(definition: WorkflowDefinition, done: Trial) -> dict[str, Any]:
    return {
        "workflow": definition.name,
        "runs": [
            {
                "id": run.id, "status": run.status, "record": run.record, "items": run.items, "error": run.error,
                "steps": [_step_json(definition, step) for step in done.steps if step.run == run.id],
            }
            for run in done.runs.values()
        ],
        "changed": [{"kind": kind, "object": name, "id": record} for kind, name, record in done.changed],
    }  # fmt: skip


def _step_json(definition: WorkflowDefinition, step: TraceStep) -> dict[str, Any]:
    return {
        "node": step.node, "name": definition.node_name(step.node), "attempt": step.attempt, "outcome": step.outcome,
        "actor": step.actor, "enabled_at": iso(step.enabled_at), "started_at": iso(step.started_at),
        "ended_at": iso(step.ended_at), "inputs": step.inputs, "outputs": step.outputs, "error": step.error,
    }  # fmt: skip
