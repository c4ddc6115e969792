"""Finds records by a condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from towpath.engine.batch import Batch
from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, field_problems, object_problems
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import NodeParams
from towpath.engine.search import search
from towpath.model.problem import Problem
from towpath.model.table import Order
from towpath.ports.records import Record

FOUND, NONE = 0, 1


class Sort(BaseModel):
    """One sort key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str = Field(description="The field to sort by.")
    descending: bool = Field(False, description="Largest or latest first.")


class Params(NodeParams):
    """Which records, in which order, how many."""

    object: str = Field(description="The kind of record, for example Deal.")
    where: WrittenCondition | None = Field(
        None,
        description="What the records must meet: text, JSON, or a list of field, operator, value, with expressions.",
    )
    order: tuple[Sort, ...] = Field((), description="How they are sorted; the oldest first when nothing is said.")
    limit: int | None = Field(1000, ge=1, description="Most records for one item; null for all.")
    into: str | None = Field(
        None, min_length=1, description="Keep the item and put the list of records into this field of it; "
        "without it each record goes out as an item of its own.",
    )  # fmt: skip


def run(batch: Batch[Params]) -> None:
    """One question for a batch that asks for ``field == value``, else one per distinct condition."""
    params = batch.params
    order = [Order(key.field, key.descending) for key in params.order]
    for position, records in search(batch, params.object, params.where, order=order, limit=params.limit):
        if not records:
            batch.forward(position, NONE)
        elif params.into is None:
            batch.put(params.object, [position] * len(records), records, FOUND)
        else:
            _attach(batch, position, records, params.into)


def _attach(batch: Batch[Params], position: int, records: Sequence[Record], name: str) -> None:
    batch.touch(position, batch.params.object, records[-1]["id"])
    batch.derive(position, {**batch.items[position].json, name: list(records)}, FOUND)


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Object and fields must exist."""
    yield from object_problems(context, params.object)
    yield from condition_problems(context, params.object, params.where, "where")
    yield from field_problems(context, params.object, [key.field for key in params.order], "order")


node_type = NodeType(
    name="crm.find",
    title="Find records",
    description="Finds the records that meet a condition. Items that find none leave by an output of their own.",
    icon="search",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    outputs=(Port("out", "Found"), Port("none", "None found")),
    examples=(
        {"object": "Contact", "where": 'email == "{{ $json.email }}"'},
        {
            "object": "Deal",
            "where": [
                {"field": "accountId", "value": "{{ $json.accountId }}"},
                {"field": "stage", "operator": "!=", "value": "Lost"},
            ],
            "order": [{"field": "amount", "descending": True}],
            "limit": 1,
            "into": "deals",
        },
    ),
)
