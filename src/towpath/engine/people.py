"""Work for people: finds who is meant, makes the tasks of a batch, and closes those that ran out of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import CheckContext
from towpath.engine.params import Dynamic
from towpath.errors import NodeError, TowpathError, Where, did_you_mean
from towpath.expr import compile_template
from towpath.model.change import Cause
from towpath.model.form import form_fault
from towpath.model.moment import to_text
from towpath.model.problem import Problem
from towpath.model.reaction import Reaction, next_due
from towpath.model.span import Span
from towpath.ports.records import Record


@dataclass(frozen=True, slots=True)
class Assignee:
    """Who gets the work of one item: a user, a team, whoever has a role, or nobody yet."""

    user: str | None = None
    team: str | None = None
    role: str | None = None


def column(batch: Batch[Any], value: Dynamic[Any] | None) -> list[Any]:
    """The parameter for every item; None everywhere where it is not set."""
    return [None] * len(batch.items) if value is None else batch.evaluate(value)


def lane_assignees(batch: Batch[Any]) -> list[Assignee]:
    """Who the node's lane says does the work, for every item."""
    lane = batch.node.lane
    if lane is None or lane.assignee is None or lane.kind == "engine":
        return [Assignee()] * len(batch.items)
    template = compile_template(lane.assignee)  # a plain name is a template without expressions
    found = template.evaluate(batch.scopes, batch.sandbox)
    names = [None if isinstance(name, TowpathError) else name for name in found]
    return [Assignee(**{lane.kind: name}) for name in names]


def find_people(batch: Batch[Any], object_name: str, names: Sequence[Any]) -> dict[str, Record]:
    """Users or teams by what they are called: id, e-mail or name; at most three statements."""
    wanted = list(dict.fromkeys(name for name in names if isinstance(name, str) and name))
    if not wanted:
        return {}
    records = batch.context.records
    found = records.get(object_name, wanted)
    for field in ("email", "name") if object_name == "User" else ("name",):
        rest = [name for name in wanted if name not in found]
        if rest:
            found = {**found, **_only(records.find_by(object_name, field, rest))}
    return found


def _only(matches: Mapping[Any, list[Record]]) -> dict[str, Record]:
    """Names that stand for one record; one that several have is no name to go by."""
    return {name: rows[0] for name, rows in matches.items() if len(rows) == 1}


def unknown_person(batch: Batch[Any], object_name: str, name: Any, field: str) -> NodeError:
    """Nobody, or more than one, is called so."""
    known = [str(row["name"]) for row in batch.context.records.find(object_name, limit=200)]
    return NodeError(
        f"there is no {object_name.lower()} {name!r}, or there are several",
        code=f"node.unknown_{object_name.lower()}",
        hint=did_you_mean(str(name), known) or "Give an id, or a name or e-mail address that only one has.",
        where=Where(object=object_name, field=field),
    )


def create_tasks(batch: Batch[Any], rows: Sequence[tuple[int, dict[str, Any]]], timeout: Span | None) -> None:
    """A Task record for each ``(position, values)``; each item then waits for its task, at most ``timeout`` long."""
    positions = [position for position, _ in rows]
    values = [{**origin(batch, position), **given} for position, given in rows]
    due = batch.node.after(batch.now, timeout) if timeout is not None else None
    created = batch.context.records.create("Task", values, batch.causes(positions))
    for position, task in zip(positions, created, strict=True):
        if isinstance(task, TowpathError):
            batch.fail(position, task)
            continue
        _watch(batch, task)
        batch.touch(position, "Task", task["id"])
        batch.wait_for(position, f"task:{task['id']}", due=due)
        remember(batch, position, task["id"])


def _watch(batch: Batch[Any], task: Record) -> None:
    """Have somebody look when the first reaction to the task is due."""
    reactions = [Reaction.model_validate(written) for written in task["reactions"] or ()]
    if reactions:
        due = next_due(batch.now, reactions, 0, batch.context.records.business_time)
        batch.context.records.set_alarm("task", task["id"], due)


def origin(batch: Batch[Any], position: int) -> dict[str, Any]:
    """What work of an item says of where it comes from."""
    run = batch.runs[position]
    return {
        "runId": run.id,
        "nodeId": batch.node.id,
        "workflow": run.scope.workflow.get("id"),
        "relatedObject": run.object if run.record else None,
        "relatedId": run.record,
    }


def remember(batch: Batch[Any], position: int, task: str) -> None:
    """The parking keeps each item's task (or approval), to close it when the time runs out."""
    parking = batch.park(batch.owners[position])
    tasks = parking.memo or [None] * len(batch.owners[position].token.inputs[0])
    tasks[batch.scopes[position].index] = task
    parking.memo = tasks


def expire_tasks(batch: Batch[Any], positions: Sequence[int]) -> None:
    """Cancel the tasks of items that got no answer in time."""
    pairs = [(p, remembered(batch, p)) for p in positions]
    open_tasks = batch.context.records.get("Task", [task for _, task in pairs if task])
    rows = [(p, task) for p, task in pairs if task in open_tasks and open_tasks[task]["status"] in ("Open", "Claimed")]
    now = to_text(batch.now)
    values: dict[str, Any] = {"status": "Cancelled", "outcome": "timeout", "completedAt": now}
    if rows:
        causes = batch.causes([p for p, _ in rows])
        batch.context.records.update("Task", [str(task) for _, task in rows], [values] * len(rows), causes)


def close_tasks(batch: Batch[Any], visits: Sequence[Visit]) -> None:
    """Cancel the open tasks that these visits' runs still wait for: the runs end, and nobody wants the answers."""
    causes = awaited(batch, visits, "task:")
    if not causes:
        return
    found = batch.context.records.get("Task", list(causes))
    rows = [task for task in causes if task in found and found[task]["status"] in ("Open", "Claimed")]
    values: dict[str, Any] = {"status": "Cancelled", "completedAt": to_text(batch.now)}
    batch.context.records.update("Task", rows, [values] * len(rows), [causes[task] for task in rows])


def awaited(batch: Batch[Any], visits: Sequence[Visit], prefix: str) -> dict[str, Cause]:
    """The ids in the keys of that kind that these visits' runs still wait for, each with the cause of its end."""
    return {
        key.removeprefix(prefix): batch.context.cause(visit.run.id, visit.run.cause_chain)
        for visit in visits
        for token in visit.run.parked
        for key in token.pending
        if key.startswith(prefix)
    }


def form_problems(context: CheckContext, form: object) -> Iterator[Problem]:
    """A form must be a JSON Schema of an object."""
    fault = form_fault(form) if form is not None else None
    if fault is not None:
        hint = "For example {type: object, properties: {ok: {type: boolean}}, required: [ok]}."
        yield Problem("node.form", f"the form cannot be used: {fault}", context.node, "form", hint=hint)


def remembered(batch: Batch[Any], position: int) -> str | None:
    """The id of the item's task or approval."""
    memo = batch.owners[position].token.memo or []
    index = batch.scopes[position].index
    return memo[index] if index < len(memo) else None


def deadline(batch: Batch[Any], span: Span | None) -> str | None:
    """The time so far from now, as a record keeps it."""
    return None if span is None else to_text(batch.node.after(batch.now, span))


def with_answer(item: Mapping[str, Any], answer: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The item with what came of its task."""
    kept = {name: answer.get(name) for name in ("id", "outcome", "response", "completedBy")}
    kept["outcome"] = kept["outcome"] or str(answer.get("status") or "completed").lower()
    return {**item, field: kept}
