"""Figures over HTTP: effectiveness, efficiency and cost of workflows, steps, people and teams."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request

from towpath.api.conditions import Since, Until, window
from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.base import Json
from towpath.api.shapes.runs import DailyRow, HeadlineRow, SpreadAnswer
from towpath.errors import NotFoundError
from towpath.insight import LabourView
from towpath.model.moment import to_text
from towpath.service import metrics, overview, spread, throughput, versions, workflows
from towpath.service.kept import Results

routes = Routes("metric", "Metrics")
View = Annotated[LabourView, Query(description="cohort: labour of the runs that ended; flow: all labour in the time.")]


@routes.get("/api/metrics/workflows", response_model=list[HeadlineRow])
def overview_metrics(platform: ThePlatform, request: Request) -> Any:
    """Figures of all active workflows.

    How runs ended, E = T/T_max, E = W/L and C = W/P of the active version of each, of all times: the same as those of
    the workflow by itself, in one quick answer.
    """

    def make() -> list[Json]:
        as_of = to_text(platform.clock.now())
        return [
            {"workflow": row.workflow, "name": row.name, "figures": row.figures.as_json(), "as_of": as_of}
            for row in overview.overview(platform)
        ]

    kept: Results[list[Json]] = request.app.state.overviews
    return kept.get((), make)


@routes.get("/api/metrics/workflows/{workflow}", response_model=Json)
def workflow_metrics(
    platform: ThePlatform,
    request: Request,
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

    A baseline is an earlier period: its p95 stands in for a missing time limit. Figures that take long to work out may
    be some minutes old: `as_of` says when they were made.
    """
    earlier = window(baseline_since, baseline_until) if baseline_since or baseline_until else None
    number = _active(platform, workflow) if version is None else _number(platform, workflow, version)
    shown = window(since, until)

    def make() -> Json:
        found = metrics.workflow_metrics(platform, workflow, number=number, window=shown, view=view, baseline=earlier)
        return {**found.as_json(), "as_of": to_text(platform.clock.now())}

    kept: Results[Json] = request.app.state.figures
    return kept.get((workflow, number, shown, view, earlier), make)


@routes.get("/api/metrics/workflows/{workflow}/daily", response_model=list[DailyRow])
def daily_metrics(
    platform: ThePlatform,
    workflow: str,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    zone: Annotated[str, Query(description="Whose days are meant.", examples=["Europe/Berlin"])] = "UTC",
) -> Any:
    """Runs of a workflow by day.

    How many started, how many ended and how, and how long those took.
    """
    return throughput.daily(platform, workflow, days=days, zone=zone)


@routes.get("/api/metrics/workflows/{workflow}/spread", response_model=SpreadAnswer)
def spread_metrics(platform: ThePlatform, workflow: str, since: Since = None, until: Until = None) -> Any:
    """How the times of a workflow's runs are spread.

    Completed runs that began in the time, by what they took; runs that are open now, by their age.
    """
    return spread.spread(platform, workflow, began=window(since, until))


@routes.get("/api/metrics/people/{who}", response_model=Json)
def people_metrics(platform: ThePlatform, who: str, since: Since = None, until: Until = None) -> Any:
    """Figures of a person or a team.

    By id, e-mail or name.
    """
    return metrics.people_metrics(platform, who, window=window(since, until)).as_json()


def _active(platform: ThePlatform, workflow: str) -> int | None:
    """The number of the active version; the service says what is wrong where there is none."""
    rows = workflows.list_workflows(platform)
    return next((row["number"] for row in rows if workflow in (row["id"], row["name"])), None)


def _number(platform: ThePlatform, workflow: str, version: int) -> int:
    for each in versions.list_versions(platform, workflow):
        if each["version"] == version:
            return int(each["number"])
    raise NotFoundError(f"workflow {workflow!r} has no version {version}", code="workflow.unknown_version")
