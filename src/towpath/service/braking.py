"""The start brake for starts that no change of a record causes: by hand, by webhook, by a date timer.

Those cannot set each other off, and may rightly come by the thousand; they count only where the workflow names a
number of its own.
"""

from __future__ import annotations

from towpath.engine.events import Notice
from towpath.engine.journal import write_notices
from towpath.engine.plan import Plan
from towpath.engine.tables import WORKFLOW
from towpath.model.workflow import START_BRAKE
from towpath.ports.store import Transaction
from towpath.service.platform import Platform
from towpath.service.published import bump


def brake_starts(platform: Platform, tx: Transaction, plan: Plan, node: str | None, count: int) -> None:
    """Count starts, and pause the workflow when they are too many within a minute; what came is kept."""
    limit = plan.definition.settings.start_brake
    if limit == START_BRAKE or not platform.brake.over(plan.workflow, count, limit, platform.clock.now()):
        return
    tx.update(WORKFLOW, ("paused",), [("start brake", plan.workflow)])
    bump(tx)
    text = f"{plan.definition.name} was paused: more than {limit} starts in 60 s outside a bulk job"
    notice = Notice(platform.clock.now(), "start_brake", text, plan.number, None, node, {"workflow": plan.workflow})
    write_notices(tx, [notice], platform.ids)
