"""Workflows, versions, drafts and problems on the wire."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example

DEFINITION: Json = {
    "name": "Welcome a new lead",
    "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": "created"}},
        "log": {"type": "notify.log", "params": {"text": "A lead is here"}},
    },
    "edges": {"1": {"source": "new", "target": "log"}},
}
Definition = Annotated[
    Json, Field(description="A workflow definition (docs: workflow.schema.json).", examples=[DEFINITION])
]


class WorkflowRow(Answer):
    """A workflow in a list. ``status`` is on, off or paused; ``version`` counts from 1 within the workflow."""

    id: str
    name: str
    status: str
    version: int | None
    number: int | None = Field(description="Names the active version in the whole store.")
    paused: str | None = Field(description="Why it is paused.")
    updated_at: Moment


class WorkflowAnswer(Answer):
    """A version with its definition."""

    definition: Definition
    has_draft: bool = Field(description="Whether somebody has begun to change the workflow.")


class VersionRow(Answer):
    """A published version."""

    number: int
    version: int
    name: str
    hash: str
    published_at: Moment
    published_by: str
    active: bool


class ProblemRow(Answer):
    """One finding of a check."""

    code: str
    message: str
    node: str | None = None
    field: str | None = None
    edge: str | None = None
    hint: str | None = None
    severity: str


class PortRow(Answer):
    """An input or output of a node."""

    name: str
    label: str


class NodePorts(Answer):
    """The ports of a node as its parameters make them; null where a fault hides them."""

    inputs: list[PortRow] | None
    outputs: list[PortRow] | None


class CheckAnswer(Answer):
    """Every problem, errors first; ``ok`` when there is no error (there may be warnings)."""

    ok: bool
    problems: list[ProblemRow]
    nodes: dict[str, NodePorts] = Field(description="By node id; empty when the document cannot be read at all.")


class PublishBody(Body):
    """What to publish; with ``activate`` the version takes over at once."""

    model_config = {**Body.model_config, **example({"definition": DEFINITION, "activate": True})}

    definition: Definition
    activate: bool = True


class PublishDraftBody(Body):
    """Which revision of the draft to publish."""

    model_config = {**Body.model_config, **example({"revision": 3, "activate": True})}

    revision: int = Field(ge=1)
    activate: bool = True


class PublishedAnswer(Answer):
    """The version that was made, or the one that has this content already (``unchanged``)."""

    workflow: str
    name: str
    version: int
    number: int
    hash: str
    unchanged: bool
    warnings: list[ProblemRow] = []


class DraftBody(Body):
    """A draft, and the revision that it was made from (0: there was none)."""

    model_config = {**Body.model_config, **example({"definition": DEFINITION, "revision": 0})}

    definition: Definition
    revision: int = Field(ge=0)


class DraftAnswer(Answer):
    """A draft as stored."""

    workflow: str
    revision: int
    definition: Definition
    updated_at: Moment
    updated_by: str = Field(description="The id of whoever saved it.")
    who: str = Field(description="The name of whoever saved it.")


class SwitchBody(Body):
    """Which version to switch on, by its number in the workflow; the latest when left out."""

    model_config = {**Body.model_config, **example({"version": 2})}

    version: int | None = Field(None, ge=1)


class PauseBody(Body):
    """Why."""

    model_config = {**Body.model_config, **example({"why": "the mail server is being moved"})}

    why: str = Field("by hand", min_length=1, max_length=200)


class StartBody(Body):
    """The items of one run, and the trigger where it begins (default: the manual one)."""

    model_config = {**Body.model_config, **example({"items": [{"email": "ada@example.com"}]})}

    items: list[Json] | None = Field(None, max_length=10_000)
    trigger: str | None = None


class StartedAnswer(Answer):
    """The run that was started; it is on disk."""

    model_config = {**Answer.model_config, **example({"run": "01kaqe8v0q3s8t6xv2m9d4c7ba"})}

    run: str


class ClauseRow(Answer):
    """One condition of a trigger."""

    text: str
    holds: bool
    value: Any
    held: bool | None = Field(description="Whether it held before the change.")


class WhyTrigger(Answer):
    """What one trigger says."""

    node: str
    kind: str
    starts: bool
    reason: str = Field(
        description="kind, loop, any, meets, condition, already, pending, fired, "
        "suppressed, goal, inside, once, hold_out, ..."
    )
    about: str
    condition: str | None
    clauses: list[ClauseRow]


class WhyChange(Answer):
    """The change that was asked about."""

    id: str
    at: Moment
    kind: str
    fields: list[str]


class WhyAnswer(Answer):
    """Why a workflow starts on a record or not."""

    workflow: str
    name: str
    version: int
    state: str
    starts: bool
    object: str
    record: str
    change: WhyChange | None
    triggers: list[WhyTrigger]
    runs: list[str]


class BacktestBody(Body):
    """A draft, and the period whose changes it is run over."""

    model_config = Body.model_config | example({"definition": DEFINITION, "since": "2026-03-01"})

    definition: Definition
    since: str = Field(description="Begin of the period, ISO 8601.")
    until: str | None = Field(None, description="End of the period; now if nothing is said.")
    examples: int = Field(20, ge=0, le=1000, description="How many records that differ are given.")


class TakenPathRow(Answer):
    """One way, and how many runs took it."""

    path: str
    draft: int
    published: int


class DifferenceRow(Answer):
    """A record that the draft treats otherwise."""

    record: str
    draft: str | None
    published: str | None


class CaughtRow(Answer):
    """What would have been done."""

    mails: int
    calls: int
    records: int
    people: int


class BacktestAnswer(Answer):
    """What a draft would have done in a period, against what the published version did."""

    workflow: str
    since: Moment
    until: Moment
    changes: int
    starts: int
    published_starts: int
    same: int
    other_path: int
    only_draft: int
    only_published: int
    cut: bool = Field(description="Whether there were more starts than are looked at.")
    paths: list[TakenPathRow]
    differences: list[DifferenceRow]
    caught: CaughtRow


class ArmRow(Answer):
    """One arm: who entered it, and for whom the goal was reached in time."""

    arm: str = Field(description="treated, or hold_out: those who entered in silence, to compare with.")
    entered: int
    goals: int
    rate: float | None = Field(description="The share that reached the goal; none where nobody entered.")


class EnrolmentAnswer(Answer):
    """What came of an enrolment."""

    workflow: str
    arms: list[ArmRow]
    states: dict[str, int] = Field(
        description="Records by state: waiting (for the cap), inside, held_out, or why they are no longer inside: "
        "goal, suppressed, unmatched, deleted, or how their run ended (completed, failed, cancelled). Those refused as "
        "suppressed count too; they have entered 0 times."
    )


class EnrolledRow(Answer):
    """The enrolment of one record."""

    record: str
    object: str | None
    state: str = Field(description="waiting, inside, held_out, or why the record is no longer inside.")
    arm: str
    times: int = Field(description="How often it has entered; 0 for one that was refused.")
    due: Moment | None = Field(description="When it enters, where it waits for the cap.")
    entered_at: Moment | None
    left_at: Moment | None
    goal_at: Moment | None
    run: str | None


class EnrolmentPreviewAnswer(Answer):
    """What switching on would bring, if those who are there were taken too."""

    workflow: str
    enter_now: int
    enter_per_day: float
    mails_now: int
    mails_per_day: float
    sample: int = Field(description="How many records' ways were tried for the number of mails.")
