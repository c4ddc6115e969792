"""``towpath enrol``: let many records enter a workflow, as one bulk job."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step
from towpath.cli.times import with_iso_times
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.expr import parse_condition
from towpath.service.jobs import enrol, show_job

app = new_app()
TIMES = ("created_at", "changed_at", "ended_at", "due")


@app.command()
def enrol_records(
    context: typer.Context,
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="Id or name of the workflow.")],
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")],
    where: Annotated[
        str | None, typer.Option("--where", "-w", help='Condition, such as: score > 50 and status == "New"')
    ] = None,
    per_hour: Annotated[int | None, typer.Option(min=1, help="Start at most so many runs within an hour.")] = None,
) -> None:
    """Let every record that matches enter a workflow, as a bulk job.

    Page by page, behind all other work, by the rules of the workflow's enrolment. It goes on where it was when a
    process that works on it dies; towpath jobs shows, pauses, resumes and cancels it.
    """
    session = Session.of(context)
    condition = None if where is None else parse_condition(where)
    with session.platform() as platform:
        job = enrol(platform, workflow, object_name, condition, per_hour=per_hour)
        driven = work_now(session, platform)
        job = show_job(platform, job.id)
    if session.json:
        emit(with_iso_times({**asdict(job), "progress": job.progress}, *TIMES))
        return
    text = "Job {id}: {looked} of {total} records have had their turn, {entered} have entered."
    line(session, session.say(text, id=job.id, looked=job.looked, total=job.total, entered=job.entered))
    tell(session, driven)
    next_step(session, f"towpath jobs show {job.id}")
