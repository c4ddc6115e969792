"""Calls to the outside over HTTP: list them, and say what became of those in doubt."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit, Offset
from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.runs import EffectRow, ResolveBody
from towpath.service import effects, outbox

routes = Routes("effect", "Effects")


@routes.get("/api/effects", response_model=list[EffectRow])
def list_effects(
    platform: ThePlatform,
    state: Annotated[str | None, Query(examples=["unknown"])] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    """Calls to the outside, newest first."""
    return outbox.list_effects(platform, state=state, limit=limit, offset=offset)


@routes.post("/api/effects/{effect}/resolve", "execute", status=204)
def resolve_effect(platform: ThePlatform, effect: str, body: ResolveBody) -> None:
    """Say what became of an unknown call."""
    effects.resolve_unknown(platform, effect, happened=body.happened, response=body.response)
