"""Shapes of duplicates and merges."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example


class PairRow(Answer):
    """Two records that may be one."""

    record: str
    other: str
    object: str
    rule: str
    score: float
    linked: bool
    at: Moment


class MergeBody(Body):
    """Which records become one; ``values`` are what somebody chose to survive."""

    model_config = {**Body.model_config, **example({"ids": ["01a", "01b"], "values": {"city": "Oslo"}})}

    ids: list[str] = Field(min_length=2, max_length=100)
    values: Json = {}
    rule: str | None = Field(None, description="The rule whose survivors hold; the object's first when left out.")
    keep: str | None = Field(None, description="The id that stays; the oldest when left out.")
    dry_run: bool = Field(False, description="Say what would happen, and change nothing.")


class MergeAnswer(Answer):
    """The record that stays, the ids that lead to it now, and how much was moved: by object, and runs."""

    record: Json
    merged: list[str]
    moved: dict[str, int]
    runs: int
