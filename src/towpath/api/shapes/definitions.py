"""Definitions beside workflows, and the steps of a save, on the wire."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Json, Moment, example


class DefinitionAnswer(Answer):
    """One definition."""

    model_config = Answer.model_config | example(
        {
            "kind": "calendar",
            "name": "default",
            "document": {"zone": "Europe/Berlin", "weekly": {"mon": ["09:00-17:00"]}},
            "changed_at": "2026-03-01T09:30:00.000Z",
            "changed_by": "cli",
        }
    )

    kind: str
    name: str
    document: Json
    changed_at: Moment | None
    changed_by: str | None


class PipelineStepAnswer(Answer):
    """One thing that a save does."""

    phase: str = Field(description="check, before_save, validation, duplicates, write, after_save, commit, ...")
    kind: str = Field(description="system, built in, rule, workflow or timer.")
    name: str
    about: str
    order: int | None


class PoolMember(Answer):
    """A member of a pool as it stands."""

    user: str
    name: str
    load: float
    capacity: float | None
    assigned: float = Field(description="Records given so far.")
    away: str | None = Field(description="absent or out_of_shift.")
    back: Moment | None


class PoolAnswer(Answer):
    """A pool as it stands."""

    name: str
    object: str
    strategy: str
    pointer: str | None = Field(description="The user whose turn it was last.")
    members: list[PoolMember]
    queued: dict[str, int] = Field(description="How many records wait, by reason.")
