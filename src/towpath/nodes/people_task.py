"""Gives work to a person and waits until it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.people import (
    Assignee,
    column,
    create_tasks,
    deadline,
    expire_tasks,
    find_people,
    form_problems,
    lane_assignees,
    unknown_person,
    with_answer,
)
from towpath.model.problem import Problem
from towpath.model.reaction import Reactions
from towpath.model.span import WrittenSpan

DONE, TIMEOUT = 0, 1


class Params(NodeParams):
    """What is to be done, by whom, until when."""

    subject: Dynamic[Text] = Field(description="What is to be done, in one line.")
    description: Dynamic[Text] | None = Field(None, description="What the person should know.")
    kind: Literal["task", "form", "call"] = Field("task", description="A task, a form to fill in, or a call to make.")
    form: dict[str, Any] | None = Field(None, description="JSON Schema of the answer that is asked for.")
    assignee: Dynamic[Text | None] | None = Field(
        None, description="Id, e-mail or name of the user; without user and team the node's lane says who does it."
    )
    team: Dynamic[Text | None] | None = Field(
        None, description="Id or name of the team, any member of which may take it."
    )
    role: Dynamic[Text | None] | None = Field(
        None, description="In place of a team: whoever has this role may take it."
    )
    queue: Dynamic[Text | None] | None = Field(None, description="In place of a team: id or name of the queue.")
    priority: Literal["Low", "Normal", "High", "Urgent"] = Field("Normal", description="How urgent it is.")
    mail: bool = Field(False, description="Also tell its owner by mail, with a link to answer by.")
    due: WrittenSpan | None = Field(
        None, description="When it should be done, from now: '15 min', '4 business hours', '2 business days'."
    )
    reactions: Reactions = Field(
        (), description="What happens while it is not done: remind, escalate (tell), reassign, expire (cancel)."
    )
    timeout: WrittenSpan | None = Field(
        None,
        description="When the run stops waiting, from now: the task is cancelled and the item leaves by 'timeout'.",
    )
    into: str = Field(
        "task", min_length=1, description="Field of the item that gets id, outcome, response and completedBy."
    )


def run(batch: Batch[Params]) -> None:
    """All tasks of the batch in one call; each item waits for its own."""
    params = batch.params
    chosen = _assignees(batch)
    texts = zip(batch.evaluate(params.subject), column(batch, params.description), strict=True)
    shared = {
        "kind": "form" if params.form and params.kind == "task" else params.kind,
        "priority": params.priority,
        "form": params.form,
        "mail": params.mail,
        "dueAt": deadline(batch, params.due),
        "reactions": [r.model_dump(mode="json", exclude_defaults=True) for r in params.reactions] or None,
    }
    queues = _queues(batch)
    rows = []
    for position, (who, (subject, description)) in enumerate(zip(chosen, texts, strict=True)):
        if position not in batch.failed:
            own = {
                "subject": subject,
                "description": description,
                "ownerId": who.user,
                "teamId": who.team,
                "role": who.role,
            }
            own["queueId"] = queues[position]
            rows.append((position, {**shared, **own}))
    create_tasks(batch, rows, params.timeout)


def _queues(batch: Batch[Params]) -> list[str | None]:
    """The id of each item's queue."""
    names = column(batch, batch.params.queue)
    known = find_people(batch, "Queue", names)
    for position, name in enumerate(names):
        if name and name not in known:
            batch.fail(position, unknown_person(batch, "Queue", name, "queue"))
    return [known[name]["id"] if name in known else None for name in names]


def _assignees(batch: Batch[Params]) -> list[Assignee]:
    """Who gets each item's task, as ids; an item that names somebody unknown fails."""
    params = batch.params
    given = zip(*(column(batch, value) for value in (params.assignee, params.team, params.role)), strict=True)
    queued = params.queue is not None
    wanted = [
        Assignee(user, team, role) if user or team or role or queued else lane
        for (user, team, role), lane in zip(given, lane_assignees(batch), strict=True)
    ]
    users = find_people(batch, "User", [who.user for who in wanted])
    teams = find_people(batch, "Team", [who.team for who in wanted])
    chosen = []
    for position, who in enumerate(wanted):
        user, team = users.get(who.user or ""), teams.get(who.team or "")
        if who.user and user is None:
            batch.fail(position, unknown_person(batch, "User", who.user, "assignee"))
        if who.team and team is None:
            batch.fail(position, unknown_person(batch, "Team", who.team, "team"))
        chosen.append(Assignee(user["id"] if user else None, team["id"] if team else None, who.role))
    return chosen


def resume(batch: Batch[Params]) -> None:
    """Answered items go on with what came of their task; the others have run out of time."""
    late = []
    for position, answer in batch.results:
        if answer is None:
            late.append(position)
            batch.forward(position, TIMEOUT)
        else:
            batch.derive(position, with_answer(batch.items[position].json, answer, batch.params.into), DONE)
    expire_tasks(batch, late)


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """A form must be a JSON Schema."""
    yield from form_problems(context, params.form)


node_type = NodeType(
    name="people.task",
    title="Task for a person",
    description="Creates a task and waits until it is done. The item goes on with the outcome and the answers.",
    icon="user-check",
    group="people",
    touches="people",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    outputs=(Port("out", "Done"), Port("timeout", "Time ran out")),
    examples=(
        {
            "subject": "{{ 'Call ' + $json.company }}",
            "kind": "call",
            "assignee": "{{ $json.ownerId }}",
            "due": "15 min",
        },
        {
            "subject": "Check the contract data",
            "form": {"type": "object", "properties": {"complete": {"type": "boolean"}}, "required": ["complete"]},
            "team": "Back office",
            "timeout": "3 days",
        },
        {
            "subject": "Check the credit",
            "role": "Finance",
            "due": "4 business hours",
            "reactions": [
                {"after": "2 business hours", "do": "remind"},
                {"after": "1 business day", "do": "reassign", "to": {"queue": "Back office"}},
            ],
        },
    ),
)
