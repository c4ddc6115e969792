"""Saved views over HTTP: list, make, change, delete."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.views import ViewAnswer, ViewBody, ViewChange
from towpath.service import views
from towpath.service.access import Actor

routes = Routes("view", "Views")
ONE = "/api/views/{view}"


@routes.get("/api/views", response_model=list[ViewAnswer])
def list_views(platform: ThePlatform, actor: TheActor, object: str) -> Any:
    """The views of an object: one's own and those that are shared, by name."""
    return [_shown(actor, view) for view in views.list_views(platform, object, actor)]


@routes.post("/api/views", "create", status=201, response_model=ViewAnswer)
def make_view(platform: ThePlatform, actor: TheActor, body: ViewBody) -> Any:
    """Keep a view.

    Sharing one takes a role that works with records. One default each: of one's own, and of all.
    """
    made = views.make_view(
        platform, actor, body.object, body.name, body.document.model_dump(), shared=body.shared,
        is_default=body.is_default,
    )  # fmt: skip
    return _shown(actor, made)


@routes.route("PUT", ONE, "update", response_model=ViewAnswer)
def change_view(platform: ThePlatform, actor: TheActor, view: str, body: ViewChange) -> Any:
    """Change a view.

    403 for somebody else's, unless the caller manages people.
    """
    return _shown(actor, views.change_view(platform, actor, view, **body.model_dump()))


@routes.route("DELETE", ONE, "delete", status=204)
def delete_view(platform: ThePlatform, actor: TheActor, view: str) -> None:
    """Take a view away."""
    views.delete_view(platform, actor, view)


def _shown(actor: Actor, view: views.View) -> dict[str, Any]:
    return {**asdict(view), "mine": views.may_change(actor, view)}
