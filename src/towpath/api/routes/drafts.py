"""Drafts over HTTP: read, save with the revision it was made from, publish, discard."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.workflows import DraftAnswer, DraftBody, PublishDraftBody, PublishedAnswer
from towpath.errors import ConflictError
from towpath.formats import read_workflow
from towpath.service import drafts, workflows
from towpath.service.staff import names_of

routes = Routes("workflow", "Drafts")
PATH = "/api/workflows/{workflow}/draft"


@routes.get(PATH, response_model=DraftAnswer)
def get_draft(platform: ThePlatform, workflow: str) -> Any:
    """The draft of a workflow."""
    return _answer(platform, drafts.get_draft(platform, workflow))


@routes.route("PUT", PATH, "update", response_model=DraftAnswer)
def save_draft(platform: ThePlatform, actor: TheActor, workflow: str, body: DraftBody) -> Any:
    """Save the draft.

    It may be incomplete. 409 when somebody has saved since the revision that it was made from.
    """
    return _answer(
        platform, drafts.save_draft(platform, workflow, body.definition, revision=body.revision, actor=actor.id)
    )


@routes.route("DELETE", PATH, "update", status=204)
def discard_draft(platform: ThePlatform, workflow: str, revision: Annotated[int, Query(ge=1)]) -> None:
    """Discard the draft."""
    drafts.discard_draft(platform, workflow, revision=revision)


@routes.post(f"{PATH}/publish", "publish", status=201, response_model=PublishedAnswer)
def publish_draft(platform: ThePlatform, actor: TheActor, workflow: str, body: PublishDraftBody) -> Any:
    """Publish the draft.

    The draft becomes the next version, if it is still at that revision.
    """
    draft = drafts.get_draft(platform, workflow)
    if draft.revision != body.revision:
        raise ConflictError(
            f"the draft of {workflow!r} is at revision {draft.revision}, not at {body.revision}",
            code="draft.conflict",
            hint="Read it again before you publish it.",
        )
    definition = read_workflow({**draft.definition, "id": workflow})
    return workflows.publish(platform, definition, actor=actor.id, activate=body.activate)


def _answer(platform: ThePlatform, draft: drafts.Draft) -> dict[str, Any]:
    by = draft.updated_by
    return asdict(draft) | {"who": names_of(platform, [{"by": by}], "by")[by]}
