"""The next page of a form that somebody is filling in, or its end."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.events import Reply
from towpath.engine.node import NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.web_forms import END_OF_FORM, FormField, page_of
from towpath.expr.values import to_text
from towpath.model.duration import Duration
from towpath.ports.time import SECOND


class Params(NodeParams):
    """What the page asks, or what is said at the end."""

    mode: Literal["page", "end"] = Field("page", description="Another page with fields, or the last one without.")
    title: Dynamic[Text] = Field("Form", validate_default=True, description="The heading.")
    description: Dynamic[Text] = Field("", validate_default=True, description="A text under the heading.")
    fields: tuple[FormField, ...] = Field((), max_length=100, description="With page: what is asked.")
    button: str | None = Field(None, min_length=1, max_length=60, description="With page: the text on the button.")
    redirect: Dynamic[Text] | None = Field(None, description="With end: an address that people are sent on to.")
    keep: bool = Field(False, description="With page: the item's own fields stay beside what was filled in.")
    timeout: Duration | None = Field(None, description="With page: how long to wait; then items leave by 'timeout'.")

    @model_validator(mode="after")
    def _complete(self) -> Params:
        if (self.mode == "page") != bool(self.fields):
            raise ValueError("say in 'fields' what the page asks, and only then")
        return self


def run(batch: Batch[Params]) -> None:
    """The run waits for its page; all its items wait as one. At the end its items go on."""
    params = batch.params
    rows = batch.resolve(params.title, params.description, params.redirect or params.title)
    first = {id(batch.owners[row[0]]): row for row in reversed(rows)}
    for visit, positions in batch.by_visit():
        if not positions or id(visit) not in first:
            continue
        position, title, text, redirect = first[id(visit)]
        if params.mode == "end":
            said = {"title": title, "text": text, "redirect": redirect if params.redirect is not None else None}
            headers = {"content-type": END_OF_FORM}
            batch.context.replies.append(Reply(visit.run.id, 200, headers, msgspec.json.encode(said)))
            batch.forward_visit(visit)
            continue
        due = batch.now + round(params.timeout * SECOND) if params.timeout is not None else None
        batch.wait_for(position, f"form:{visit.run.id}", due=due)
        batch.park(visit, memo={"page": page_of(to_text(title), to_text(text), params.fields, params.button)})


def resume(batch: Batch[Params]) -> None:
    """What was filled in goes on as one item."""
    for visit, positions in batch.by_visit():
        answer: Any = next(iter(visit.answers.values()), None)
        if answer is None:
            batch.forward_visit(visit, 1)
        elif positions:
            own = batch.items[positions[0]]
            json = {**own.json, **answer["values"]} if batch.params.keep else dict(answer["values"])
            batch.derive(positions[0], json, binary=answer.get("files") or None)


def _outputs(params: Params) -> tuple[Port, ...]:
    late = (Port("timeout", "Time ran out"),) if params.mode == "page" else ()
    return (Port("out"), *late)


node_type = NodeType(
    name="web.form",
    title="Form page",
    description="Shows the next page of the form that started the run and waits until it is filled in, or ends it.",
    icon="file-text",
    group="http",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    outputs=_outputs,
    examples=(
        {"title": "One more thing", "fields": [{"label": "Phone"}], "keep": True, "timeout": "1 day"},
        {"mode": "end", "title": "Thank you, {{ $json.name }}", "description": "We will call you."},
    ),
)
