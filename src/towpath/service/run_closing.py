"""Closing what a run waits for, all of it or at one place: its waits, its open tasks, effects not yet sent."""

from __future__ import annotations

from towpath.crm.approvals.process import Approvals
from towpath.engine.state import FrozenToken
from towpath.engine.tables import OUTBOX, WAIT
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.service.unit import Unit


def close_waits(unit: Unit, run_id: str, actor: str, place: FrozenToken | None = None) -> None:
    """Close what the run waits for at one place where it stands, or everywhere."""
    tx, now = unit.tx, unit.platform.clock.now()
    run = Comparison(Field("run"), "==", run_id)
    token: list[Condition] = [] if place is None else [Comparison(Field("token"), "==", place.number)]
    tx.delete(WAIT, tx.select(WAIT, ("key", "run", "token"), All((run, *token))))
    unsent = tx.select(OUTBOX, ("id",), All((run, Comparison(Field("state"), "==", "new"), *token)))
    tx.update(OUTBOX, ("state", "due", "changed_at"), [("cancelled", None, now, effect) for (effect,) in unsent])
    _close_tasks(unit, run_id, actor, place)


def _close_tasks(unit: Unit, run_id: str, actor: str, place: FrozenToken | None) -> None:
    def meant(key: str) -> bool:
        return place is None or key in place.pending

    run = Comparison(Field("runId"), "==", run_id)
    approvals = Approvals(unit.records, unit.platform.clock.now(), Cause(actor))
    for approval in unit.records.find("Approval", All((run, Comparison(Field("status"), "==", "Pending")))):
        if meant(f"approval:{approval['id']}"):
            approvals.recall(approval["id"], None)
    active = Comparison(Field("status"), "in", ("Open", "Claimed"))
    tasks = [task["id"] for task in unit.records.find("Task", All((run, active))) if meant(f"task:{task['id']}")]
    if tasks:
        unit.records.update("Task", tasks, [{"status": "Cancelled"}] * len(tasks), Cause(actor))
