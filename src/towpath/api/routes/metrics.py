"""Figures over HTTP: effectiveness, efficiency and cost of workflows, steps, people and teams."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.conditions import Since, Until, window
from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.base import Json
from towpath.errors import NotFoundError
from towpath.insight import LabourView
from towpath.service import metrics, versions

routes = Routes("metric", "Metrics")
View = Annotated[LabourView, Query(description="cohort: labour of the runs that ended; flow: all labour in the time.")]


@routes.get("/api/metrics/workflows/{workflow}", response_model=Json)
def workflow_metrics(
    platform: ThePlatform,
    workflow: str,
    version: Annotated[int | None, Query(ge=1, description="The active one when left out.")] = None,
    since: Since = None,
    until: Until = None,
    view: View = "cohort",
    baseline_since: Since = None,
    baseline_until: Until = None,
) -> Any:
    """Figures of a workflow and its steps.

    E = T/T_max, E = W/L and C = W/P with the raw values they are made of.

    A baseline is an earlier period: its p95 stands in for a missing time limit.
    """
    earlier = window(baseline_since, baseline_until) if baseline_since or baseline_until else None
    number = None if version is None else _number(platform, workflow, version)
    found = metrics.workflow_metrics(
        platform, workflow, number=number, window=window(since, until), view=view, baseline=earlier
    )
    return found.as_json()


@routes.get("/api/metrics/people/{who}", response_model=Json)
def people_metrics(platform: ThePlatform, who: str, since: Since = None, until: Until = None) -> Any:
    """Figures of a person or a team.

    By id, e-mail or name.
    """
    return metrics.people_metrics(platform, who, window=window(since, until)).as_json()


def _number(platform: ThePlatform, workflow: str, version: int) -> int:
    for each in versions.list_versions(platform, workflow):
        if each["version"] == version:
            return int(each["number"])
    raise NotFoundError(f"workflow {workflow!r} has no version {version}", code="workflow.unknown_version")
