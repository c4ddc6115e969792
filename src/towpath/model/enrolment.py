"""How records enter a workflow and leave it before its end: again or once, goals, suppression, windows, caps."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.model.duration import Duration
from towpath.model.schema import Noun

WrittenCondition = str | dict[str, Any] | list[dict[str, Any]]


class Window(Noun):
    """When actions may happen. What comes outside waits for the next opening, a little apart from the others."""

    calendar: str = Field("default", description="Calendar whose hours are meant.")
    spread: Duration = Field(900.0, description="Time over which waiting actions are spread after an opening.")


class Enrolment(Noun):
    """Rules of entering and leaving, semantics.md §1.6. Without them every start of a trigger is a run.

    A record enters at its first match, and never while it is inside. Entering by hand skips the trigger, but not
    suppression. Conditions are of the record.
    """

    again: WrittenCondition = Field(
        "never",
        description="Whether a record that has been inside enters again: never, always, or when it begins to meet "
        "this condition as well as the trigger's.",
    )
    goal: WrittenCondition | None = Field(
        None, description="A record that meets it does not enter, and leaves before its next step."
    )
    suppress: WrittenCondition | None = Field(
        None, description="A record that meets it is refused, also by hand, and leaves before its next step."
    )
    leave_when_unmatched: bool = Field(
        False, description="A record that no longer meets the trigger's condition leaves before its next step."
    )
    window: Window | None = Field(None, description="When actions may happen; waits and branches do not move.")
    max_entries_per_hour: int | None = Field(None, ge=1, description="Further entries wait; none is dropped.")
    hold_out: float = Field(0, ge=0, lt=1, description="Share of records that enter a silent arm, to compare with.")
    attribution_days: float = Field(30, gt=0, description="Days after entry within which the goal counts.")
