"""``towpath jobs``: bulk jobs, how far they have come; pause, resume and cancel them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text, with_iso_times
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.expr import condition_to_text
from towpath.model.condition import condition_from_json
from towpath.service import jobs as service
from towpath.service.jobs import Job
from towpath.service.platform import Platform

app = new_app("List, show, pause, resume and cancel bulk jobs.")
TheJob = Annotated[str, typer.Argument(metavar="JOB", help="Id of the job.")]
TIMES = ("created_at", "changed_at", "ended_at", "due")


@app.command("list")
def list_jobs(
    context: typer.Context,
    state: Annotated[
        service.State | None, typer.Option(help="Only those running, paused, completed, cancelled or failed.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
) -> None:
    """List bulk jobs, newest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found, now = service.list_jobs(platform, state=state, limit=limit, offset=offset), platform.clock.now()
    if session.json:
        emit([_json(job) for job in found])
    elif found:
        names = ("id", "workflow", "object", "state", "done", "total", "entered", "started")
        rows = [
            (job.id, job.workflow, job.object, job.state, f"{job.progress:.0%}", job.total, job.entered,
             moment_text(session, job.created_at, now))
            for job in found
        ]  # fmt: skip
        table(session, names, rows, numbers=("done", "total", "entered"))
    else:
        line(session, session.say("No jobs found."))
        next_step(session, "towpath enrol --help")


@app.command("show")
def show_job(context: typer.Context, job: TheJob) -> None:
    """Show how far a job has come, and whom the workflow did not take."""
    session = Session.of(context)
    with session.platform() as platform:
        found, now = service.show_job(platform, job), platform.clock.now()
    if session.json:
        emit(_json(found))
        return
    table(session, ("field", "value"), _rows(session, found, now))
    refused = [(why, each["count"], " ".join(each["records"][:3])) for why, each in sorted(found.refused.items())]
    if refused:
        table(session, ("reason", "records", "first"), refused, title="Not taken", numbers=("records",))


@app.command("pause")
def pause_job(context: typer.Context, job: TheJob) -> None:
    """Let no more records enter until it is resumed; those that have entered go on."""
    _done(Session.of(context), "Job {id} is paused at {looked} of {total} records.", job, service.pause_job)


@app.command("resume")
def resume_job(context: typer.Context, job: TheJob) -> None:
    """Go on where the job was paused."""
    text = "Job {id} goes on at {looked} of {total} records."
    _done(Session.of(context), text, job, service.resume_job, works=True)


@app.command("cancel")
def cancel_job(context: typer.Context, job: TheJob) -> None:
    """Let no more records enter, for good; those that have entered go on."""
    _done(Session.of(context), "Job {id} is cancelled at {looked} of {total} records.", job, service.cancel_job)


def _done(
    session: Session, text: str, job_id: str, act: Callable[[Platform, str], Job], *, works: bool = False
) -> None:
    with session.platform() as platform:
        job = act(platform, job_id)
        driven = work_now(session, platform) if works else None
        after = service.show_job(platform, job_id)
    if session.json:
        emit(_json(after))
        return
    line(session, session.say(text, id=job.id, looked=job.looked, total=job.total))
    tell(session, driven)


def _json(job: Job) -> dict[str, Any]:
    return with_iso_times({**asdict(job), "progress": job.progress}, *TIMES)


def _rows(session: Session, job: Job, now: int) -> list[tuple[str, object]]:
    rows = [
        ("workflow", job.workflow), ("object", job.object),
        ("where", condition_to_text(condition_from_json(job.where)) if job.where else None),
        ("state", job.state), ("done", f"{job.progress:.0%}"), ("total", job.total), ("looked", job.looked),
        ("entered", job.entered), ("per_hour", job.per_hour), ("by", job.created_by),
        ("started", moment_text(session, job.created_at, now)), ("due", moment_text(session, job.due, now)),
        ("ended", moment_text(session, job.ended_at, now)), ("error", job.error),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value not in (None, "")]
