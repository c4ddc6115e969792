"""People who leave: what was asked of them is asked of somebody else, in the transaction that made them leave."""

from __future__ import annotations

from towpath.crm.approvals.process import Approvals
from towpath.crm.session import Session
from towpath.engine.events import Notice
from towpath.model.change import Cause


def follow_departures(records: Session, now: int) -> list[Notice]:
    """Replace approvers who are not active any more; what people should know of it."""
    if not records.wrote("User"):
        return []
    left = [
        change.id
        for change in records.changes()
        if change.object == "User" and change.old and change.old["active"] and not (change.new or {}).get("active")
    ]
    approvals = Approvals(records, now, Cause("engine"))
    for user in left:
        approvals.replace(user)
    return notices(approvals)


def notices(approvals: Approvals) -> list[Notice]:
    """What approvals have to say to people."""
    return [
        Notice(approvals.now, "approval", text, data={"approval": approval, **({"user": user} if user else {})})
        for user, text, approval in approvals.told
    ]
