"""Milestones as data: what is promised to a customer by when, in business time, and who hears of it on the way."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from towpath.model.reaction import Resolver
from towpath.model.schema import Noun
from towpath.model.span import BusinessSpan, WrittenSpan

Written = str | dict[str, Any] | list[dict[str, Any]]


class Target(Noun):
    """How long a milestone may take; the first whose condition a record meets holds."""

    when: Written | None = Field(None, description="Which records it is for, by priority or entitlement; else all.")
    within: WrittenSpan = Field(description="Business time, such as '4 business hours'.")

    @model_validator(mode="after")
    def _business(self) -> Target:
        if not isinstance(self.within, BusinessSpan):
            raise ValueError("'within' is business time: write for example '4 business hours'")
        return self


class Rung(Noun):
    """One rung of the escalation ladder: what happens when a share of the time is used."""

    at: float = Field(gt=0, le=10, description="Share of the time; 1 is when it is over.")
    tell: Resolver | None = Field(None, description="Who is told; the owner when nothing is said.")
    give: Resolver | None = Field(None, description="Who gets the record.")
    set: dict[str, Any] = Field({}, description="Fields of the record that are set.")


class Milestone(Noun):
    """One promise: when it is kept, how long it may take, and what happens on the way."""

    name: str = Field(min_length=1, max_length=100)
    kept: Written = Field(description="When it is kept, for example: firstResponseAt != null")
    targets: tuple[Target, ...] = Field(min_length=1, max_length=100)
    ladder: tuple[Rung, ...] = Field((), max_length=20)
    due: str | None = Field(None, description="The field that shows when it is due.")
    calendar: str | None = Field(None, description="The calendar that it counts by; else the policy's.")


class MilestonePolicy(Noun):
    """The promises about the records of an object; of several policies the first whose ``enter`` fits holds."""

    name: str = Field(min_length=1, max_length=100)
    object: str = "Case"
    enter: Written | None = Field(None, description="Which records it holds; all when nothing is said.")
    pause: Written | None = Field(None, description='When the clocks stand still, for example: status == "Pending"')
    state: str = Field("status", description="The field whose value is kept with each turn of a clock.")
    restart: bool = Field(False, description="Whether another target begins anew; else what is used counts on.")
    milestones: tuple[Milestone, ...] = Field(min_length=1, max_length=20)
    calendar: str | None = None
    order: int = Field(1000, ge=1, le=2000)
    active: bool = True

    @model_validator(mode="after")
    def _once(self) -> MilestonePolicy:
        names = [milestone.name for milestone in self.milestones]
        if len(set(names)) != len(names):
            raise ValueError("two milestones have one name")
        return self
