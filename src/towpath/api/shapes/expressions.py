"""Expressions on the wire: trying one, and what an editor may offer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, example


class TryBody(Body):
    """An expression with what it sees; ``input`` are the items that came in, ``item`` the one it is evaluated for."""

    model_config = Body.model_config | example(
        {"expression": "{{ $json.name.toUpperCase() }}", "item": {"name": "Ann"}}
    )

    expression: str = Field(max_length=65536)
    item: Json = {}
    index: int = Field(0, ge=0, description="$itemIndex: the place of the item among those that came in.")
    input: list[Json] = Field([], max_length=1000)
    record: Json | None = None
    old: Json | None = None
    globals: Json = {}
    vars: Json = {}
    nodes: dict[str, list[Json]] = Field({}, description="What other nodes gave: lists of items by name.")
    timezone: str = "UTC"


class TriedAnswer(Answer):
    """What an expression gave. ``errors`` are JavaScript's own, which make a value undefined."""

    value: Any
    type: str = Field(validation_alias="kind")
    errors: list[str]
    evaluator: Literal["literal", "path", "native", "sandbox"]
    reason: str = Field(description="Why it needs the sandbox.")
    microseconds: float


class CompletionBody(Body):
    """For what an editor asks: an object of the CRM, an item, the names of earlier nodes."""

    model_config = Body.model_config | example({"object": "Lead", "nodes": ["Find contact"]})

    object: str | None = Field(None, description="Its fields are offered for $json and $record.")
    item: Json | None = None
    nodes: list[str] = Field([], max_length=1000)


class HelpText(Answer):
    """One line of help in both languages."""

    en: str
    zh: str


class MethodRow(Answer):
    """A method that values of a kind have."""

    name: str
    help: HelpText


class NameRow(MethodRow):
    """A name in scope."""

    type: str


class PathRow(Answer):
    """A path into the item or the record; ``field`` is the type of the CRM field that it is."""

    name: str
    type: str
    field: str | None = None
    label: str | None = None
    choices: list[str] = []


class CompletionAnswer(Answer):
    """What may be written; methods by kind of value: text, number, boolean, list, object, date."""

    names: list[NameRow]
    fields: list[PathRow]
    methods: dict[str, list[MethodRow]]
