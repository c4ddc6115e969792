"""Trying out a draft, on the wire."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, example
from towpath.api.shapes.runs import StepRow
from towpath.api.shapes.workflows import DEFINITION, CaughtRow, Definition


class TryoutBody(Body):
    """A draft, and what it is tried on: a record, what a past run began with, or items; as far as a node if named."""

    model_config = Body.model_config | example({"definition": DEFINITION, "record": "01k5x0v3m8e7"})

    definition: Definition
    object: str | None = Field(None, description="Of the record; that of the workflow's trigger if left out.")
    record: str | None = None
    run: str | None = None
    items: list[Json] | None = Field(None, max_length=1000)
    to: str | None = Field(None, description="Id of the node that it is run to.")


class TryoutAnswer(Answer):
    """How the run would have gone, and what was caught on its way out."""

    status: str = Field(description="completed, failed or waiting.")
    steps: list[StepRow]
    waiting_at: list[str] = Field(description="Nodes where it would wait for a person or an event.")
    error: Json | None
    caught: CaughtRow
