"""Bulk jobs over HTTP: enrol records, see how far a job has come, pause, resume and cancel it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request

from towpath.api.conditions import Limit, Offset, condition
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.jobs import EnrolBody, JobAnswer
from towpath.service import jobs

routes = Routes("workflow", "Jobs")


@routes.post("/api/workflows/{workflow}/enrol", "execute", status=202, response_model=JobAnswer)
def enrol_records(platform: ThePlatform, actor: TheActor, request: Request, workflow: str, body: EnrolBody) -> Any:
    """Enrol records.

    One run for each record that matches, as a bulk job: page by page, behind all other work, by the rules of the
    workflow's enrolment.
    """
    declared = jobs.enrol(
        platform, workflow, body.object, condition(body.where), per_hour=body.per_hour, actor=actor.id
    )
    request.app.state.nudge()
    return declared


@routes.get("/api/jobs", response_model=list[JobAnswer])
def list_jobs(
    platform: ThePlatform,
    state: Annotated[jobs.State | None, Query(examples=["running"])] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    """Bulk jobs, newest first."""
    return jobs.list_jobs(platform, state=state, limit=limit, offset=offset)


@routes.get("/api/jobs/{job}", response_model=JobAnswer)
def get_job(platform: ThePlatform, job: str) -> Any:
    """A bulk job and how far it has come."""
    return jobs.show_job(platform, job)


@routes.post("/api/jobs/{job}/pause", "execute", response_model=JobAnswer)
def pause_job(platform: ThePlatform, job: str) -> Any:
    """Pause a bulk job.

    No more records enter until it is resumed; those that have entered go on.
    """
    return jobs.pause_job(platform, job)


@routes.post("/api/jobs/{job}/resume", "execute", response_model=JobAnswer)
def resume_job(platform: ThePlatform, request: Request, job: str) -> Any:
    """Resume a bulk job where it was paused."""
    resumed = jobs.resume_job(platform, job)
    request.app.state.nudge()
    return resumed


@routes.post("/api/jobs/{job}/cancel", "execute", response_model=JobAnswer)
def cancel_job(platform: ThePlatform, job: str) -> Any:
    """Cancel a bulk job.

    No more records enter; those that have entered go on.
    """
    return jobs.cancel_job(platform, job)
