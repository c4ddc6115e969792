"""``towpath workflows``: list and show workflows, switch them on, off, to pause and on again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text, with_iso_times
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.formats.native.yaml_writing import to_yaml
from towpath.service import workflows as service
from towpath.service.enrolment_preview import preview_enrolment
from towpath.service.enrolment_report import enrolment_report
from towpath.service.jobs import enrol_existing
from towpath.service.runs import count_runs
from towpath.service.versions import list_versions, switch_on

app = new_app("List and show workflows, switch them on and off.")
Name = Annotated[str, typer.Argument(metavar="WORKFLOW", help="Id or name of the workflow.")]
Version = Annotated[int | None, typer.Option("--version", "-v", min=1, help="Which version; by default the newest.")]
STATUSES = ("waiting", "completed", "failed", "cancelled")


@app.command("list")
def list_workflows(context: typer.Context) -> None:
    """List workflows with their runs."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.list_workflows(platform)
        counts, now = count_runs(platform), platform.clock.now()
    if session.json:
        emit([with_iso_times(each, "updated_at") | {"runs": counts.get(each["name"], {})} for each in found])
    elif found:
        rows = [_row(session, each, counts.get(each["name"], {}), now) for each in found]
        table(session, ("id", "name", "status", "version", *STATUSES, "updated"), rows, numbers=("version", *STATUSES))
    else:
        line(session, session.say("There are no workflows yet."))
        next_step(session, "towpath templates list", "towpath publish workflow.yaml")


@app.command("show")
def show_workflow(
    context: typer.Context,
    workflow: Name,
    version: Version = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the definition into this file.")] = None,
) -> None:
    """Show the definition of a workflow as YAML (or JSON), and its versions."""
    session = Session.of(context)
    with session.platform() as platform:
        definition = service.get_definition(platform, workflow, version)
        versions, now = list_versions(platform, workflow), platform.clock.now()
    if output is not None:
        output.write_text(to_yaml(definition), encoding="utf-8")
    if session.json:
        history = [with_iso_times(each, "published_at") for each in versions]
        emit({"definition": definition.as_json(), "versions": history})
    elif output is not None:
        line(session, session.say("Written: {file}", file=str(output)))
    else:
        print(to_yaml(definition), end="")
        rows = [_version_row(session, each, now) for each in versions]
        table(session, ("version", "active", "published", "by", "hash"), rows, title="Versions")


@app.command("on")
def switch_workflow_on(
    context: typer.Context,
    workflow: Name,
    version: Version = None,
    existing: Annotated[bool, typer.Option("--existing", help="Also take the records that are there already.")] = False,
) -> None:
    """Make a version the active one: its triggers start runs.

    Without --existing only records that change from now on enter; towpath workflows preview counts both.
    """
    session = Session.of(context)
    with session.platform() as platform:
        number = switch_on(platform, workflow, version)
        if existing:
            enrol_existing(platform, workflow)
        driven = work_now(session, platform)
    _done(session, "{name} is on with version {version}.", workflow, status="on", version=number)
    tell(session, driven)


@app.command("preview")
def preview_workflow(context: typer.Context, workflow: Name, version: Version = None) -> None:
    """Count who would enter a workflow: now, and each day; and the mails that makes."""
    session = Session.of(context)
    with session.platform() as platform:
        found = preview_enrolment(platform, service.get_definition(platform, workflow, version))
    if session.json:
        emit(asdict(found))
        return
    text = "{now} enter now, {daily} later each day; {mails} mails now, {each} each day."
    line(
        session,
        session.say(
            text, now=found.enter_now, daily=f"{found.enter_per_day:.1f}", mails=found.mails_now,
            each=f"{found.mails_per_day:.1f}",
        ),
    )  # fmt: skip
    next_step(session, f"towpath workflows on '{workflow}' --existing", f"towpath workflows on '{workflow}'")


@app.command("enrolment")
def show_enrolment(context: typer.Context, workflow: Name) -> None:
    """Show who entered a workflow, in which arm, and for whom its goal counts."""
    session = Session.of(context)
    with session.platform() as platform:
        report = enrolment_report(platform, workflow)
    if session.json:
        emit(asdict(report))
        return
    if not report.states:
        line(session, session.say("Nobody has entered; settings.enrolment says by which rules records do."))
        return
    arms = [(arm.arm, arm.entered, arm.goals, None if arm.rate is None else f"{arm.rate:.1%}") for arm in report.arms]
    table(session, ("arm", "entered", "goals", "rate"), arms, numbers=("entered", "goals", "rate"))
    table(session, ("state", "records"), sorted(report.states.items()), numbers=("records",))


@app.command("off")
def switch_workflow_off(context: typer.Context, workflow: Name) -> None:
    """Let it start no runs; those that wait go on."""
    session = Session.of(context)
    with session.platform() as platform:
        service.set_active(platform, workflow, None)
    _done(session, "{name} is off.", workflow, status="off")


@app.command("pause")
def pause_workflow(
    context: typer.Context,
    workflow: Name,
    why: Annotated[str, typer.Option(help="Why, for the others.")] = "by hand",
) -> None:
    """Keep what would start runs until it is resumed."""
    session = Session.of(context)
    with session.platform() as platform:
        service.pause(platform, workflow, why)
    _done(session, "{name} is paused; what would start runs is kept.", workflow, status="paused")


@app.command("resume")
def resume_workflow(context: typer.Context, workflow: Name) -> None:
    """Let a paused workflow start runs again, beginning with what it kept."""
    session = Session.of(context)
    with session.platform() as platform:
        service.resume(platform, workflow)
        driven = work_now(session, platform)
    _done(session, "{name} starts runs again.", workflow, status="on")
    tell(session, driven)


def _done(session: Session, text: str, workflow: str, **state: Any) -> None:
    if session.json:
        emit({"workflow": workflow, **state})
    else:
        line(session, session.say(text, name=workflow, version=state.get("version")))


def _row(session: Session, each: dict[str, Any], counts: dict[str, int], now: int) -> tuple[object, ...]:
    runs = (counts.get(status, 0) for status in STATUSES)
    return (
        each["id"],
        each["name"],
        each["status"],
        each["version"],
        *runs,
        moment_text(session, each["updated_at"], now),
    )


def _version_row(session: Session, each: dict[str, Any], now: int) -> tuple[object, ...]:
    when = moment_text(session, each["published_at"], now)
    return (each["version"], each["active"], when, each["published_by"], each["hash"][:12])
