"""Definitions over HTTP: calendars, validation rules and the like; and what a save runs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.definitions import DefinitionAnswer, PipelineStepAnswer, PoolAnswer
from towpath.service import definitions
from towpath.service.explain import explain_save
from towpath.service.pools import list_pools

routes = Routes("definition", "Definitions")
PATH = "/api/definitions/{kind}/{name}"
CALENDAR = {"zone": "Europe/Berlin", "weekly": {"mon": "09:00-17:00"}, "exceptions": {"12-25": "closed"}}


@routes.get("/api/definitions", response_model=list[DefinitionAnswer])
def list_definitions(platform: ThePlatform, kind: str | None = None) -> Any:
    """All definitions, or those of one kind."""
    return definitions.list_definitions(platform, kind)


@routes.get(PATH, response_model=DefinitionAnswer)
def get_definition(platform: ThePlatform, kind: str, name: str) -> Any:
    """One definition."""
    return definitions.get_definition(platform, kind, name)


@routes.route("PUT", PATH, "update", response_model=DefinitionAnswer)
def put_definition(
    platform: ThePlatform,
    actor: TheActor,
    kind: str,
    name: str,
    document: Annotated[dict[str, Any], Body(examples=[CALENDAR])],
) -> Any:
    """Put a definition in force.

    It takes the place of the one with its name.
    """
    return definitions.apply_definition(platform, {**document, "name": name}, kind=kind, actor=actor.id)


@routes.route("DELETE", PATH, "delete", status=204)
def delete_definition(platform: ThePlatform, kind: str, name: str) -> None:
    """Take a definition out of force."""
    definitions.delete_definition(platform, kind, name)


@routes.get("/api/pools", response_model=list[PoolAnswer])
def get_pools(platform: ThePlatform) -> Any:
    """The pools that records are given to: who has what, who is there, and how much waits."""
    return list_pools(platform)


@routes.get("/api/objects/{object}/pipeline", response_model=list[PipelineStepAnswer])
def explain_object(platform: ThePlatform, object: str) -> Any:
    """What a save of such a record runs, in order."""
    return explain_save(platform, object)
