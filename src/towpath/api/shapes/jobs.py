"""Bulk jobs on the wire."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example


class EnrolBody(Body):
    """Which records to enrol: the object, and a condition (default: all of them)."""

    model_config = {**Body.model_config, **example({"object": "Lead", "where": "status == 'New'"})}

    object: str
    where: str | Json | list[Json] | None = Field(None, description="A condition, as text or in its JSON form.")
    per_hour: int | None = Field(None, ge=1, description="At most so many runs are started within an hour.")


class RefusedRecords(Answer):
    """Records that were not taken for one reason."""

    count: int
    records: list[str] = Field(description="The ids of the first of them.")


class JobAnswer(Answer):
    """A bulk job and how far it has come."""

    id: str
    workflow: str
    object: str
    where: Json | None = Field(description="The condition in its JSON form; null for all records.")
    per_hour: int | None
    state: str = Field(description="running, paused, completed, cancelled or failed.")
    total: int = Field(description="Records that matched when it was declared.")
    looked: int = Field(description="Records that have had their turn.")
    entered: int = Field(description="Runs that it has started.")
    refused: dict[str, RefusedRecords] = Field(description="Records that the enrolment rules did not take, by reason.")
    progress: float = Field(description="Share of its records that have had their turn, 0 to 1.")
    created_by: str
    created_at: Moment
    changed_at: Moment
    ended_at: Moment | None
    due: Moment | None = Field(description="When it takes its next page; later than now where a cap holds it back.")
    error: str | None
