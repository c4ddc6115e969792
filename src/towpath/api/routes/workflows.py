"""Workflows over HTTP: list, read, check, publish, switch, pause, start."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query
from starlette.requests import Request

from towpath.api.conditions import At, moment
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.workflows import (
    BacktestAnswer,
    BacktestBody,
    CheckAnswer,
    Definition,
    EnrolledRow,
    EnrolmentAnswer,
    EnrolmentPreviewAnswer,
    PauseBody,
    PublishBody,
    PublishedAnswer,
    StartBody,
    StartedAnswer,
    SwitchBody,
    VersionRow,
    WhyAnswer,
    WorkflowAnswer,
    WorkflowRow,
)
from towpath.errors import NotFoundError
from towpath.formats import read_workflow, survey_workflow
from towpath.messages import language_of, messages
from towpath.service import drafts, versions, workflows
from towpath.service import start as starting
from towpath.service.backtest import backtest as test_draft
from towpath.service.enrolment_preview import preview_enrolment
from towpath.service.enrolment_report import enrolment_report, list_enrolments
from towpath.service.why import why as explain_start

routes = Routes("workflow", "Workflows")


@routes.get("/api/workflows", response_model=list[WorkflowRow])
def list_workflows(platform: ThePlatform) -> Any:
    """All workflows by name."""
    return workflows.list_workflows(platform)


@routes.post("/api/backtests", "execute", response_model=BacktestAnswer)
def backtest(platform: ThePlatform, body: BacktestBody) -> Any:
    """Run a draft over past changes, and compare with what the published version did.

    Nothing leaves: no mail, no call, no change of a record.
    """
    definition = read_workflow(body.definition)
    since, until = moment("since", body.since), moment("until", body.until)
    now = platform.clock.now()
    return test_draft(platform, definition, since or 0, now + 1 if until is None else until, examples=body.examples)


@routes.get("/api/workflows/{workflow}/preview", response_model=EnrolmentPreviewAnswer)
def preview(platform: ThePlatform, workflow: str, version: int | None = None) -> Any:
    """Count who would enter the workflow now and each day, and the mails that makes."""
    return preview_enrolment(platform, workflows.get_definition(platform, workflow, version))


@routes.get("/api/workflows/{workflow}/enrolment", response_model=EnrolmentAnswer)
def enrolment(platform: ThePlatform, workflow: str) -> Any:
    """Count who entered, by arm, for whom the goal was reached, and who left and why."""
    return enrolment_report(platform, workflow)


@routes.get("/api/workflows/{workflow}/enrolment/records", response_model=list[EnrolledRow])
def enrolled_records(
    platform: ThePlatform,
    workflow: str,
    state: str | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """List the records of an enrolment, of one state or all.

    In order of their ids; ``after`` is the last record of the page before.
    """
    return list_enrolments(platform, workflow, state=state, after=after, limit=limit)


@routes.get("/api/workflows/{workflow}/why/{record}", response_model=WhyAnswer)
def why(platform: ThePlatform, workflow: str, record: str, at: At = None, last: bool = False) -> Any:
    """Why the workflow starts on a record or not.

    Every condition, true or false, with the value it saw: as if the record were created now, for its last change, or
    for its last change until a time.
    """
    return explain_start(platform, workflow, record, at=platform.clock.now() if last else moment("at", at))


@routes.post("/api/workflows/check", "read", response_model=CheckAnswer)
def check_workflow(request: Request, platform: ThePlatform, definition: Annotated[Definition, Body()]) -> Any:
    """Find every problem of a definition.

    The ports of its nodes come beside them, for whoever draws it.
    """
    reading = survey_workflow(definition)
    problems, nodes = list(reading.problems), {}
    if reading.definition is not None:
        examined = workflows.examine(platform, reading.definition)
        problems, nodes = problems + examined.problems, dict(examined.nodes)
    problems.sort(key=lambda problem: problem.severity != "error")
    ok = all(problem.severity != "error" for problem in problems)
    texts = messages(language_of(request.headers.get("accept-language")))
    return {"ok": ok, "problems": [problem.in_words(texts) for problem in problems], "nodes": nodes}


@routes.post("/api/workflows", "publish", status=201, response_model=PublishedAnswer)
def publish_workflow(platform: ThePlatform, actor: TheActor, body: PublishBody) -> Any:
    """Publish a definition.

    The definition becomes the next version of the workflow of its id (or, without one, of its name).
    """
    definition = read_workflow(body.definition)
    return workflows.publish(platform, definition, actor=actor.id, activate=body.activate)


@routes.get("/api/workflows/{workflow}", response_model=WorkflowAnswer)
def get_workflow(platform: ThePlatform, workflow: str, version: Annotated[int | None, Query(ge=1)] = None) -> Any:
    """A version with its definition.

    By id or name; the active version, or where none is active the latest, unless one is asked for.
    """
    if version is None:
        known = versions.list_versions(platform, workflow)
        version = next((each["version"] for each in known if each["active"]), None)
    definition = workflows.get_definition(platform, workflow, version)
    return {
        "definition": definition.as_json(),
        "has_draft": drafts.has_draft(platform, workflows.workflow_id_of(definition)),
    }


@routes.get("/api/workflows/{workflow}/versions", response_model=list[VersionRow])
def list_versions(platform: ThePlatform, workflow: str) -> Any:
    """Its versions, newest first."""
    name = named(platform, workflow)["name"]
    return [{"name": name, **version} for version in versions.list_versions(platform, workflow)]


@routes.post("/api/workflows/{workflow}/on", "publish", response_model=WorkflowRow)
def switch_on(platform: ThePlatform, workflow: str, body: SwitchBody | None = None) -> Any:
    """Switch a version on."""
    versions.switch_on(platform, workflow, body.version if body else None)
    return named(platform, workflow)


@routes.post("/api/workflows/{workflow}/off", "publish", response_model=WorkflowRow)
def switch_off(platform: ThePlatform, workflow: str) -> Any:
    """Switch it off.

    Nothing new starts; runs that wait go on.
    """
    workflows.set_active(platform, workflow, None)
    return named(platform, workflow)


@routes.post("/api/workflows/{workflow}/pause", "update", response_model=WorkflowRow)
def pause_workflow(platform: ThePlatform, workflow: str, body: PauseBody | None = None) -> Any:
    """Pause it.

    Events are kept, and runs start once it is resumed.
    """
    workflows.pause(platform, workflow, (body or PauseBody()).why)
    return named(platform, workflow)


@routes.post("/api/workflows/{workflow}/resume", "update", response_model=WorkflowRow)
def resume_workflow(platform: ThePlatform, workflow: str) -> Any:
    """Resume it."""
    workflows.resume(platform, workflow)
    return named(platform, workflow)


@routes.post("/api/workflows/{workflow}/runs", "execute", status=202, response_model=StartedAnswer)
def start_run(platform: ThePlatform, workflow: str, body: StartBody | None = None) -> Any:
    """Start a run.

    The run's id; it is on disk, and a worker takes it up.
    """
    asked = body or StartBody()
    return {"run": starting.start(platform, workflow, asked.items, trigger=asked.trigger)}


def named(platform: ThePlatform, workflow: str) -> dict[str, Any]:
    """The list's row of one workflow."""
    for row in workflows.list_workflows(platform):
        if workflow in (row["id"], row["name"]):
            return row
    raise NotFoundError(f"no workflow is called {workflow!r}", code="workflow.unknown")
