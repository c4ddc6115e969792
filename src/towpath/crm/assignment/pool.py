"""A pool of people as data: who is in it, what each can take, and by which rule the next record is given."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from towpath.crm.validation import WrittenCondition
from towpath.model.schema import Noun

Strategy = Literal["round_robin", "weighted", "least_loaded"]


class Member(Noun):
    """One person, or everybody of a team, and what they may be given."""

    user: str | None = Field(None, description="Id, e-mail or name of a user.")
    team: str | None = Field(None, description="Id or name of a team: each of its members.")
    share: float = Field(1.0, gt=0, description="With 'weighted': the part of all records, against the others' shares.")
    capacity: float | None = Field(None, ge=0, description="The most load at a time; the user's own capacity if none.")
    calendar: str | None = Field(None, description="Shift: a calendar outside of which nothing is given.")
    when: WrittenCondition | None = Field(None, description='Territory: only such records, as in country == "DE".')

    @model_validator(mode="after")
    def _one(self) -> Member:
        if (self.user is None) == (self.team is None):
            raise ValueError("a member is a 'user' or a 'team'")
        return self


class AssignmentPool(Noun):
    """Who shares the records of an object.

    A record counts as load of its owner while it meets ``counts``, ``weight`` units each. ``sticky`` names a field:
    a record with the same value as one that a member owns goes to that member first. Who fits nobody goes to
    ``overflow`` where there is one, else it waits in the queue until there is room.
    """

    name: str = Field(min_length=1, max_length=100)
    object: str = Field(description="The kind of record, such as Lead.")
    strategy: Strategy = "round_robin"
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=1000)]
    weight: float = Field(1.0, gt=0, description="Load of one record: mail 1, chat 2, a call 5, say.")
    counts: WrittenCondition | None = Field(
        None, description='Which owned records are load, as in status != "Closed"; all of them if nothing is said.'
    )
    sticky: str | None = Field(None, description="Field whose value keeps records together, such as company.")
    overflow: str | None = Field(None, description="Id, e-mail or name of the user who gets what fits nobody.")
    calendar: str | None = Field(None, description="Shift of members who have none of their own.")
