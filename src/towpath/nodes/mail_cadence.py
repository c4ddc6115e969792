"""A cadence: several steps of outreach to one person, which end when he answers, meets somebody, or wants no mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.people import origin
from towpath.errors import FormatError, NodeError, TowpathError, Where
from towpath.model.moment import from_text, to_text
from towpath.model.problem import Problem
from towpath.model.span import WrittenSpan, after
from towpath.model.workflow import Retry
from towpath.ports.mail import address, header_line, not_sent, recipients
from towpath.ports.records import Record

_PORTS = {"finished": 0, "replied": 1, "met": 2, "opted_out": 3}


class CadenceStep(NodeParams):
    """One step: a mail, or a task for the owner such as a call."""

    after: WrittenSpan = Field(0.0, description="How long after the step before, such as '3 business days'.")
    kind: Literal["mail", "task"] = Field("mail", description="Whether a mail is sent or a task is given.")
    subject: Dynamic[Text] = Field(description="Subject of the mail or the task.")
    text: Dynamic[Text] | None = Field(None, description="What the mail says, or what the owner should know.")


class Params(NodeParams):
    """Whom to write to, what, and how long to wait."""

    to: Dynamic[Text | None] = Field(description="The person's address.")
    steps: tuple[CadenceStep, ...] = Field(min_length=1, max_length=30, description="What is done, in order.")
    sender: Dynamic[str | None] | None = Field(None, description="The author's address; limits of a mailbox go by it.")
    wait: WrittenSpan = Field("3 days", validate_default=True, description="How long to wait after the last step.")
    consent_field: str = Field("doNotEmail", description="The field of the record by which a person refuses mail.")
    into: str = Field("cadence", min_length=1, description="Field of the item that gets outcome and steps done.")


def run(batch: Batch[Params]) -> None:
    """The first step of each run's person, now or when it is time."""
    for visit in batch.visits:
        if len(visit.token.inputs[0]) > 1:
            batch.fail_visit(visit, _one_person())
    for position in batch.live():
        if batch.owners[position].faults:
            continue
        if batch.owners[position].run.record is None:
            batch.fail(position, _no_record())
        else:
            _go_on(batch, position, {"next": 0, "base": batch.now, "begun": batch.now})


def resume(batch: Batch[Params]) -> None:
    """A mail has left, the time has come, or somebody has answered."""
    for position, answer in batch.results:
        state = dict(batch.owners[position].token.memo or {})
        sent = answer.get("state") if isinstance(answer, Mapping) else None
        if sent == "refused":
            _leave(batch, position, "opted_out", state)
        elif sent is not None and sent != "sent":
            batch.fail(position, not_sent(answer or {}))
        else:
            if sent == "sent":
                state |= {"next": state["next"] + 1, "base": batch.now}
            batch.owners[position].answers.clear()
            _go_on(batch, position, state)


def _go_on(batch: Batch[Params], position: int, state: dict[str, Any]) -> None:
    """Do what is due, then wait; an answer that came meanwhile ends it before the next step."""
    outcome = _stopped(batch, position, state)
    if outcome is not None:
        _leave(batch, position, outcome, state)
        return
    steps, calendar = batch.params.steps, batch.context.records.business_time
    while state["next"] < len(steps):
        step = steps[state["next"]]
        due = after(state["base"], step.after, calendar)
        if due > batch.now:
            _wait(batch, position, state, due)
            return
        if step.kind == "mail":
            _mail(batch, position, step, state)
            return
        _task(batch, position, step)
        state = {**state, "next": state["next"] + 1, "base": batch.now}
    due = after(state["base"], batch.params.wait, calendar)
    if due > batch.now:
        _wait(batch, position, state, due)
    else:
        _leave(batch, position, "finished", state)


def _wait(batch: Batch[Params], position: int, state: dict[str, Any], due: int) -> None:
    batch.wait_for(position, f"contact:{batch.owners[position].run.record}", due=due)
    batch.park(batch.owners[position], memo=state)


def _stopped(batch: Batch[Params], position: int, state: Mapping[str, Any]) -> str | None:
    """Why no further step is taken: what happened with the record since the cadence began, the first of it first."""
    record_id = str(batch.owners[position].run.record)
    record = _record(batch, position)
    if record is not None and record.get(batch.params.consent_field):
        return "opted_out"
    found = batch.context.records.find_by("Activity", "relatedId", [record_id])[record_id]
    since = [each for each in found if (from_text(each["createdAt"]) or 0) >= state["begun"] - 1000]
    for activity in since:
        if activity["type"] == "Meeting":
            return "met"
        if activity["type"] == "Email" and activity["direction"] == "Inbound":
            return "replied"
    return None


def _record(batch: Batch[Params], position: int) -> Record | None:
    owner = batch.owners[position].run
    return batch.context.records.get(str(owner.object), [str(owner.record)]).get(str(owner.record))


def _mail(batch: Batch[Params], position: int, step: CadenceStep, state: dict[str, Any]) -> None:
    params, owner = batch.params, batch.owners[position].run
    request = {"to": batch.evaluate(params.to)[position], "subject": batch.evaluate(step.subject)[position]}
    request["text"] = batch.evaluate(step.text)[position] if step.text is not None else request["subject"]
    sender = batch.evaluate(params.sender)[position] if params.sender is not None else None
    if position in batch.failed:
        return
    if sender:
        request["sender"] = sender
    try:
        recipients(request)
        header_line(request["subject"])
        if sender:
            address(sender)
    except FormatError as error:
        batch.fail(position, NodeError(error.message, code=error.code, hint=error.hint))
        return
    about = {"object": owner.object, "record": owner.record, "field": params.consent_field}
    batch.effect(position, "mail", {**request, "about": about})
    batch.park(batch.owners[position], memo=state)


def _task(batch: Batch[Params], position: int, step: CadenceStep) -> None:
    record = _record(batch, position) or {}
    row = {
        **origin(batch, position),
        "runId": None,  # nobody waits for it
        "subject": batch.evaluate(step.subject)[position],
        "description": batch.evaluate(step.text)[position] if step.text is not None else None,
        "kind": "call",
        "ownerId": record.get("ownerId"),
        "dueAt": to_text(batch.now),
    }
    (outcome,) = batch.context.records.create("Task", [row], batch.causes([position]))
    if isinstance(outcome, TowpathError):
        batch.fail(position, outcome)


def _leave(batch: Batch[Params], position: int, outcome: str, state: Mapping[str, Any]) -> None:
    if position not in batch.failed:
        said = {"outcome": outcome, "steps": state["next"]}
        batch.derive(position, {**batch.items[position].json, batch.params.into: said}, _PORTS[outcome])


def _one_person() -> NodeError:
    return NodeError(
        "a cadence writes to one person in one run",
        code="node.one_item",
        hint="Start a run for each record, with trigger.record or workflow.run.",
    )


def _no_record() -> NodeError:
    return NodeError(
        "the run is not about a record",
        code="node.no_record",
        hint="Start it with a trigger of the lead or contact.",
        where=Where(field="to"),
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """A cadence without a mail is a list of tasks."""
    if all(step.kind != "mail" for step in params.steps):
        text = "the cadence sends no mail"
        yield Problem("node.cadence", text, context.node, "steps", hint="Use people.task for tasks alone.")


node_type = NodeType(
    name="mail.cadence",
    title="Cadence",
    description="Writes to one person in several steps, with calls between them, and stops before the next step when "
    "there is a reply, a meeting, or a refusal of mail. Quiet hours and limits of mailboxes hold.",
    icon="repeat",
    group="mail",
    touches="external",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    retry=Retry(attempts=5, delay=30.0, factor=4.0, max_delay=3600.0, jitter=0.1),
    outputs=(
        Port("finished", "No answer"), Port("replied", "Replied"), Port("met", "Met"), Port("opted_out", "Opted out"),
    ),
    examples=(
        {
            "to": "{{ $json.email }}",
            "steps": [
                {"subject": "{{ 'A question, ' + $json.firstName }}", "text": "May I ask ...?"},
                {"after": "2 business days", "kind": "task", "subject": "Call"},
                {"after": "3 business days", "subject": "One more try", "text": "Is it still of interest?"},
            ],
            "wait": "1 week",
        },
    ),
)  # fmt: skip
