"""What asks for the caller's attention, and what is kept for him, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.notifications import NotificationRow, PreferenceBody, ReadBody
from towpath.service import notifications, preferences

routes = Routes("session", "Notifications")


@routes.get("/api/notifications", response_model=list[NotificationRow])
def list_notifications(platform: ThePlatform, actor: TheActor) -> Any:
    """What asks for your attention, the latest first.

    Tasks and approvals given to you, time limits that come near, failed runs of workflows that you published.
    """
    return notifications.notifications(platform, actor)


@routes.post("/api/notifications/read", "update", status=204)
def mark_notifications_read(platform: ThePlatform, actor: TheActor, body: ReadBody) -> None:
    """Mark some notifications as read, or all."""
    notifications.mark_read(platform, actor, body.ids)


@routes.get("/api/preferences", response_model=dict[str, Any])
def list_preferences(platform: ThePlatform, actor: TheActor) -> Any:
    """What is kept for you from browser to browser, by name."""
    return preferences.preferences(platform, actor)


@routes.route("PUT", "/api/preferences/{name}", "update", status=204)
def set_preference(
    platform: ThePlatform,
    actor: TheActor,
    name: Annotated[str, Path(pattern="^[a-z][a-z_]{0,49}$")],
    body: PreferenceBody,
) -> None:
    """Keep a value for yourself; null takes it away."""
    preferences.set_preference(platform, actor, name, body.value)
