"""Bodies of requests about people's work: handing on a task, asking for a decision, taking it back."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example
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


class TransitionBody(Body):
    """The state that the person saw, who makes the transition, and what is given with it."""

    model_config = {
        **Body.model_config,
        **example({"expected_state": "Negotiation", "who": "ada@example.com", "values": {"amount": 900}}),
    }

    expected_state: str | None = Field(None, description="409 when the record is in another state by now.")
    who: str | None = Field(None, description="Id, e-mail or name of who makes it; an administrator when left out.")
    values: Json = {}
    note: str | None = None
    files: list[str] = Field([], max_length=100)
    checklist: list[str] = Field([], max_length=100)


class TransitionRow(Body):
    """One transition that leads on."""

    name: str
    to: str
    may: bool
    met: bool
    reason: str | None
    asks: Json
    automatic: bool


class StandingAnswer(Body):
    """Where a record stands."""

    blueprint: str
    field: str
    state: str
    since: Moment
    transitions: list[TransitionRow]


class MoveRow(Answer):
    """How a record came into a state; ``deviation`` is what its blueprint does not know."""

    id: str
    blueprint: str
    record: str
    source: str | None
    target: str | None
    transition: str | None
    via: str
    deviation: bool
    actor: str
    at: Moment
    seconds: float | None
    note: str | None
