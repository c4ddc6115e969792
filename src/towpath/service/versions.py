"""The versions of a workflow: which there are, and switching one on."""

from __future__ import annotations

from typing import Any

from towpath.engine.tables import VERSION, WORKFLOW
from towpath.errors import NotFoundError, did_you_mean
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.service.platform import Platform
from towpath.service.workflows import set_active


def list_versions(platform: Platform, workflow: str) -> list[dict[str, Any]]:
    """The versions of a workflow given by id or name, newest first; times are microseconds UTC."""
    return platform.store.read(lambda tx: _versions(tx, workflow))


def switch_on(platform: Platform, workflow: str, version: int | None = None) -> int:
    """Make a version (by default the newest) the active one; which it is."""
    versions = list_versions(platform, workflow)
    chosen = next((each for each in versions if version in (None, each["version"])), None)
    if chosen is None:
        known = ", ".join(str(each["version"]) for each in versions)
        raise NotFoundError(
            f"workflow {workflow!r} has no version {version}",
            code="workflow.unknown_version",
            hint=f"Known: {known}.",
            params={"version": version},
        )
    set_active(platform, workflow, chosen["number"])
    return int(chosen["version"])


def _versions(tx: Reader, workflow: str) -> list[dict[str, Any]]:
    names = tx.select(WORKFLOW, ("id", "name", "active"))
    found = next(((i, active) for i, name, active in names if workflow in (i, name)), None)
    if found is None:
        hint = did_you_mean(workflow, [name for _, name, _ in names])
        raise NotFoundError(f"no workflow is called {workflow!r}", code="workflow.unknown", hint=hint)
    columns = ("number", "version", "hash", "published_at", "published_by")
    order = (Order("version", descending=True),)
    rows = tx.select(VERSION, columns, Comparison(Field("workflow"), "==", found[0]), order=order)
    return [dict(zip(columns, row, strict=True)) | {"active": row[0] == found[1]} for row in rows]
