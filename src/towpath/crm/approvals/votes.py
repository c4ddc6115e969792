"""How the answers of one step add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from towpath.model.approval import ApprovalStep

Decision: TypeAlias = Literal["approved", "rejected"]


def tally(step: ApprovalStep, answers: Sequence[Decision], voters: int) -> Decision | None:
    """The step's decision from its answers so far, oldest first; None while it is open.

    ``voters`` is how many were asked in all: an answer that is missing never counts as an approval.
    """
    approvals, rejections = answers.count("approved"), answers.count("rejected")
    if step.policy == "first":
        return answers[0] if answers else None
    if step.policy == "quorum":
        wanted = step.quorum or 1
        if approvals >= wanted:
            return "approved"
        return "rejected" if rejections > voters - wanted else None
    if rejections:
        return "rejected"
    return "approved" if voters and approvals >= voters else None
