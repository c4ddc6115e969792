"""Creates a record for each item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from towpath.crm.plan import ObjectPlan
from towpath.engine.batch import Batch
from towpath.engine.fields import object_problems, value_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.model.problem import Problem


class Params(NodeParams):
    """What is created, with which values."""

    object: str = Field(description="The kind of record, for example Lead.")
    fields: Dynamic[dict[str, Any]] = Field(description="Values by field name.")


def run(batch: Batch[Params]) -> None:
    """All records of the batch in one call."""
    rows = batch.resolve(batch.params.fields)
    positions = [position for position, _ in rows]
    created = batch.context.records.create(batch.params.object, [values for _, values in rows], batch.causes(positions))
    batch.put(batch.params.object, positions, created)


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Object and fields must exist and literal values must fit."""
    yield from object_problems(context, params.object)
    yield from value_problems(context, params.object, params.fields, "fields", ObjectPlan)


node_type = NodeType(
    name="crm.create",
    title="Create record",
    description="Creates a record for each item. The record goes out; its id is kept, for example as $global.leadId.",
    icon="plus-circle",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=(
        {"object": "Lead", "fields": {"firstName": "John", "lastName": "Doe", "company": "Acme Corp"}},
        {"object": "Task", "fields": {"subject": "{{ 'Call ' + $json.company }}", "ownerId": "{{ $json.ownerId }}"}},
    ),
)
