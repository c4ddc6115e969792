"""Approvals over HTTP: submit, list, show, send, recall. They are decided by completing their tasks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.people import RecallBody, SubmitBody
from towpath.api.shapes.records import Record
from towpath.service import approvals
from towpath.service.access import acting_as

routes = Routes("task", "Approvals")
Status = Literal["Draft", "Pending", "Approved", "Rejected", "Recalled", "Expired"]


@routes.get("/api/approvals", response_model=list[Record])
def list_approvals(
    platform: ThePlatform,
    status: Annotated[Status | None, Query(description="Pending when left out.")] = None,
    record: Annotated[str | None, Query(description="Only about the record of this id.")] = None,
    limit: Limit = 50,
) -> Any:
    """Approvals, newest first."""
    return approvals.list_approvals(platform, status=status, record=record, limit=limit)


@routes.post("/api/approvals", "create", status=201, response_model=Record)
def submit_approval(platform: ThePlatform, actor: TheActor, body: SubmitBody) -> Any:
    """Ask for a decision.

    Nothing is approved by itself: 422 where nobody may decide.
    """
    return approvals.submit(
        platform, body.subject, body.steps, submitter=acting_as(actor, body.submitter), object_name=body.object,
        record=body.record, draft=body.draft, actor=actor.id, description=body.description,
    )  # fmt: skip


@routes.get("/api/approvals/{approval}", response_model=Record)
def show_approval(platform: ThePlatform, approval: str) -> Any:
    """An approval with the tasks of all its rounds."""
    return approvals.show(platform, approval)


@routes.post("/api/approvals/{approval}/send", "execute", response_model=Record)
def send_approval(platform: ThePlatform, actor: TheActor, approval: str) -> Any:
    """Send a draft on its way.

    403 for anybody but its submitter.
    """
    return approvals.start(platform, approval, who=acting_as(actor, None), actor=actor.id)


@routes.post("/api/approvals/{approval}/recall", "execute", response_model=Record)
def recall_approval(platform: ThePlatform, actor: TheActor, approval: str, body: RecallBody | None = None) -> Any:
    """Take a request back.

    Open tasks are closed and locked fields are free again. 403 for anybody but its submitter.
    """
    return approvals.recall(platform, approval, who=acting_as(actor, body.who if body else None), actor=actor.id)
