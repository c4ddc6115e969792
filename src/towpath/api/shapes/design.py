"""What a designer needs to know of node types and templates, on the wire."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Json
from towpath.api.shapes.workflows import Definition, PortRow


class NodeTypeRow(Answer):
    """What a node can do. ``params`` is the JSON Schema of its parameters, from which its form is made."""

    name: str
    version: int
    title: str
    description: str
    icon: str = Field(description="Name of an icon of the Lucide set.")
    group: str
    touches: str
    trigger: str | None
    params: Json
    inputs: list[PortRow] | None = Field(description="Null where they depend on the parameters.")
    outputs: list[PortRow] | None = Field(description="Null where they depend on the parameters.")
    joins: bool
    loops: bool
    examples: list[Json]


class TemplateRow(Answer):
    """A ready-made workflow in the gallery; texts by language (en, zh)."""

    name: str
    scenario: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    nodes: int = Field(description="How many steps it has.")


class TemplateAnswer(TemplateRow):
    """A template with its definition and the records that it can be tried on, by object."""

    definition: Definition
    sample: dict[str, list[Json]]
    teams: list[str] = Field(description="The teams that it names; they are made where there are none.")
    connections: list[str] = Field(description="The stored connections that its nodes use.")
    lasts: str = Field(description="How long the sample weeks last that its expected figures come from.")
    expected: Json = Field(description="What those weeks come to; the key `measures` has the workflow's own figures.")
