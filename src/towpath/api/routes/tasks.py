"""People's tasks over HTTP: list, claim, complete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.records import Record
from towpath.api.shapes.runs import ClaimBody, CompleteBody
from towpath.service import tasks

routes = Routes("task", "Tasks")


@routes.get("/api/tasks", response_model=list[Record])
def list_tasks(
    platform: ThePlatform,
    owner: Annotated[str | None, Query(description="A user's id, e-mail or name.")] = None,
    status: Annotated[str | None, Query(description="Open and Claimed when left out.")] = None,
    run: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Tasks, the most urgent first."""
    return tasks.list_tasks(platform, owner=owner, status=status, run=run, limit=limit)


@routes.post("/api/tasks/{task}/claim", "execute", response_model=Record)
def claim_task(platform: ThePlatform, task: str, body: ClaimBody) -> Any:
    """Take a task up.

    Labour counts from now. 409 when somebody else has it.
    """
    return tasks.claim_task(platform, task, body.who)


@routes.post("/api/tasks/{task}/complete", "execute", response_model=Record)
def complete_task(platform: ThePlatform, task: str, body: CompleteBody | None = None) -> Any:
    """Finish a task.

    The run that waits for it goes on. The second one to do so gets 409.
    """
    asked = body or CompleteBody()
    return tasks.complete_task(platform, task, who=asked.who, outcome=asked.outcome, response=asked.response)
