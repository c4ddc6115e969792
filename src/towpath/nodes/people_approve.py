"""Asks one person for a decision. Nothing is ever approved by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.people import (
    column,
    create_tasks,
    deadline,
    expire_tasks,
    find_people,
    lane_assignees,
    with_answer,
)
from towpath.errors import NodeError, Where
from towpath.model.duration import Duration
from towpath.ports.records import Record

_PORTS = {"approved": 0, "rejected": 1}
TIMEOUT = 2


class Params(NodeParams):
    """What is to be decided, by whom, until when."""

    subject: Dynamic[Text] = Field(description="What is to be decided, in one line.")
    description: Dynamic[Text] | None = Field(None, description="What the approver should know.")
    approver: Dynamic[Text | None] | None = Field(
        None, description="Id, e-mail or name of the user who decides; the node's lane says who when it is left out."
    )
    submitter: Dynamic[Text | None] | None = Field(
        None, description="Who asks, by id, e-mail or name: must not decide, the fallback does."
    )
    fallback: Dynamic[Text | None] | None = Field(
        None,
        description="Who decides when the approver is missing, inactive or the submitter; without one the item fails.",
    )
    form: dict[str, Any] | None = Field(
        None, description="JSON Schema of what the approver fills in beside the decision."
    )
    priority: Literal["Low", "Normal", "High", "Urgent"] = Field("Normal", description="How urgent it is.")
    due: Duration | None = Field(None, description="When it should be decided, from now.")
    timeout: Duration | None = Field(
        None,
        description="When the run stops waiting, from now: the request is cancelled and the item leaves by 'timeout'.",
    )
    into: str = Field(
        "approval", min_length=1, description="Field of the item that gets id, outcome, response and completedBy."
    )


def run(batch: Batch[Params]) -> None:
    """All requests of the batch in one call; each item waits for its own."""
    params = batch.params
    approvers = _approvers(batch)
    texts = zip(batch.evaluate(params.subject), column(batch, params.description), strict=True)
    shared = {
        "kind": "approval",
        "priority": params.priority,
        "form": params.form,
        "dueAt": deadline(batch, params.due),
    }
    rows = []
    for position, (approver, (subject, description)) in enumerate(zip(approvers, texts, strict=True)):
        if approver is None:
            batch.fail(position, _nobody())
        elif position not in batch.failed:
            rows.append((position, {**shared, "subject": subject, "description": description, "ownerId": approver}))
    create_tasks(batch, rows, params.timeout)


def _approvers(batch: Batch[Params]) -> list[str | None]:
    """The id of who decides each item, None where nobody may."""
    params = batch.params
    lane = [who.user for who in lane_assignees(batch)]
    approvers = column(batch, params.approver) if params.approver is not None else lane
    fallbacks, submitters = column(batch, params.fallback), column(batch, params.submitter)
    users = find_people(batch, "User", [*approvers, *fallbacks, *submitters])
    return [
        _first_able(users, names, submitter) for *names, submitter in zip(approvers, fallbacks, submitters, strict=True)
    ]


def _first_able(users: dict[str, Record], names: Sequence[Any], submitter: Any) -> str | None:
    asks = users.get(submitter) if isinstance(submitter, str) else None
    for name in names:
        user = users.get(name) if isinstance(name, str) else None
        if user is not None and user.get("active") and (asks is None or user["id"] != asks["id"]):
            return str(user["id"])
    return None


def _nobody() -> NodeError:
    return NodeError(
        "nobody may decide: the approver and the fallback are missing, inactive or the submitter",
        code="node.no_approver",
        hint="Name an active user in 'approver' or 'fallback'; nothing is approved by itself.",
        where=Where(field="approver"),
    )


def resume(batch: Batch[Params]) -> None:
    """The decision is the way out; anything but a decision fails."""
    late = []
    for position, answer in batch.results:
        if answer is None:
            late.append(position)
            batch.forward(position, TIMEOUT)
        elif answer.get("outcome") in _PORTS:
            json = with_answer(batch.items[position].json, answer, batch.params.into)
            batch.derive(position, json, _PORTS[answer["outcome"]])
        else:
            batch.fail(position, _no_decision(answer.get("outcome")))
    expire_tasks(batch, late)


def _no_decision(outcome: object) -> NodeError:
    return NodeError(
        f"the request ended with {outcome!r}, which is no decision",
        code="node.no_decision",
        hint="Complete the task with the outcome 'approved' or 'rejected'.",
    )


node_type = NodeType(
    name="people.approve",
    title="Approval",
    description="Asks one person to approve or reject and waits for the decision. Without an active approver the "
    "fallback decides; nothing is ever approved by itself.",
    icon="check-square",
    group="people",
    touches="people",
    params=Params,
    run=run,
    resume=resume,
    outputs=(Port("approved", "Approved"), Port("rejected", "Rejected"), Port("timeout", "Time ran out")),
    examples=(
        {
            "subject": "{{ 'Discount for ' + $json.name }}",
            "approver": "{{ $json.managerId }}",
            "fallback": "sales.head@example.com",
        },
    ),
)
