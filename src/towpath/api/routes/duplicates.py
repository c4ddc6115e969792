"""Duplicates over HTTP: what was found, and merging."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Limit
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.duplicates import MergeAnswer, MergeBody, PairRow
from towpath.service import duplicates
from towpath.service.access import require_object

routes = Routes("record", "Duplicates")


@routes.get("/api/duplicates", response_model=list[PairRow])
def list_duplicates(
    platform: ThePlatform,
    object: Annotated[str | None, Query(description="Only of this kind of record.")] = None,
    record: Annotated[str | None, Query(description="Only of the record of this id.")] = None,
    limit: Limit = 50,
) -> Any:
    """Records that may be one, the surest first."""
    return duplicates.list_pairs(platform, object_name=object, record=record, limit=limit)


@routes.post("/api/records/{object}/merge", "update", response_model=MergeAnswer)
def merge_records(platform: ThePlatform, actor: TheActor, object: str, body: MergeBody) -> Any:
    """Make one record of several.

    The id to keep stays, else the oldest. Children, tasks, approvals, runs and timers move to it; the other ids lead
    to it from then on.
    """
    require_object(actor, object)
    return duplicates.merge(
        platform, object, body.ids, rule=body.rule, values=body.values, keep=body.keep, dry_run=body.dry_run,
        actor=actor.id,
    )  # fmt: skip
