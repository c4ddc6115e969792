"""People's work: inbox, claim, complete, reassign. Completing a task wakes the run that waits for it, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm.alarms import Alarm
from towpath.crm.approvals.process import decision_of
from towpath.engine.events import Notice
from towpath.errors import AccessError, ConflictError, InputError, NotFoundError
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.form import answer_faults, form_error
from towpath.model.moment import from_text, to_text
from towpath.model.reaction import Reaction, dated, next_due
from towpath.model.table import Order
from towpath.ports.records import Record, Records
from towpath.service import approvals
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.staff import group, person
from towpath.service.unit import Unit, in_unit

OPEN = ("Open", "Claimed")


def list_tasks(
    platform: Platform,
    *,
    owner: str | None = None,
    team: str | None = None,
    queue: str | None = None,
    role: str | None = None,
    status: str | None = None,
    run: str | None = None,
    record: str | None = None,
    overdue: bool = False,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Tasks, the most urgent first: by default the open and claimed ones."""
    same = {"runId": run, "relatedId": record, "role": role}
    parts: list[Condition] = [Comparison(Field("status"), "in", (status,) if status else OPEN)]
    parts += [Comparison(Field(name), "==", value) for name, value in same.items() if value is not None]
    if overdue:
        parts.append(Comparison(Field("dueAt"), "<", _now(platform)))

    def work(state: Snapshot) -> list[dict[str, Any]]:
        if owner is not None:
            parts.append(Comparison(Field("ownerId"), "==", person(state.records, owner)["id"]))
        if team is not None:
            parts.append(Comparison(Field("teamId"), "==", group(state.records, "Team", team)["id"]))
        if queue is not None:
            parts.append(Comparison(Field("queueId"), "==", group(state.records, "Queue", queue)["id"]))
        order = (Order("dueAt"), Order("id"))
        return state.records.find("Task", All(tuple(parts)), order=order, limit=limit)

    return in_snapshot(platform, work)


def inbox(platform: Platform, who: str, *, limit: int = 50) -> dict[str, list[dict[str, Any]]]:
    """What a person can do now: ``mine``, and what waits for somebody of his ``team``, ``queue`` or ``role``."""

    def work(state: Snapshot) -> dict[str, list[dict[str, Any]]]:
        user = person(state.records, who)
        queues = (
            state.records.find("Queue", Comparison(Field("teamId"), "==", user["teamId"])) if user["teamId"] else []
        )
        free = Comparison(Field("ownerId"), "==", None)
        waiting: dict[str, Condition | None] = {
            "mine": Comparison(Field("ownerId"), "==", user["id"]),
            "team": _and(free, "teamId", user["teamId"]),
            "queue": All((free, Comparison(Field("queueId"), "in", tuple(q["id"] for q in queues))))
            if queues
            else None,
            "role": _and(free, "role", user["role"]),
        }
        is_open, order = Comparison(Field("status"), "in", OPEN), (Order("dueAt"), Order("id"))
        return {
            name: state.records.find("Task", All((is_open, where)), order=order, limit=limit) if where else []
            for name, where in waiting.items()
        }

    return in_snapshot(platform, work)


def get_task(platform: Platform, task_id: str) -> dict[str, Any]:
    """One task; NotFoundError."""
    return in_snapshot(platform, lambda state: _task(state.records, task_id))


def claim_task(platform: Platform, task_id: str, who: str) -> dict[str, Any]:
    """Take a task up: labour counts from now. ConflictError when somebody else has it."""

    def work(unit: Unit) -> dict[str, Any]:
        task, user = _open_task(unit.records, task_id), person(unit.records, who)
        _check_may_do(unit.records, task, user)
        owner = task["ownerId"] if task["approvalId"] else user["id"]
        values = {"status": "Claimed", "ownerId": owner, "claimedAt": task["claimedAt"] or _now(platform)}
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
    """Finish a task with an outcome and the answers of its form; the second one to do so gets a ConflictError.

    ``who`` has to be somebody who may take the task up; when left out it is its owner.
    """

    def work(unit: Unit) -> dict[str, Any]:
        task = _open_task(unit.records, task_id)
        user = person(unit.records, who) if who else None
        _check_response(task, outcome, response or {})
        if task["approvalId"]:
            voter = user or person(unit.records, task["ownerId"])
            return approvals.of(unit, voter["id"]).vote(task, voter, decision_of(outcome), response)
        if user:
            _check_may_do(unit.records, task, user)
        by, now = user["id"] if user else task["ownerId"], _now(platform)
        values = {
            "status": "Completed",
            "outcome": outcome,
            "response": dict(response) if response else None,
            "completedAt": now,
            "completedBy": by,
            "claimedAt": task["claimedAt"] or now,
            "ownerId": task["ownerId"] or by,
        }
        unit.records.set_alarm("task", task_id, None)
        return _update(unit, task_id, values, by or "system")

    return in_unit(platform, work)


def reassign_task(
    platform: Platform,
    task_id: str,
    *,
    to: str | None = None,
    team: str | None = None,
    queue: str | None = None,
    role: str | None = None,
    actor: str = "system",
) -> dict[str, Any]:
    """Give an open task to another person, or back to a team, a queue or whoever has a role; it is open again."""
    if sum(value is not None for value in (to, team, queue, role)) != 1:
        raise InputError("say to whom: a person, a team, a queue or a role", code="task.reassign")

    def work(unit: Unit) -> dict[str, Any]:
        task, records = _open_task(unit.records, task_id), unit.records
        if task["approvalId"]:
            raise ConflictError(
                "an approver hands a decision on by a delegate, not by another owner of the task",
                code="approval.kept",
                hint="Set delegateId, delegateFrom and delegateUntil of the user.",
            )
        values = {
            "ownerId": person(records, to)["id"] if to else None,
            "teamId": group(records, "Team", team)["id"] if team else None,
            "queueId": group(records, "Queue", queue)["id"] if queue else None,
            "role": role,
            "status": "Open",
            "claimedAt": None,
        }
        return _update(unit, task_id, values, actor)

    return in_unit(platform, work)


def react(unit: Unit, alarms: Sequence[Alarm]) -> None:
    """Reminders, escalations, hand-overs and cancelling of tasks that nobody has done."""
    for alarm in alarms:
        task = unit.records.get("Task", [alarm.subject]).get(alarm.subject)
        if task is not None and task["status"] in OPEN:
            _react(unit, task)


def _react(unit: Unit, task: Record) -> None:
    now, began = unit.platform.clock.now(), from_text(task["createdAt"]) or 0
    reactions = [Reaction.model_validate(written) for written in task["reactions"] or ()]
    values: dict[str, Any] = {}
    done = int(task["reacted"] or 0)
    for due, reaction in dated(began, reactions, unit.records.business_time)[done:]:
        if due > now:
            break
        done += 1
        values |= _reaction(unit, task, reaction)
    _update(unit, task["id"], {"reacted": done, **values}, "engine")
    ended = values.get("status") == "Cancelled"
    due_next = None if ended else next_due(began, reactions, done, unit.records.business_time)
    unit.records.set_alarm("task", task["id"], due_next)


def _reaction(unit: Unit, task: Record, reaction: Reaction) -> dict[str, Any]:
    if reaction.do == "expire":
        return {"status": "Cancelled", "outcome": "expired", "completedAt": _now(unit.platform)}
    people = approvals.of(unit).people
    if reaction.do == "remind" or reaction.to is None:
        _tell(unit, task, {"user": task["ownerId"]} if task["ownerId"] else {"team": task["teamId"]}, "still to do")
        return {}
    facts = unit.records.get(task["relatedObject"], [task["relatedId"]]) if task["relatedObject"] else {}
    chosen = people.meant(reaction.to, task["ownerId"], facts.get(task["relatedId"]) or {})
    for user in chosen:
        _tell(unit, task, {"user": user["id"]}, "nobody has done yet")
    if reaction.do == "escalate" or not chosen:
        return {}
    given: dict[str, Any] = {"status": "Open", "claimedAt": None, "ownerId": None}
    if not reaction.to.group:
        return {**given, "ownerId": chosen[0]["id"]}
    if reaction.to.role:
        return {**given, "role": reaction.to.role}
    named = (("teamId", "Team", reaction.to.team), ("queueId", "Queue", reaction.to.queue))
    return {**given, **{field: group(unit.records, kind, name)["id"] for field, kind, name in named if name}}


def _tell(unit: Unit, task: Record, whom: Mapping[str, Any], text: str) -> None:
    data = {"task": task["id"], **{name: value for name, value in whom.items() if value}}
    unit.notices.append(
        Notice(unit.platform.clock.now(), "task", f"{text}: {task['subject']}", None, task["runId"], None, data)
    )


def _check_may_do(records: Records, task: Record, user: Record) -> None:
    """Whoever is active may take what nobody has claimed, and only members what waits for a queue or role."""
    if task["status"] == "Claimed" and task["ownerId"] != user["id"]:
        raise ConflictError(f"task {task['id']} is claimed by {task['ownerId']}", code="task.claimed")
    if not user["active"]:
        raise AccessError(f"{user['name']!r} is not active", code="task.not_active")
    if task["ownerId"] in (None, user["id"]) and task["role"] not in (None, user["role"]) and not task["ownerId"]:
        raise AccessError(
            f"the task waits for somebody with the role {task['role']!r}", code="task.not_yours",
            params={"role": task["role"]},
        )  # fmt: skip
    if task["queueId"] and not task["ownerId"]:
        queue = records.get("Queue", [task["queueId"]]).get(task["queueId"])
        if queue and queue["teamId"] and queue["teamId"] != user["teamId"]:
            raise AccessError("the task waits in a queue of another team", code="task.not_yours")


def _check_response(task: Mapping[str, Any], outcome: str | None, response: Mapping[str, Any]) -> None:
    if task["kind"] == "approval":
        decision_of(outcome)
        if outcome == "rejected":
            return  # the form says what an approval needs
    faults = answer_faults(task["form"], response) if task["form"] else {}
    if faults:
        raise form_error(faults)


def _open_task(records: Records, task_id: str) -> Record:
    task = _task(records, task_id)
    if task["status"] not in OPEN:
        raise ConflictError(f"task {task_id} is {task['status'].lower()}", code="task.closed")
    return task


def _task(records: Records, task_id: str) -> Record:
    found = records.get("Task", [task_id])
    if task_id not in found:
        raise NotFoundError(
            f"there is no task {task_id!r}", code="task.not_found", hint="towpath tasks list shows the open ones."
        )
    return found[task_id]


def _update(unit: Unit, task_id: str, values: Mapping[str, Any], actor: str) -> dict[str, Any]:
    with unit.records.opened(task_id):
        (result,) = unit.records.update("Task", [task_id], [values], Cause(actor))
    if isinstance(result, Exception):
        raise result
    return result


def _and(free: Condition, field: str, value: str | None) -> Condition | None:
    return All((free, Comparison(Field(field), "==", value))) if value else None


def _now(platform: Platform) -> str:
    return to_text(platform.clock.now())
