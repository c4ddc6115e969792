"""Starts a run when a person presses the button, or a program asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from towpath.engine.fields import object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import NodeParams
from towpath.model.problem import Problem


class Params(NodeParams):
    """Where the button is shown."""

    object: str | None = Field(
        None, description="Show the button at records of this kind; the run is about the record."
    )
    label: str = Field("Start", min_length=1, max_length=60, description="The text on the button.")


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist."""
    if params.object is not None:
        yield from object_problems(context, params.object)


node_type = NodeType(
    name="trigger.manual",
    title="Button",
    description="Starts a run when somebody asks for it: at a record, from the command line, or over the API.",
    icon="play",
    group="trigger",
    params=Params,
    trigger="manual",
    check=check,
    examples=({}, {"object": "Deal", "label": "Ask for a discount"}),
)
