"""People's work: list, claim, complete tasks. Completing one wakes the run that waits for it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.errors import ConflictError, InputError, NotFoundError, did_you_mean
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.moment import to_text
from towpath.model.table import Order
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.unit import Unit, in_unit

OPEN = ("Open", "Claimed")


def list_tasks(
    platform: Platform, *, owner: str | None = None, status: str | None = None, run: str | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Tasks, the most urgent first: by default the open and claimed ones."""
    parts: list[Condition] = [Comparison(Field("status"), "in", (status,) if status else OPEN)]
    if run is not None:
        parts.append(Comparison(Field("runId"), "==", run))

    def work(state: Snapshot) -> list[dict[str, Any]]:
        owned = [Comparison(Field("ownerId"), "==", person(state, owner)["id"])] if owner is not None else []
        where = All((*parts, *owned))
        return state.records.find("Task", where, order=(Order("dueAt"), Order("id")), limit=limit)

    return in_snapshot(platform, work)


def claim_task(platform: Platform, task_id: str, who: str) -> dict[str, Any]:
    """Take a task up: labour counts from now. ConflictError when somebody else has it."""

    def work(unit: Unit) -> dict[str, Any]:
        task, user = _task(unit, task_id), person(unit, who)
        if task["status"] == "Claimed" and task.get("ownerId") != user["id"]:
            raise ConflictError(f"task {task_id} is claimed by {task.get('ownerId')}", code="task.claimed")
        if task["status"] not in OPEN:
            raise ConflictError(f"task {task_id} is {task['status'].lower()}", code="task.closed")
        values = {"status": "Claimed", "ownerId": user["id"], "claimedAt": task.get("claimedAt") or _now(platform)}
        return _update(unit, task_id, values, user["id"])

    return in_unit(platform, work)


def complete_task(
    platform: Platform,
    task_id: str,
    *,
    who: str | None = None,
    outcome: str | None = None,
    response: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Finish a task with an outcome and the answers of its form; the second one to do so gets a ConflictError."""

    def work(unit: Unit) -> dict[str, Any]:
        task = _task(unit, task_id)
        if task["status"] not in OPEN:
            raise ConflictError(f"task {task_id} is {task['status'].lower()}", code="task.closed")
        by = person(unit, who)["id"] if who else task.get("ownerId")
        _check_response(task, outcome, response or {})
        now = _now(platform)
        values = {
            "status": "Completed",
            "outcome": outcome,
            "response": dict(response) if response else None,
            "completedAt": now,
            "completedBy": by,
            "claimedAt": task.get("claimedAt") or now,
            "ownerId": task.get("ownerId") or by,
        }
        return _update(unit, task_id, values, by or "system")

    return in_unit(platform, work)


def person(unit: Unit | Snapshot, who: str) -> dict[str, Any]:
    """A user by id, e-mail or name; NotFoundError with the nearest name."""
    users = unit.records.find("User")
    for user in users:
        if who in (user["id"], user.get("email"), user.get("name")):
            return user
    raise NotFoundError(
        f"there is no user {who!r}", code="user.unknown", hint=did_you_mean(who, [str(u.get("name")) for u in users])
    )


def _check_response(task: Mapping[str, Any], outcome: str | None, response: Mapping[str, Any]) -> None:
    if task.get("kind") == "approval" and outcome not in ("approved", "rejected"):
        raise InputError(
            "an approval is either approved or rejected",
            code="task.outcome",
            hint="Give the outcome 'approved' or 'rejected'.",
        )
    form = task.get("form") or {}
    missing = [name for name in form.get("required", ()) if response.get(name) in (None, "")]
    if missing:
        raise InputError(
            f"the form needs {', '.join(missing)}",
            code="task.form_incomplete",
            hint="Fill in every required field.",
            params={"fields": missing},
        )


def _task(unit: Unit, task_id: str) -> dict[str, Any]:
    found = unit.records.get("Task", [task_id])
    if task_id not in found:
        raise NotFoundError(
            f"there is no task {task_id!r}", code="task.not_found", hint="towpath tasks list shows the open ones."
        )
    return found[task_id]


def _update(unit: Unit, task_id: str, values: Mapping[str, Any], actor: str) -> dict[str, Any]:
    (result,) = unit.records.update("Task", [task_id], [values], Cause(actor))
    if isinstance(result, Exception):
        raise result
    return result


def _now(platform: Platform) -> str:
    return to_text(platform.clock.now())
