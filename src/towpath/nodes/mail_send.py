"""Send mail: one message for each item, unless the person does not want any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import FormatError, NodeError
from towpath.model.problem import Problem
from towpath.model.workflow import Retry
from towpath.ports.mail import address, addresses, header_line, not_sent, recipients

SENT, REFUSED = 0, 1
Addresses = Dynamic[str | list[str] | None]


class Params(NodeParams):
    """Who gets the mail, and what it says."""

    to: Addresses = Field(description="Recipients: an address, several with commas between them, or a list.")
    subject: Dynamic[Text] = Field(description="The subject.")
    text: Dynamic[Text] | None = Field(None, description="The message as plain text.")
    html: Dynamic[Text] | None = Field(None, description="The message as HTML, beside the plain text or instead of it.")
    sender: Dynamic[str] | None = Field(
        None, description="The author's address; the configured one when nothing is said."
    )
    cc: Addresses | None = Field(None, description="Recipients of a copy.")
    bcc: Addresses | None = Field(None, description="Recipients of a copy whom the others do not see.")
    reply_to: Addresses | None = Field(None, description="Where answers go.")
    consent_field: str | None = Field(
        "doNotEmail",
        description="Items, and runs of records, with a true value in this field get no mail and leave by 'refused'; "
        "null mails everybody.",
    )

    @model_validator(mode="after")
    def _has_content(self) -> Params:
        if self.text is None and self.html is None:
            raise ValueError("give the message in 'text', 'html' or both")
        return self


def run(batch: Batch[Params]) -> None:
    """Messages go to the outbox; the visits wait for what becomes of them."""
    columns = {name: batch.evaluate(value) for name, value in _fields(batch.params) if value is not None}
    for position in batch.live():
        if _refuses(batch, position):
            batch.forward(position, REFUSED)
            continue
        request = {name: column[position] for name, column in columns.items()}
        try:
            _check(request)
        except FormatError as error:
            batch.fail(position, NodeError(error.message, code=error.code, hint=error.hint))
            continue
        batch.effect(position, "mail", {**request, **_about(batch, position)})


def _fields(params: Params) -> Iterator[tuple[str, Dynamic[Any] | None]]:
    for name in ("to", "cc", "bcc", "reply_to", "sender", "subject", "text", "html"):
        yield name, getattr(params, name)


def _refuses(batch: Batch[Params], position: int) -> bool:
    field = batch.params.consent_field
    if field is None:
        return False
    record = batch.runs[position].scope.record
    return bool(batch.items[position].json.get(field)) or (isinstance(record, Mapping) and bool(record.get(field)))


def _about(batch: Batch[Params], position: int) -> dict[str, Any]:
    """Whom the mail is about: answers find the record, and a refusal is looked at again when the mail leaves."""
    name, run = batch.params.consent_field, batch.owners[position].run
    about = {"object": run.object, "record": run.record} if run.record else {}
    return {"about": {**about, **({"field": name} if name else {})}} if about or name else {}


def _check(request: Mapping[str, Any]) -> None:
    """Bad addresses fail here, where the item can still take the error branch, and not in the outbox."""
    recipients(request)
    addresses(request.get("reply_to") or ())
    header_line(request["subject"])
    if request.get("sender"):
        address(request["sender"])


def resume(batch: Batch[Params]) -> None:
    """Items go on as they were; those without an answer got no mail and have left already."""
    for position, answer in batch.results:
        if answer is None:
            continue
        if answer.get("state") == "sent":
            batch.forward(position, SENT)
        elif answer.get("state") == "refused":
            batch.forward(position, REFUSED)
        else:
            batch.fail(position, not_sent(answer))


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Addresses that are written out must be addresses."""
    for name, value in _fields(params):
        if value is not None and value.template is None and name in ("to", "cc", "bcc", "reply_to", "sender"):
            try:
                addresses(value.literal or ())
            except FormatError as error:
                yield Problem("node.mail_address", error.message, context.node, name, hint=error.hint)


node_type = NodeType(
    name="mail.send",
    title="Send mail",
    description="Sends a mail for each item. The items go on unchanged when their mails are sent. "
    "People who do not want mail get none and leave by an output of their own.",
    icon="mail",
    group="mail",
    touches="external",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    retry=Retry(attempts=5, delay=30.0, factor=4.0, max_delay=3600.0, jitter=0.1),
    outputs=(Port("sent", "Sent"), Port("refused", "Does not want mail")),
    examples=(
        {
            "to": "{{ $json.email }}",
            "subject": "Welcome, {{ $json.firstName }}",
            "text": "Dear {{ $json.firstName }},\n\nthank you for your interest.",
        },
        {
            "to": ["sales@example.com"],
            "sender": "Towpath <towpath@example.com>",
            "subject": "Deal won",
            "html": "<p>{{ $json.name }}</p>",
            "consent_field": None,
        },
    ),
)
