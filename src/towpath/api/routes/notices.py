"""Notices over HTTP: what people should see."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.runs import NoticeRow
from towpath.service import notices

routes = Routes("notice", "Notices")


@routes.get("/api/notices", response_model=list[NoticeRow])
def list_notices(
    platform: ThePlatform,
    kind: str | None = None,
    run: str | None = None,
    before: Annotated[str | None, Query(description="Id of the last one already seen.")] = None,
    limit: Limit = 50,
) -> Any:
    """Alerts and log lines, newest first."""
    return notices.list_notices(platform, kind=kind, run=run, before=before, limit=limit)
