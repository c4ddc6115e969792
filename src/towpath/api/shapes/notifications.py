"""Notifications and preferences on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from towpath.api.shapes.base import Answer, Body, Moment, example


class NotificationRow(Answer):
    """Something that asks for attention, as long as it is open."""

    id: str
    kind: Literal["task", "approval", "time_limit", "failed"]
    at: Moment
    text: str = Field(description="What the task is; the step's name (empty: the whole run); the code of the error.")
    workflow: str | None = Field(description="Its name.")
    run: str | None
    task: str | None
    unread: bool


class ReadBody(Body):
    """Which notifications were read; all when left out."""

    model_config = Body.model_config | example({"ids": ["task:0198d3a1"]})

    ids: list[Annotated[str, StringConstraints(max_length=200)]] | None = Field(None, max_length=200)


class PreferenceBody(Body):
    """A small value."""

    model_config = Body.model_config | example({"value": "done"})

    value: bool | int | Annotated[str, StringConstraints(max_length=1000)] | None
