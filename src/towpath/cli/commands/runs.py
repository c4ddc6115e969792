"""``towpath runs``: list, show, retry, cancel and erase runs; save their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from towpath.cli.reading import items_given
from towpath.cli.session import Session
from towpath.cli.show import emit, failure_line, line, next_step, table
from towpath.cli.times import iso, moment_given, moment_text, seconds_text, with_iso_times
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.errors import InputError
from towpath.ports.time import SECOND
from towpath.service import move_run as moving
from towpath.service import runs as service
from towpath.service.drive import Driven
from towpath.service.erasing import erase_ended, erase_run
from towpath.service.run_files import open_run_file
from towpath.service.runs import RunSummary, RunView
from towpath.service.staff import names_of

app = new_app("List, show, retry, cancel and erase runs.")
RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.")]
_TIMES = ("started_at", "ended_at", "due", "enabled_at", "since", "at")


@app.command("list")
def list_runs(
    context: typer.Context,
    workflow: Annotated[str | None, typer.Option(help="Only runs of this workflow, by id or name.")] = None,
    status: Annotated[str | None, typer.Option(help="Only waiting, completed, failed or cancelled runs.")] = None,
    record: Annotated[str | None, typer.Option(help="Only runs of the record with this id.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
) -> None:
    """List runs, newest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.list_runs(platform, workflow=workflow, status=status, record=record, limit=limit, offset=offset)
        counts, now = service.count_runs(platform), platform.clock.now()
    if session.json:
        emit([with_iso_times(asdict(run), *_TIMES) for run in found])
        return
    if not found:
        line(session, session.say("No runs found."))
        next_step(session, "towpath run workflow.yaml", "towpath publish workflow.yaml", "towpath workflows list")
        return
    columns = ("id", "workflow", "version", "status", "started", "took", "due", "record", "error")
    table(session, columns, [_row(session, run, now) for run in found], numbers=("version", "took"))
    total = sum(sum(each.values()) for each in counts.values())
    if workflow is status is record is None and len(found) < total:
        text = "{shown} of {total}; --limit and --offset show others."
        line(session, session.say(text, shown=f"{len(found):,}", total=f"{total:,}"))


@app.command("show")
def show_run(context: typer.Context, run: RunId) -> None:
    """Show a run: its steps, where it waits, what it sent and logged."""
    session = Session.of(context)
    with session.platform() as platform:
        view, now = service.show_run(platform, run), platform.clock.now()
        names = names_of(platform, [{"actor": step.actor} for step in view.steps], "actor")
    if session.json:
        emit(_as_json(view))
        return
    _show_head(session, view, now)
    _show_steps(session, view, names)
    _show_waits(session, view, now)
    said = [(moment_text(session, n["at"], now), n["kind"], n["node"], n["text"]) for n in view.notices]
    _table(session, ("at", "kind", "node", "text"), said, "Log")
    sent = [(e["id"], e["node"], e["kind"], e["state"], e["attempt"], e["error"]) for e in view.effects]
    _table(session, ("id", "node", "kind", "state", "attempt", "error"), sent, "Calls")
    kept = [(f.id, f.name, f.media_type, f.bytes, moment_text(session, f.at, now)) for f in view.files]
    _table(session, ("id", "name", "type", "bytes", "at"), kept, "Files")
    if view.summary.status == "failed":
        next_step(session, f"towpath runs retry {run}")
    elif kept:
        next_step(session, f"towpath runs file {run} {kept[-1][0]} -o FILE")


@app.command("retry")
def retry_run(
    context: typer.Context,
    run: RunId,
    items: Annotated[
        str | None, typer.Option("--items", "-i", help="Other items for the step that failed: JSON, or a file.")
    ] = None,
) -> None:
    """Let a failed run go on from the step that failed."""
    session = Session.of(context)
    given = items_given(items)
    with session.platform() as platform:
        service.retry_run(platform, run, items=given)
        driven = work_now(session, platform)
        view = service.show_run(platform, run)
    _told(session, run, view, driven)


@app.command("move")
def move_run(
    context: typer.Context,
    run: RunId,
    to: Annotated[str, typer.Argument(metavar="NODE", help="Id of the node to go on at.")],
    place: Annotated[
        str | None, typer.Option("--from", help="The node that it leaves, where it stands at several.")
    ] = None,
    items: Annotated[str | None, typer.Option("--items", "-i", help="Other items: JSON, or a file.")] = None,
) -> None:
    """Let a run that waits or has failed go on at another node; what it waited for is closed."""
    session = Session.of(context)
    given = items_given(items)
    with session.platform() as platform:
        moving.move_run(platform, run, to, place=place, items=given, actor="cli")
        driven = work_now(session, platform)
        view = service.show_run(platform, run)
    _told(session, run, view, driven)


@app.command("cancel")
def cancel_run(context: typer.Context, run: RunId) -> None:
    """End a waiting run: its waits and tasks are closed, calls not yet sent are withdrawn."""
    session = Session.of(context)
    with session.platform() as platform:
        service.cancel_run(platform, run, actor="cli")
        work_now(session, platform)
        view = service.show_run(platform, run)
    if session.json:
        emit(_as_json(view))
    else:
        line(session, session.say("Run {id} is {status} now.", id=run, status=session.say(view.summary.status)))


@app.command("file")
def save_file(
    context: typer.Context,
    run: RunId,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Id of the file, as the run shows it.")],
    output: Annotated[
        typer.FileBinaryWrite, typer.Option("--output", "-o", help="Where to write it; - is standard output.")
    ],
) -> None:
    """Write a file that a run carries to a place of your own."""
    with Session.of(context).platform() as platform:
        output.writelines(open_run_file(platform, run, file))


@app.command("erase")
def erase_runs(
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Id of a run that has ended.")] = None,
    before: Annotated[
        str | None,
        typer.Option("--ended-before", help="All runs that ended before then: a date, or how long ago: '30 days'."),
    ] = None,
) -> None:
    """Erase for good what ended runs carried: files, items, calls and log lines. Their steps and figures stay."""
    session = Session.of(context)
    if (run is None) == (before is None):
        hint = "Name a run, or give --ended-before."
        raise InputError("what is to be erased?", code="erase.nothing_named", hint=hint)
    with session.platform() as platform:
        moment = moment_given(before, platform.clock.now())
        erased = erase_run(platform, str(run)) if moment is None else erase_ended(platform, moment)
    if session.json:
        emit(asdict(erased))
    else:
        text = "Erased what {runs} runs carried, with {files} files."
        line(session, session.say(text, runs=f"{erased.runs:,}", files=f"{erased.files:,}"))


def _told(session: Session, run: str, view: RunView, driven: Driven | None) -> None:
    if session.json:
        emit(_as_json(view))
        return
    line(session, session.say("Run {id} is {status} now.", id=run, status=session.say(view.summary.status)))
    tell(session, driven)
    next_step(session, f"towpath runs show {run}")


def _row(session: Session, run: RunSummary, now: int) -> Sequence[object]:
    took = seconds_text(((run.ended_at or now) - run.started_at) / SECOND)
    times = moment_text(session, run.started_at, now), took, moment_text(session, run.due, now)
    return (run.id, run.workflow, run.version, run.status, *times, run.record, run.error)


def _show_head(session: Session, view: RunView, now: int) -> None:
    run = view.summary
    text = "Run {id} of {name}, version {version}: {status}"
    line(
        session,
        session.say(text, id=run.id, name=run.workflow, version=run.version, status=session.say(run.status)),
        "bold",
    )
    line(session, session.say("started {when}", when=moment_text(session, run.started_at, now)))
    if run.record:
        line(session, session.say("record {id}", id=run.record))
    if view.error:
        line(session, failure_line(session, view.error), "red")


def _show_steps(session: Session, view: RunView, names: Mapping[str, str]) -> None:
    rows = [
        (
            step.name,
            step.attempt,
            step.outcome,
            step.port,
            step.items_in,
            step.items_out,
            names.get(step.actor, step.actor),
            seconds_text((step.ended_at - step.enabled_at) / SECOND),
            step.error,
        )
        for step in view.steps
    ]
    columns = ("step", "attempt", "outcome", "way out", "items in", "items out", "who", "took", "error")
    _table(session, columns, rows, "Steps")


def _show_waits(session: Session, view: RunView, now: int) -> None:
    rows = [
        (
            place["name"],
            moment_text(session, place["since"], now),
            moment_text(session, place["due"], now),
            ", ".join(place["for"]),
        )
        for place in view.waiting_at
    ]
    _table(session, ("step", "since", "due", "for"), rows, "Waits at")


def _table(session: Session, columns: Sequence[str], rows: Sequence[Sequence[object]], title: str) -> None:
    if rows:
        table(session, columns, rows, title=title)


def _as_json(view: RunView) -> dict[str, Any]:
    steps = [with_iso_times(asdict(step), *_TIMES) for step in view.steps]
    return {
        **with_iso_times(asdict(view.summary), *_TIMES),
        "steps": steps,
        "waiting_at": [with_iso_times(place, *_TIMES) for place in view.waiting_at],
        "globals": view.globals,
        "error": view.error,
        "data": [{**row, "at": iso(row["at"])} for row in view.data],
        "notices": [{**row, "at": iso(row["at"])} for row in view.notices],
        "effects": view.effects,
        "files": [with_iso_times(asdict(file), "at") for file in view.files],
    }
