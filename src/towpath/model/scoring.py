"""Score models as data: groups of facts and events with points, limits, decay, and a threshold (semantics.md §1.10)."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from towpath.model.duration import Duration
from towpath.model.schema import Noun

Written = str | dict[str, Any] | list[dict[str, Any]]


class Fact(Noun):
    """Points that a record has as long as it meets a condition."""

    when: Written
    points: float


class Happening(Noun):
    """Points of each activity of the record that meets a condition (of all, when nothing is said)."""

    when: Written | None = None
    points: float


class Decay(Noun):
    """What an event loses: this share of its points with every whole period that has passed."""

    rate: float = Field(gt=0, le=1)
    period: Duration = Field(description="Such as '30 days'.")


class ScoreGroup(Noun):
    """Facts and events whose points add up to at least ``least`` and at most ``most``. Facts do not decay."""

    name: str = Field(min_length=1, max_length=100)
    facts: tuple[Fact, ...] = ()
    events: tuple[Happening, ...] = ()
    decay: Decay | None = None
    least: float = 0
    most: float = Field(100, description="The points of the group never count for more.")

    @model_validator(mode="after")
    def _ordered(self) -> ScoreGroup:
        if self.least > self.most:
            raise ValueError(f"group {self.name!r}: 'least' is more than 'most'")
        return self


class Threshold(Noun):
    """What happens when the score rises to ``score``; again only after it fell below that less hysteresis."""

    score: float
    hysteresis: float = Field(0, ge=0)
    set: dict[str, Any] = Field({}, description="Fields of the record that are set then.")
    start: tuple[str, ...] = Field((), description="Workflows that start a run of the record.")


class ScoreModel(Noun):
    """How the records of an object are scored, and in which field the score is kept."""

    name: str = Field(min_length=1, max_length=100)
    object: str
    field: str = Field(description="The number field that holds the score.")
    groups: tuple[ScoreGroup, ...] = Field(min_length=1, max_length=50)
    least: float = 0
    most: float = 100
    threshold: Threshold | None = None
    nightly: str = Field("02:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="When all is scored again.")
    zone: str = Field("UTC", description="The zone of that time.")
    active: bool = True

    @model_validator(mode="after")
    def _ordered(self) -> ScoreModel:
        if self.least > self.most:
            raise ValueError("'least' is more than 'most'")
        return self
