"""Who is meant by a rule, and what happens when work is not done: shared by tasks, approvals and milestones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from towpath.model.business_time import BusinessTime
from towpath.model.schema import Noun
from towpath.model.span import WrittenSpan, after

MAX_LEVELS = 10


class Resolver(Noun):
    """Who is meant, in one of six ways."""

    user: str | None = Field(None, min_length=1, description="Id, e-mail or name of a user.")
    role: str | None = Field(None, min_length=1, description="Every active user who has this role.")
    team: str | None = Field(None, min_length=1, description="Every active member of this team, by id or name.")
    queue: str | None = Field(None, min_length=1, description="Everybody who serves this queue, by id or name.")
    manager: int | None = Field(
        None, ge=1, le=MAX_LEVELS, description="The submitter's manager; 2 is the manager's manager, and so on."
    )
    field: str | None = Field(None, min_length=1, description="The user whose id is in this field of the record.")

    @model_validator(mode="after")
    def _one_way(self) -> Resolver:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("name exactly one of user, role, team, queue, manager and field")
        return self

    @property
    def group(self) -> bool:
        """Whether it means whoever belongs to a group, not one certain person."""
        return self.role is not None or self.team is not None or self.queue is not None

    def __str__(self) -> str:
        """How people read it: ``role 'Finance'``, ``manager 2``."""
        name, value = next((n, v) for n in type(self).model_fields if (v := getattr(self, n)) is not None)
        return f"{name} {value!r}"


class Reaction(Noun):
    """What happens when work is not done so long after it began; the first that is due comes first."""

    after: WrittenSpan = Field(description="How long after the work began, such as '4 business hours'.")
    do: Literal["remind", "escalate", "reassign", "expire"] = Field(
        description="Remind who has it, escalate (tell somebody), reassign (give it to somebody), or let it expire."
    )
    to: Resolver | None = Field(None, description="Who is told (escalate) or gets the work (reassign).")

    @model_validator(mode="after")
    def _to_somebody(self) -> Reaction:
        if self.do in ("escalate", "reassign") and self.to is None:
            raise ValueError(f"'{self.do}' needs 'to': who is meant")
        return self


Reactions = Annotated[tuple[Reaction, ...], Field(max_length=20)]


def dated(
    began: int, reactions: Iterable[Reaction], business_time: Callable[[], BusinessTime]
) -> list[tuple[int, Reaction]]:
    """Each reaction with the moment at which it is due (microseconds), in order."""
    return sorted(((after(began, r.after, business_time), r) for r in reactions), key=lambda pair: pair[0])


def next_due(
    began: int, reactions: Iterable[Reaction], done: int, business_time: Callable[[], BusinessTime]
) -> int | None:
    """When the next one is due, where ``done`` of them have been."""
    ordered = dated(began, reactions, business_time)
    return ordered[done][0] if done < len(ordered) else None
