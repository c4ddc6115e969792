"""The workflow definition: nodes and edges as maps keyed by id, lanes and settings."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

from towpath.model.duration import Duration
from towpath.model.enrolment import Enrolment
from towpath.model.measure import Measure
from towpath.model.schema import Noun
from towpath.model.span import WrittenSpan

FORMAT = 1
START_BRAKE = 500

Identifier = Annotated[str, Field(min_length=1, max_length=128)]
OnError = Literal["stop", "continue", "branch"]
Order = Literal["depth", "breadth"]
LogPolicy = Literal["all", "failures", "sample", "none"]


class Retry(Noun):
    """How a failed step is tried again: ``attempts`` in all, after ``delay`` seconds, then ``factor`` times that."""

    attempts: int = Field(3, ge=1, le=100)
    delay: Duration = 10.0
    factor: float = Field(2.0, ge=1, le=10)
    max_delay: Duration = 3600.0
    jitter: float = Field(0.1, ge=0, le=1, description="Share of the delay that is random.")


class Position(Noun):
    """Where a node stands on the canvas, in pixels. Branches run top to bottom, then left to right."""

    x: float = 0
    y: float = 0


class Node(Noun):
    """One use of a node type."""

    type: Identifier
    name: str | None = Field(None, max_length=200, description="Shown on the card; the id when missing.")
    version: int = Field(1, ge=1, description="Version of the node type.")
    params: dict[str, Any] = {}
    lane: Identifier | None = None
    connections: tuple[str, ...] = Field((), description="Names of stored connections that the node may use.")
    time_limit: WrittenSpan | None = Field(None, description="T_max of one step; may be business time.")
    retry: Retry | None = None
    on_error: OnError = Field("stop", description="stop the run, continue with the item, or take the error branch.")
    units: float = Field(1.0, ge=0, description="Work units that one successful step counts for.")
    cost: float = Field(0.0, ge=0, description="Money that one execution costs (tools, not wages).")
    disabled: bool = Field(False, description="Items pass through unchanged.")
    once: bool = Field(False, description="Only the first item of each input is taken.")
    always_output: bool = Field(
        False, description="Where nothing leaves by the first output, one empty item does, so that the branch goes on."
    )
    notes: str | None = None
    position: Position = Position()
    pinned: tuple[dict[str, Any], ...] | None = Field(
        None, description="Items used instead of running the node in tests."
    )


class Edge(Noun):
    """A line from an output port to an input port."""

    source: Identifier
    target: Identifier
    source_port: str = "out"
    target_port: str = "in"
    label: str | None = None
    limit: int | None = Field(None, ge=1, description="How often one run may take this edge; bounds a cycle.")


class Lane(Noun):
    """Who does the work of the nodes in it."""

    name: str
    kind: Literal["engine", "user", "team", "role"] = "engine"
    assignee: str | None = Field(None, description="User, team or role; may be an expression.")


class Limits(Noun):
    """Guards of one run. Each error that a guard raises names the setting."""

    steps: int = Field(10_000, ge=1)
    items: int = Field(1_000_000, ge=1, description="Items on the edges of one step.")
    bytes: int = Field(16 * 1024 * 1024, ge=1024, description="Stored state of a parked run.")
    file_bytes: int = Field(50_000_000, ge=1024, description="Bytes of one file.")
    wall_time: Duration | None = Field(None, description="A run older than this fails.")
    depth: int = Field(16, ge=1, description="Sub-workflows within sub-workflows.")


class Baseline(Noun):
    """The productivity P that cost W/P is measured against: reference work over reference labour hours or money."""

    work: float = Field(gt=0)
    labour_hours: float | None = Field(None, gt=0)
    money: float | None = Field(None, gt=0)


class Settings(Noun):
    """What holds for the whole workflow."""

    timezone: str = "UTC"
    calendar: str | None = Field(None, description="Calendar that business time counts by; the default one if none.")
    time_limit: WrittenSpan | None = Field(
        None, description="T_max of a run; may be business time: '8 business hours'."
    )
    alert_at: float = Field(0.8, gt=0, le=1, description="Share of a time limit at which people are alerted.")
    error_workflow: str | None = Field(None, description="Id of the workflow started when a run fails.")
    concurrency: int | None = Field(None, ge=1, description="Most unfinished runs at a time; further starts wait.")
    priority: int = Field(0, ge=-10, le=10)
    reentry: int = Field(
        0, ge=0, description="How often the workflow may start on a record that its own cause chain holds."
    )
    start_brake: int = Field(
        START_BRAKE,
        ge=1,
        description="Starts in 60 s by changes of records, outside a bulk job, that pause the workflow. "
        "A number other than 500 counts starts by hand, by webhook and by date timers as well.",
    )
    enrolment: Enrolment | None = Field(None, description="How records enter and leave; every start is a run if empty.")
    log: LogPolicy = "failures"
    order: Order = Field(
        "depth",
        description="depth: one branch to its end before the next, from top to bottom. breadth: branches side by "
        "side in the order of their edges, and a merge makes its other branches run, as old n8n workflows expect.",
    )
    limits: Limits = Limits()
    baseline: Baseline | None = None
    variables: dict[str, Any] = {}


class WorkflowDefinition(Noun):
    """A versioned graph of nodes joined by edges, as data.

    ``id`` names the workflow across versions; the store numbers the versions.
    """

    format: Literal[1] = 1
    id: Identifier | None = None
    name: str = Field(min_length=1, max_length=200)
    description: str | None = None
    nodes: dict[Identifier, Node] = {}
    edges: dict[Identifier, Edge] = {}
    lanes: dict[Identifier, Lane] = {}
    measures: dict[Identifier, Measure] = Field({}, description="Named figures that the workflow is judged by.")
    settings: Settings = Settings()

    def node_name(self, node_id: str) -> str:
        """The name shown for a node."""
        return self.nodes[node_id].name or node_id

    def as_json(self) -> dict[str, Any]:
        """The definition as plain JSON without defaults, in one fixed order of keys."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format}

    def canonical(self) -> bytes:
        """The one byte form of this content: sorted keys, no spaces, UTF-8."""
        return msgspec.json.encode(self.as_json(), order="sorted")

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form, in hex: two definitions with one hash are the same."""
        return hashlib.sha256(self.canonical()).hexdigest()
