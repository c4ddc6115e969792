"""Bodies of requests about people's work: handing on a task, asking for a decision, taking it back."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Body, Json, example
from towpath.model.approval import ApprovalStep


class ReassignBody(Body):
    """Who gets the task: exactly one of a person, a team, a queue and a role."""

    model_config = {**Body.model_config, **example({"to": "ada@example.com"})}

    to: str | None = None
    team: str | None = None
    queue: str | None = None
    role: str | None = None


class SubmitBody(Body):
    """What is to be decided, about which record, in which steps."""

    model_config = {
        **Body.model_config,
        **example({"subject": "Quote 7", "steps": [{"name": "Finance", "approvers": [{"role": "Finance"}]}]}),
    }

    subject: str = Field(min_length=1, max_length=500)
    steps: list[ApprovalStep] = Field(min_length=1, max_length=20)
    description: str | None = None
    submitter: str | None = Field(None, description="Id, e-mail or name of who asks; he cannot decide.")
    object: str | None = None
    record: str | None = None
    draft: bool = False


class RecallBody(Body):
    """Who takes the request back; an administrator when left out."""

    model_config = {**Body.model_config, **example({"who": "ada@example.com"})}

    who: str | None = None


class Inbox(Body):
    """What a person can do now."""

    mine: list[Json]
    team: list[Json]
    queue: list[Json]
    role: list[Json]
