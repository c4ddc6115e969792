"""Starts a run at a time that a date field of a record gives, and moves with the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, field_problems, object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import NodeParams
from towpath.model.offset import Offset, WrittenOffset
from towpath.model.problem import Problem


class Params(NodeParams):
    """Which field, how far from it, and for which records."""

    object: str = Field(description="The kind of record, for example Deal.")
    field: str = Field(description="The date or datetime field that runs are timed by.")
    offset: WrittenOffset = Field(
        Offset(),
        description="How far before or after, for example '-3 days'. Days and months are local, hours absolute.",
    )
    condition: WrittenCondition | None = Field(
        None, description="Only records that meet this, asked again when the time comes."
    )
    if_past: Literal["run", "skip"] = Field(
        "skip", description="What to do when the time has passed at the first sight of it."
    )
    late: Literal["run", "skip"] = Field(
        "run", description="What to do with times that passed while nothing was running."
    )
    rearm: Literal["anchor_moved", "never"] = Field(
        "anchor_moved",
        description="Whether a record that had its run gets another when its date moves into the future.",
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The field must hold a date, the object and the fields of the condition must exist."""
    yield from object_problems(context, params.object)
    yield from field_problems(context, params.object, [params.field], "field")
    yield from condition_problems(context, params.object, params.condition, "condition")
    schema = context.schema(params.object)
    found = schema.field(params.field) if schema else None
    if schema and found and found.type not in ("date", "datetime"):
        dates = ", ".join(field.name for field in schema.fields if field.type in ("date", "datetime"))
        message = f"{params.object}.{params.field} holds no date"
        yield Problem("node.not_a_date", message, context.node, "field", hint=f"Date fields: {dates}.")


node_type = NodeType(
    name="trigger.date_field",
    title="Date of a record",
    description="Starts a run before, at or after a date that a record holds; when the date moves, so does the start.",
    icon="calendar",
    group="trigger",
    params=Params,
    trigger="date_field",
    check=check,
    examples=({"object": "Deal", "field": "closeDate", "offset": "-3 days", "condition": 'stage != "Won"'},),
)
