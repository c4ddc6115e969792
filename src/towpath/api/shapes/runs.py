"""Runs, steps, tasks, notices and effects on the wire."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example


class RunRow(Answer):
    """A run in a list."""

    id: str
    workflow_id: str
    workflow: str
    version: int
    status: str = Field(description="waiting, completed, failed or cancelled.")
    record: str | None
    started_at: Moment
    ended_at: Moment | None
    due: Moment | None = Field(description="When it has something to do next by itself.")
    error: str | None = Field(description="The code of its error.")


class StepItems(Answer):
    """What was kept of a step: items by input, items by output, and its error with the hint."""

    inputs: dict[str, list[Json]]
    outputs: dict[str, list[Json]]
    error: Json | None


class StepRow(Answer):
    """One executed step."""

    node: str
    name: str
    attempt: int
    enabled_at: Moment
    started_at: Moment
    ended_at: Moment
    actor: str
    outcome: str = Field(
        description="ok, failed, skipped, cancelled; part: what one of several people did for the step."
    )
    port: str | None
    items_in: int
    items_out: int
    error: str | None
    data: StepItems | None = Field(description="Where the workflow's settings keep data of such steps (settings.log).")


class WaitRow(Answer):
    """A node where the run waits, or where it failed."""

    node: str
    name: str
    since: Moment | None
    due: Moment | None
    waits_for: list[str]
    items: list[Json] = Field(description="What stands there: the first hundred items.")
    count: int = Field(description="How many items stand there.")


class StepData(Answer):
    """Data that was kept of a step."""

    sequence: int
    node: str
    at: Moment
    data: Any


class RunNotice(Answer):
    """What was said about the run."""

    at: Moment
    kind: str
    text: str
    node: str | None


class RunEffect(Answer):
    """A call to the outside that the run asked for."""

    id: str
    node: str
    kind: str
    state: str
    attempt: int
    error: str | None


class RunFile(Answer):
    """A file that a run carries or a record has; the same address with /{id} behind /files gives its bytes."""

    id: str
    name: str
    media_type: str = Field(description="As whoever made the file says.")
    bytes: int
    at: Moment


class RunAnswer(Answer):
    """A run with everything that is known about it."""

    summary: RunRow
    steps: list[StepRow]
    waiting_at: list[WaitRow]
    globals: Json
    error: Json | None
    data: list[StepData]
    notices: list[RunNotice]
    effects: list[RunEffect]
    files: list[RunFile]
    object: str | None = Field(description="The object of the run's record.")


class ErasedRow(Answer):
    """How many runs had something to erase, and how many files went with them."""

    runs: int
    files: int


class DailyRow(Answer):
    """A workflow's day; ``median`` is the seconds that half of the runs that ended took at most."""

    day: str
    started: int
    completed: int
    failed: int
    cancelled: int
    median: float | None


class BarRow(Answer):
    """How many runs took from ``least`` to less than ``under`` seconds; the last bar has no end."""

    least: int
    under: int | None
    runs: int


class SpreadAnswer(Answer):
    """Completed runs by what they took, open ones by their age."""

    took: list[BarRow]
    age: list[BarRow]


class HeadlineRow(Answer):
    """An active workflow and the figures of its active version; ``as_of`` says when they were made."""

    workflow: str
    name: str
    figures: Json
    as_of: Moment


class RetryBody(Body):
    """Items to go on with instead of the ones that failed."""

    model_config = {**Body.model_config, **example({"items": [{"email": "right@example.com"}]})}

    items: list[Json] | None = Field(None, max_length=10_000)


class BulkRunsBody(Body):
    """What to do, and to which runs: the ones named, else all that match."""

    model_config = {**Body.model_config, **example({"deed": "retry", "workflow": "lead-capture"})}

    deed: Literal["retry", "cancel"]
    runs: list[str] | None = Field(None, max_length=500)
    workflow: str | None = Field(None, description="Id or name.")
    record: str | None = None
    since: str | None = Field(None, description="Runs that began from this time on, ISO 8601.")
    until: str | None = Field(None, description="Runs that began before this time, ISO 8601.")
    after: str = Field("", description="Of all that match: go on after this run, the `next` of the last answer.")


class RefusedRun(Answer):
    """A run that stayed as it was, and why."""

    run: str
    code: str
    message: str


class BulkRunsAnswer(Answer):
    """How many were done, and which refused; `next` is the `after` of a further call, if there may be more."""

    done: int
    refused: list[RefusedRun]
    next: str | None


class MoveBody(Body):
    """The node to go on at; the one that is left, where the run stands at several; other items, if any."""

    model_config = {**Body.model_config, **example({"to": "mail", "items": [{"email": "right@example.com"}]})}

    to: str = Field(min_length=1, description="Id of a node of the run's version.")
    place: str | None = Field(None, description="Id of the node where the run stands.")
    items: list[Json] | None = Field(None, max_length=10_000)


class ClaimBody(Body):
    """Who takes the task up: a user's id, e-mail or name; the person who has signed in when left out."""

    model_config = {**Body.model_config, **example({"who": "ada@example.com"})}

    who: str | None = Field(None, min_length=1)


class CompleteBody(Body):
    """How the task ended: an outcome (approved or rejected for approvals) and the answers of its form."""

    model_config = {
        **Body.model_config,
        **example({"who": "ada@example.com", "outcome": "approved", "response": {"discount": 10}}),
    }

    who: str | None = None
    outcome: str | None = None
    response: Json | None = None


class NoticeRow(Answer):
    """Something people should see."""

    id: str
    at: Moment
    kind: str
    text: str
    version: int | None
    run: str | None
    node: str | None
    data: Json | None


class EffectRow(Answer):
    """A call to the outside, as it stands in the outbox."""

    id: str
    run: str
    node: str
    kind: str
    state: str = Field(description="new, sending, sent, failed, unknown or cancelled.")
    attempt: int
    created_at: Moment
    changed_at: Moment
    error: str | None


class ResolveBody(Body):
    """What became of an unknown call: it happened (with this response), or it is to be sent again."""

    model_config = {**Body.model_config, **example({"happened": True, "response": {"status": 200}})}

    happened: bool
    response: Json | None = None
