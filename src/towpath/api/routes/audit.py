"""The audit log over HTTP: who changed what and when, and whether the log itself is whole."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.accounts import AuditRow, ChainAnswer
from towpath.service import audit

routes = Routes("audit", "Audit")


@routes.get("/api/audit", response_model=list[AuditRow])
def list_audit(
    platform: ThePlatform,
    actor: str | None = None,
    action: Annotated[str | None, Query(examples=["workflow:publish"])] = None,
    before: Annotated[int | None, Query(ge=1, description="Number of the last one already seen.")] = None,
    limit: Limit = 50,
) -> Any:
    """Entries, newest first."""
    return audit.list_entries(platform, actor=actor, action=action, before=before, limit=limit)


@routes.get("/api/audit/check", response_model=ChainAnswer)
def check_audit(platform: ThePlatform) -> Any:
    """Check the chain of the log.

    Every entry's hash covers the one before: an entry that was altered or removed is named.
    """
    broken = audit.verify(platform)
    return {"whole": broken is None, "first_broken": broken}
