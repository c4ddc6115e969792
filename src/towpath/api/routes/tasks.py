"""People's tasks over HTTP: inbox, list, claim, complete, reassign."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.people import Inbox, ReassignBody
from towpath.api.shapes.records import Record
from towpath.api.shapes.runs import ClaimBody, CompleteBody
from towpath.errors import InputError
from towpath.service import tasks
from towpath.service.access import acting_as

routes = Routes("task", "Tasks")


@routes.get("/api/tasks", response_model=list[Record])
def list_tasks(
    platform: ThePlatform,
    owner: Annotated[str | None, Query(description="A user's id, e-mail or name.")] = None,
    status: Annotated[str | None, Query(description="Open and Claimed when left out.")] = None,
    run: str | None = None,
    team: Annotated[str | None, Query(description="A team's id or name.")] = None,
    queue: Annotated[str | None, Query(description="A queue's id or name.")] = None,
    role: str | None = None,
    record: Annotated[str | None, Query(description="Only about the record of this id.")] = None,
    overdue: Annotated[bool, Query(description="Only those whose time has passed.")] = False,
    limit: Limit = 50,
) -> Any:
    """Tasks, the most urgent first."""
    return tasks.list_tasks(
        platform, owner=owner, status=status, run=run, team=team, queue=queue, role=role, record=record,
        overdue=overdue, limit=limit,
    )  # fmt: skip


@routes.get("/api/inbox/{who}", response_model=Inbox)
def get_inbox(platform: ThePlatform, who: str, limit: Limit = 50) -> Any:
    """What a person can do now: his own tasks, and those that wait for his team, queues or role."""
    return tasks.inbox(platform, who, limit=limit)


@routes.get("/api/tasks/{task}", response_model=Record)
def get_task(platform: ThePlatform, task: str) -> Any:
    """A task with its form."""
    return tasks.get_task(platform, task)


@routes.post("/api/tasks/{task}/reassign", "execute", response_model=Record)
def reassign_task(platform: ThePlatform, actor: TheActor, task: str, body: ReassignBody) -> Any:
    """Give an open task to another person, a team, a queue or a role.

    It is open again. 409 for decisions, which are handed on by a delegate.
    """
    return tasks.reassign_task(
        platform, task, to=body.to, team=body.team, queue=body.queue, role=body.role, actor=actor.id
    )


@routes.post("/api/tasks/{task}/claim", "execute", response_model=Record)
def claim_task(platform: ThePlatform, actor: TheActor, task: str, body: ClaimBody | None = None) -> Any:
    """Take a task up.

    Labour counts from now. 409 when somebody else has it.
    """
    who = acting_as(actor, body.who if body else None)
    if who is None:
        raise InputError("who takes the task up is missing", code="task.who", hint="Name a person in 'who'.")
    return tasks.claim_task(platform, task, who)


@routes.post("/api/tasks/{task}/complete", "execute", response_model=Record)
def complete_task(platform: ThePlatform, actor: TheActor, task: str, body: CompleteBody | None = None) -> Any:
    """Finish a task.

    The run that waits for it goes on. The second one to do so gets 409, and so does anybody for a task that somebody
    else has claimed; 403 for what waits for a role or queue of others.
    """
    asked = body or CompleteBody()
    who = acting_as(actor, asked.who)
    return tasks.complete_task(platform, task, who=who, outcome=asked.outcome, response=asked.response)
