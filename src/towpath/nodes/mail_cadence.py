"""A cadence: several steps of outreach to a person, which end when he answers, meets somebody, or wants no mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.fields import object_problems
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

State: TypeAlias = dict[str, Any]  # ``next`` step, ``base`` of its time, and when the cadence was ``begun``
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
    object: str | None = Field(
        None,
        description="What the items are, such as Contact, where a run carries many people; each item has its id. "
        "Left out, the run is about one person.",
    )
    steps: tuple[CadenceStep, ...] = Field(min_length=1, max_length=30, description="What is done, in order.")
    sender: Dynamic[str | None] | None = Field(None, description="The author's address; limits of a mailbox go by it.")
    wait: WrittenSpan = Field("3 days", validate_default=True, description="How long to wait after the last step.")
    consent_field: str = Field("doNotEmail", description="The field of the record by which a person refuses mail.")
    into: str = Field("cadence", min_length=1, description="Field of the item that gets outcome and steps done.")


def run(batch: Batch[Params]) -> None:
    """The first step of each person, now or when it is time."""
    crowded = Counter(run.id for run in batch.runs) if batch.params.object is None else Counter[str]()
    states = dict[int, State]()
    for position in batch.live():
        if crowded[batch.runs[position].id] > 1:
            batch.fail(position, _one_person())
        elif _about(batch, position) is None:
            batch.fail(position, _no_record())
        else:
            states[position] = {"next": 0, "base": batch.now, "begun": batch.now}
    _go_on(batch, states)


def resume(batch: Batch[Params]) -> None:
    """A mail has left, the time has come, or somebody has answered."""
    states = dict[int, State]()
    for position, answer in batch.results:
        owner = batch.owners[position]
        state = dict(owner.token.memo or {})
        sent = answer.get("state") if isinstance(answer, Mapping) else None
        if sent == "refused":
            _leave(batch, position, "opted_out", state)
        elif sent is not None and sent != "sent":
            batch.fail(position, not_sent(answer or {}))
        else:
            if sent == "sent":
                state |= {"next": state["next"] + 1, "base": batch.now}
            owner.answers.clear()
            states[position] = state
    _go_on(batch, states)


def _go_on(batch: Batch[Params], states: Mapping[int, State]) -> None:
    """Do what is due, then wait; an answer that came meanwhile ends it before the next step."""
    going = _unanswered(batch, states)
    while going:
        done = dict[int, State]()
        for number, positions in _due(batch, going).items():
            step = batch.params.steps[number]
            if step.kind == "mail":
                _mail(batch, step, {position: going[position] for position in positions})
            else:
                given = _tasks(batch, step, positions)
                done |= {p: {**going[p], "next": number + 1, "base": batch.now} for p in given}
        going = done


def _due(batch: Batch[Params], going: Mapping[int, State]) -> dict[int, list[int]]:
    """Positions by the number of the step that is due; for the others the wait begins, or the cadence is over."""
    params, calendar = batch.params, batch.context.records.business_time
    due = dict[int, list[int]]()
    for position, state in going.items():
        number, last = state["next"], state["next"] >= len(params.steps)
        at = after(state["base"], params.wait if last else params.steps[number].after, calendar)
        if at > batch.now:
            _, record = _about(batch, position) or ("", "")
            batch.wait_for(position, f"contact:{record}", due=at)
            batch.park(batch.owners[position], memo=state)
        elif last:
            _leave(batch, position, "finished", state)
        else:
            due.setdefault(number, []).append(position)
    return due


def _about(batch: Batch[Params], position: int) -> tuple[str, str] | None:
    """The object and id of the person; None where there is none."""
    run, name = batch.runs[position], batch.params.object
    if name is not None:
        own = batch.items[position].json.get("id")
        return (name, own) if isinstance(own, str) else None
    return (str(run.object), run.record) if run.record is not None else None


def _people(batch: Batch[Params], positions: Iterable[int]) -> dict[int, Record]:
    """The records of those who are there; one statement for each object."""
    abouts = {position: about for position in positions if (about := _about(batch, position)) is not None}
    ids = dict[str, list[str]]()
    for name, record in abouts.values():
        ids.setdefault(name, []).append(record)
    found = {name: batch.context.records.get(name, wanted) for name, wanted in ids.items()}
    return {position: found[name][key] for position, (name, key) in abouts.items() if key in found[name]}


def _unanswered(batch: Batch[Params], states: Mapping[int, State]) -> dict[int, State]:
    """Those with whom nothing happened since the cadence began; the others leave by the first that did."""
    people, going = _people(batch, states), dict[int, State]()
    keys = {position: about[1] for position in states if (about := _about(batch, position)) is not None}
    happened = batch.context.records.find_by("Activity", "relatedId", sorted(set(keys.values()))) if keys else {}
    for position, state in states.items():
        refuses = bool(people.get(position, {}).get(batch.params.consent_field))
        outcome = "opted_out" if refuses else _answer(happened.get(keys.get(position), ()), state["begun"])
        if outcome is None:
            going[position] = state
        else:
            _leave(batch, position, outcome, state)
    return going


def _answer(activities: Iterable[Record], begun: int) -> str | None:
    for activity in activities:
        if (from_text(activity["createdAt"]) or 0) >= begun - 1000:
            if activity["type"] == "Meeting":
                return "met"
            if activity["type"] == "Email" and activity["direction"] == "Inbound":
                return "replied"
    return None


def _values(batch: Batch[Params], value: Dynamic[Any] | None, positions: Sequence[int]) -> dict[int, Any]:
    """The parameter for these items alone: what others need later is not asked yet."""
    if value is None:
        return {}
    found = dict(
        zip(positions, value.evaluate([batch.scopes[position] for position in positions], batch.sandbox), strict=True)
    )
    for position, got in found.items():
        if isinstance(got, TowpathError):
            batch.fail(position, got)
    return found


def _mail(batch: Batch[Params], step: CadenceStep, states: Mapping[int, State]) -> None:
    params, positions = batch.params, list(states)
    written: dict[str, Dynamic[Any] | None] = {
        "to": params.to,
        "subject": step.subject,
        "text": step.text or step.subject,
        "sender": params.sender,
    }
    columns = {name: _values(batch, value, positions) for name, value in written.items()}
    for position, state in states.items():
        request = {
            name: column[position] for name, column in columns.items() if name != "sender" or column.get(position)
        }
        if position in batch.failed or not _is_sound(batch, position, request):
            continue
        name, record = _about(batch, position) or ("", "")
        about = {"object": name, "record": record, "field": params.consent_field}
        batch.effect(position, "mail", {**request, "about": about})
        batch.park(batch.owners[position], memo=state)


def _is_sound(batch: Batch[Params], position: int, request: Mapping[str, Any]) -> bool:
    """Bad addresses fail here, where the item can still take the error branch."""
    try:
        recipients(request)
        header_line(request["subject"])
        if "sender" in request:
            address(request["sender"])
    except FormatError as error:
        batch.fail(position, NodeError(error.message, code=error.code, hint=error.hint))
        return False
    return True


def _tasks(batch: Batch[Params], step: CadenceStep, positions: Sequence[int]) -> list[int]:
    """A task for the owner of each person; the positions of those that were made."""
    subjects, texts = _values(batch, step.subject, positions), _values(batch, step.text, positions)
    people = _people(batch, positions)
    live = [position for position in positions if position not in batch.failed]
    rows = []
    for position in live:
        name, record = _about(batch, position) or ("", "")
        own = {"runId": None, "relatedObject": name, "relatedId": record}  # nobody waits for it
        what = {"subject": subjects[position], "description": texts.get(position), "kind": "call"}
        owner = people.get(position, {}).get("ownerId")
        rows.append({**origin(batch, position), **own, **what, "ownerId": owner, "dueAt": to_text(batch.now)})
    outcomes = batch.context.records.create("Task", rows, batch.causes(live))
    for position, outcome in zip(live, outcomes, strict=True):
        if isinstance(outcome, TowpathError):
            batch.fail(position, outcome)
    return [position for position in live if position not in batch.failed]


def _leave(batch: Batch[Params], position: int, outcome: str, state: State) -> None:
    said = {"outcome": outcome, "steps": state["next"]}
    batch.derive(position, {**batch.items[position].json, batch.params.into: said}, _PORTS[outcome])


def _one_person() -> NodeError:
    return NodeError(
        "the run is about one person and carries several",
        code="node.one_item",
        hint="Say in 'object' what the items are, such as Lead, or start a run for each record.",
    )


def _no_record() -> NodeError:
    return NodeError(
        "the run is not about a record",
        code="node.no_record",
        hint="Start it with a trigger of the lead or contact, or say in 'object' what the items, with their ids, are.",
        where=Where(field="object"),
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist, and a cadence without a mail is a list of tasks."""
    if params.object is not None:
        yield from object_problems(context, params.object)
    if all(step.kind != "mail" for step in params.steps):
        text = "the cadence sends no mail"
        yield Problem("node.cadence", text, context.node, "steps", hint="Use people.task for tasks alone.")


node_type = NodeType(
    name="mail.cadence",
    title="Cadence",
    description="Writes to each person in several steps, with calls between them, and stops before the next step when "
    "there is a reply, a meeting, or a refusal of mail. Quiet hours and limits of mailboxes hold. Where a run carries "
    "many people, each goes on as soon as it is over with him.",
    icon="repeat",
    group="mail",
    touches="external",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    apart=True,
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
