"""Runs over HTTP: list, count, show, retry, move, cancel, erase."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import StreamingResponse

from towpath.api.conditions import Limit, Offset, Since, Until, window
from towpath.api.files import download
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.runs import BulkRunsAnswer, BulkRunsBody, ErasedRow, MoveBody, RetryBody, RunAnswer, RunRow
from towpath.service import bulk_runs, runs
from towpath.service import move_run as moving
from towpath.service.erasing import erase_run
from towpath.service.marked_runs import Mark
from towpath.service.run_files import open_run_file

routes = Routes("run", "Runs")
Seconds = Annotated[
    float | None, Query(ge=0, description="It took (so far, when open) from ``least`` to less than ``under`` seconds.")
]


@routes.get("/api/runs", response_model=list[RunRow])
def list_runs(
    platform: ThePlatform,
    workflow: Annotated[str | None, Query(description="Id or name.")] = None,
    status: Annotated[str | None, Query(examples=["failed"])] = None,
    record: str | None = None,
    since: Since = None,
    until: Until = None,
    least: Seconds = None,
    under: Seconds = None,
    at: Annotated[str | None, Query(description="The node where it waits or failed.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    """Runs, newest first."""
    began, mark = window(since, until), Mark(least, under, at)
    return runs.list_runs(
        platform, workflow=workflow, status=status, record=record, began=began, mark=mark, limit=limit, offset=offset
    )


@routes.get("/api/runs/counts", response_model=dict[str, dict[str, int]])
def count_runs(platform: ThePlatform, record: str | None = None, since: Since = None, until: Until = None) -> Any:
    """How many runs there are, by workflow and status."""
    return runs.count_runs(platform, record=record, began=window(since, until))


@routes.post("/api/runs/bulk", "execute", response_model=BulkRunsAnswer)
def change_runs(platform: ThePlatform, actor: TheActor, body: BulkRunsBody) -> Any:
    """Retry or cancel many runs.

    The ones named, or all that match: for a retry the failed ones, for a cancel those that wait, at most 500 in one
    call. A run that refuses holds up no other.
    """
    if body.runs is not None:
        return bulk_runs.do_to_runs(platform, body.deed, body.runs, actor=actor.id)
    began = window(body.since, body.until)
    return bulk_runs.do_to_all(
        platform, body.deed, workflow=body.workflow, record=body.record, began=began, after=body.after, actor=actor.id
    )


@routes.get("/api/runs/{run}", response_model=RunAnswer)
def get_run(platform: ThePlatform, run: str) -> Any:
    """A run with its steps and where it waits."""
    view = runs.show_run(platform, run)
    waits = [{**wait, "waits_for": wait["for"]} for wait in view.waiting_at]
    return {
        "summary": view.summary, "steps": view.steps, "waiting_at": waits, "globals": view.globals, "error": view.error,
        "data": view.data, "notices": view.notices, "effects": view.effects, "files": view.files,
        "object": view.object,
    }  # fmt: skip


@routes.get("/api/runs/{run}/files/{file}", response_class=StreamingResponse)
def get_run_file(platform: ThePlatform, run: str, file: str) -> Any:
    """The bytes of a file that the run carries.

    As an attachment under its name. Its media type stands with the run's other data.
    """
    return download(open_run_file(platform, run, file))


@routes.post("/api/runs/{run}/retry", "execute", response_model=RunAnswer)
def retry_run(platform: ThePlatform, run: str, body: RetryBody | None = None) -> Any:
    """Let a failed run go on.

    From the step that failed, with its items or with others.
    """
    runs.retry_run(platform, run, items=body.items if body else None)
    return get_run(platform, run)


@routes.post("/api/runs/{run}/move", "execute", response_model=RunAnswer)
def move_run(platform: ThePlatform, actor: TheActor, run: str, body: MoveBody) -> Any:
    """Let a run that waits or has failed go on at another node.

    What it waited for where it stood is closed.
    """
    moving.move_run(platform, run, body.to, place=body.place, items=body.items, actor=actor.id)
    return get_run(platform, run)


@routes.post("/api/runs/{run}/cancel", "execute", response_model=RunAnswer)
def cancel_run(platform: ThePlatform, actor: TheActor, run: str) -> Any:
    """End a waiting run."""
    runs.cancel_run(platform, run, actor=actor.id)
    return get_run(platform, run)


@routes.route("DELETE", "/api/runs/{run}/data", "delete", response_model=ErasedRow)
def erase_run_data(platform: ThePlatform, run: str) -> Any:
    """Erase what a run carried.

    For good: files, items, calls and log lines of a run that has ended. Its steps and figures stay.
    """
    return erase_run(platform, run)
