"""Many records at once over HTTP: change, delete, bring back, count by groups."""

from __future__ import annotations

from typing import Any

from towpath.api.conditions import condition
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.many import (
    GroupRow,
    GroupsBody,
    ManyAnswer,
    ManyBody,
    RestoreManyBody,
    UpdateManyAnswer,
    UpdateManyBody,
)
from towpath.service import bulk
from towpath.service.access import require_object
from towpath.service.groups import group_records

routes = Routes("record", "Records")
PATH = "/api/records/{object}"


@routes.post(PATH + "/bulk/update", "update", response_model=UpdateManyAnswer)
def update_many(platform: ThePlatform, actor: TheActor, object: str, body: UpdateManyBody) -> Any:
    """Change many records.

    A record that cannot be changed is left as it is and told. At most 10,000 at a time.
    """
    require_object(actor, object)
    rows = body.rows
    if rows is None:
        rows = dict.fromkeys(_chosen(platform, object, body), body.values)
    done = bulk.update_many(platform, object, rows, actor=actor.id)
    return {**_told(done), "before": done.before}


@routes.post(PATH + "/bulk/delete", "delete", response_model=ManyAnswer)
def delete_many(platform: ThePlatform, actor: TheActor, object: str, body: ManyBody) -> Any:
    """Delete many records.

    They can be brought back. At most 10,000 at a time.
    """
    require_object(actor, object)
    return _told(bulk.delete_many(platform, object, _chosen(platform, object, body), actor=actor.id))


@routes.post(PATH + "/bulk/restore", "update", response_model=ManyAnswer)
def restore_many(platform: ThePlatform, actor: TheActor, object: str, body: RestoreManyBody) -> Any:
    """Bring many deleted records back."""
    require_object(actor, object)
    return _told(bulk.restore_many(platform, object, _once(body.ids), actor=actor.id))


@routes.post(PATH + "/groups", "read", response_model=list[GroupRow])
def get_groups(platform: ThePlatform, object: str, body: GroupsBody) -> Any:
    """Count records by the values of a field."""
    return group_records(platform, object, body.by, condition(body.where), body.sums)


def _chosen(platform: ThePlatform, object_name: str, body: ManyBody) -> list[str]:
    if body.ids is not None:
        return _once(body.ids)
    return bulk.matching(platform, object_name, condition(body.where))


def _once(ids: list[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _told(done: bulk.Changed) -> dict[str, Any]:
    return {"changed": done.ids, "errors": [{"record": key, "error": error.as_json()} for key, error in done.errors]}
