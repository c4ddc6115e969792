"""Blueprints over HTTP: where a record stands, what can be done there, doing it, and how it came there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.people import MoveRow, StandingAnswer, TransitionBody
from towpath.api.shapes.records import Record
from towpath.service import blueprints
from towpath.service.access import acting_as

routes = Routes("record", "Blueprints")
ONE = "/api/records/{object}/{record}/transitions"


@routes.get(ONE, response_model=StandingAnswer)
def list_transitions(
    platform: ThePlatform,
    object: str,
    record: str,
    who: Annotated[str | None, Query(description="For whom: a user's id, e-mail or name.")] = None,
) -> Any:
    """Where a record stands in its blueprint, and the transitions from there."""
    return blueprints.available(platform, object, record, who)


@routes.post(ONE + "/{transition}", "update", response_model=Record)
def make_transition(
    platform: ThePlatform, actor: TheActor, object: str, record: str, transition: str, body: TransitionBody
) -> Any:
    """Make a transition.

    409 when the record is not in `expected_state`, 403 for who is not an owner, 422 when the criteria are not met or
    something that must be given is missing: `problems` has one entry per field.
    """
    return blueprints.transition(
        platform, object, record, transition, expected_state=body.expected_state, who=acting_as(actor, body.who),
        values=body.values, note=body.note, files=body.files, checklist=body.checklist, actor=actor.id,
    )  # fmt: skip


@routes.get("/api/blueprints/moves", response_model=list[MoveRow])
def list_moves(
    platform: ThePlatform,
    record: str | None = None,
    blueprint: str | None = None,
    deviations: Annotated[bool, Query(description="Only what the blueprint does not know.")] = False,
    limit: Limit = 50,
) -> Any:
    """How records came where they are, newest first."""
    return blueprints.moves(platform, record=record, blueprint=blueprint, deviations=deviations, limit=limit)


@routes.get("/api/blueprints/{name}/versions", response_model=list[Record])
def list_blueprint_versions(platform: ThePlatform, name: str) -> Any:
    """Every version of a blueprint, the newest first."""
    return blueprints.versions(platform, name)
