"""Asks people for a decision, in one step or several. Nothing is ever approved by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from towpath.crm.approvals.claims import claims_of
from towpath.crm.approvals.process import Approvals
from towpath.engine.batch import Batch
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.people import (
    Assignee,
    column,
    deadline,
    form_problems,
    lane_assignees,
    origin,
    remember,
    remembered,
    with_answer,
)
from towpath.errors import NodeError, TowpathError
from towpath.model.approval import ApprovalStep
from towpath.model.duration import Duration
from towpath.model.problem import Problem
from towpath.model.reaction import Reactions, Resolver
from towpath.model.span import WrittenSpan
from towpath.ports.time import SECOND

_PORTS = {"approved": 0, "rejected": 1, "expired": 2, "recalled": 3}
TIMEOUT = 2
KEY = "approval:"


class Params(NodeParams):
    """What is to be decided, by whom, until when."""

    subject: Dynamic[Text] = Field(description="What is to be decided, in one line.")
    description: Dynamic[Text] | None = Field(None, description="What the approver should know.")
    approver: Dynamic[Text | None] | None = Field(
        None, description="Id, e-mail or name of the user who decides; the node's lane says who when it is left out."
    )
    steps: tuple[ApprovalStep, ...] = Field(
        (),
        max_length=20,
        description="In place of one approver: steps, each with approvers (user, role, team, queue, manager, field), "
        "a policy, fields to lock, and what happens when nobody decides.",
    )
    submitter: Dynamic[Text | None] | None = Field(
        None, description="Who asks, by id, e-mail or name: must not decide, the fallback does."
    )
    fallback: Dynamic[Text | None] | None = Field(
        None,
        description="Who decides when the approver is missing, inactive or the submitter; without one the item fails.",
    )
    locks: tuple[str, ...] = Field(
        (), description="Fields of the run's record that nobody may edit until the decision; steps have their own."
    )
    form: dict[str, Any] | None = Field(
        None, description="JSON Schema of what the approver fills in beside the decision."
    )
    priority: Literal["Low", "Normal", "High", "Urgent"] = Field("Normal", description="How urgent it is.")
    mail: bool = Field(False, description="Also tell the approvers by mail, with a link to answer by.")
    due: WrittenSpan | None = Field(None, description="When it should be decided, from now: '4 business hours'.")
    timeout: Duration | None = Field(
        None,
        description="When the run stops waiting, from now: the request is cancelled and the item leaves by 'timeout'.",
    )
    reactions: Reactions = Field(
        (), description="What happens when nobody decides: remind, escalate, reassign, expire; steps have their own."
    )
    into: str = Field(
        "approval", min_length=1, description="Field of the item that gets id, outcome, response and completedBy."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Params:
        if self.steps and (self.approver is not None or self.fallback is not None or self.locks or self.reactions):
            raise ValueError("'steps' have approvers, fallback, locks and reactions of their own")
        return self


def run(batch: Batch[Params]) -> None:
    """All requests of the batch in a few calls; each item waits for its own."""
    params = batch.params
    approvers = _approvers(batch)
    texts = zip(batch.evaluate(params.subject), column(batch, params.description), strict=True)
    fallbacks, submitters = column(batch, params.fallback), column(batch, params.submitter)
    approvals = Approvals(batch.context.records, batch.now, batch.context.cause("", ()))
    approvals.people.load([*(who.user for who in approvers), *fallbacks, *submitters])
    rows = []
    for position, (subject, description) in enumerate(texts):
        if position not in batch.failed:
            steps = params.steps or _one_step(params, approvers[position], fallbacks[position])
            asks = approvals.people.find(submitters[position])
            own = {"subject": subject, "description": description, "submitterId": asks and asks["id"]}
            rows.append((position, {**own, **_shared(batch, position)}, steps))
    _create(batch, approvals, rows)


def _create(batch: Batch[Params], approvals: Approvals, rows: list[tuple[int, dict[str, Any], Any]]) -> None:
    due = batch.now + round(batch.params.timeout * SECOND) if batch.params.timeout is not None else None
    causes = batch.causes([position for position, *_ in rows])
    made = approvals.submit_all([(values, steps) for _, values, steps in rows], causes)
    for (position, *_), approval in zip(rows, made, strict=True):
        if isinstance(approval, TowpathError):
            batch.fail(position, approval)
            continue
        batch.touch(position, "Approval", approval["id"])
        batch.wait_for(position, KEY + approval["id"], due=due)
        remember(batch, position, approval["id"])


def _shared(batch: Batch[Params], position: int) -> dict[str, Any]:
    params = batch.params
    return {
        **origin(batch, position),
        "form": params.form,
        "priority": params.priority,
        "mail": params.mail,
        "dueAt": deadline(batch, params.due),
        "facts": batch.items[position].json if any(_names_fields(step) for step in params.steps) else None,
    }


def _names_fields(step: ApprovalStep) -> bool:
    named = [*step.approvers, *([step.fallback] if step.fallback else [])]
    return any(resolver.field is not None for resolver in named)


def _approvers(batch: Batch[Params]) -> list[Assignee]:
    if batch.params.approver is None:
        return lane_assignees(batch)
    return [Assignee(user=name) for name in batch.evaluate(batch.params.approver)]


def _one_step(params: Params, who: Assignee, fallback: str | None) -> tuple[ApprovalStep, ...]:
    """The step of a single approver; whoever is first, where a team or a role is asked."""
    if who.team:
        asked = Resolver(team=who.team)
    elif who.role:
        asked = Resolver(role=who.role)
    else:
        asked = Resolver(user=who.user or NOBODY)
    return (
        ApprovalStep(
            name="decision", approvers=(asked,), policy="first", locks=params.locks, reactions=params.reactions,
            fallback=Resolver(user=fallback) if fallback else None,
        ),
    )  # fmt: skip


NOBODY = "-"  # no user is called so: an expression that names no approver means the fallback


def resume(batch: Batch[Params]) -> None:
    """The decision is the way out; anything but a decision fails."""
    late = dict[int, str | None]()
    for position, answer in batch.results:
        if answer is None:
            late[position] = remembered(batch, position)
            batch.forward(position, TIMEOUT)
        else:
            _decided(batch, position, answer)
    _expire(batch, {position: approval for position, approval in late.items() if approval is not None})


def _expire(batch: Batch[Params], late: Mapping[int, str]) -> None:
    """End requests that ran out of time; what people did for them until then is theirs."""
    if not late:
        return
    approvals = Approvals(batch.context.records, batch.now, batch.context.cause("", ()))
    claims = claims_of(batch.context.records, list(late.values()))
    for position, approval in late.items():
        approvals.expire(approval)
        batch.credit(position, claims[approval])


def _decided(batch: Batch[Params], position: int, answer: Mapping[str, Any]) -> None:
    outcome = str(answer.get("outcome"))
    if outcome not in _PORTS:
        batch.fail(position, _no_decision(outcome))
    else:
        json = with_answer(batch.items[position].json, answer, batch.params.into)
        batch.derive(position, json, _PORTS[outcome])


def _no_decision(outcome: object) -> NodeError:
    return NodeError(
        f"the request ended with {outcome!r}, which is no decision",
        code="node.no_decision",
        hint="Complete the task with the outcome 'approved' or 'rejected'.",
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """A form must be a JSON Schema."""
    yield from form_problems(context, params.form)


node_type = NodeType(
    name="people.approve",
    title="Approval",
    description="Asks people to approve or reject and waits for the decision, in one step or several. Without an "
    "active approver the fallback decides; nothing is ever approved by itself.",
    icon="check-square",
    group="people",
    touches="people",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    outputs=(
        Port("approved", "Approved"), Port("rejected", "Rejected"), Port("timeout", "Time ran out"),
        Port("recalled", "Taken back"),
    ),
    examples=(
        {
            "subject": "{{ 'Discount for ' + $json.name }}",
            "approver": "{{ $json.managerId }}",
            "fallback": "sales.head@example.com",
        },
        {
            "subject": "{{ 'Quote ' + $json.name }}",
            "submitter": "{{ $json.ownerId }}",
            "steps": [
                {"name": "Manager", "approvers": [{"manager": 1}], "fallback": {"role": "Head of sales"}},
                {
                    "name": "Finance and legal",
                    "approvers": [{"role": "Finance"}, {"user": "legal@example.com"}],
                    "policy": "quorum",
                    "quorum": 2,
                    "locks": ["discount", "amount"],
                    "on_reject": "previous",
                    "reactions": [
                        {"after": "4 business hours", "do": "remind"},
                        {"after": "2 business days", "do": "expire"},
                    ],
                },
            ],
        },
    ),
)  # fmt: skip
