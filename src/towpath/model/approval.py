"""Approvals as data: the steps of a process, who decides in each, what is locked, and what happens when nobody does."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from towpath.model.reaction import Reactions, Resolver
from towpath.model.schema import Noun

Policy: TypeAlias = Literal["unanimous", "first", "quorum", "sequence"]


class ApprovalStep(Noun):
    """One step: its approvers, how many of them it takes, what nobody may edit meanwhile."""

    name: str = Field(min_length=1, max_length=100, description="What people call the step.")
    approvers: tuple[Resolver, ...] = Field(min_length=1, max_length=50, description="Who is asked.")
    policy: Policy = Field("unanimous", description="unanimous: all, the first rejection ends it; first: one answer; "
                           "quorum: so many approvals; sequence: one after the other.")  # fmt: skip
    quorum: int | None = Field(None, ge=1, description="How many approvals a quorum takes.")
    fallback: Resolver | None = Field(
        None, description="Who decides where an approver is missing, inactive, absent or the submitter."
    )
    locks: tuple[str, ...] = Field((), description="Fields of the record that nobody may edit during the step.")
    on_reject: Literal["submitter", "previous"] = Field("submitter", description="Where a rejection sends it back to.")
    reactions: Reactions = Field((), description="What happens while nobody decides.")

    @model_validator(mode="after")
    def _quorum(self) -> ApprovalStep:
        if (self.policy == "quorum") != (self.quorum is not None):
            raise ValueError("'quorum' says how many approvals the policy 'quorum' takes, and only that policy")
        return self
