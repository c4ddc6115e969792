"""Sets fields of records: of the record that the item is, of one with a given id, or of all that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from towpath.crm.plan import ObjectPlan
from towpath.engine.batch import Batch
from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, object_problems, value_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids, search
from towpath.errors import NodeError, NotFoundError
from towpath.model.problem import Problem

_Row = tuple[int, str]  # position of the item, id of a record to update


class Params(NodeParams):
    """Which records, and their new values."""

    object: str = Field(description="The kind of record, for example Lead.")
    fields: Dynamic[dict[str, Any]] = Field(description="New values by field name; other fields stay as they are.")
    id: Dynamic[str] | None = Field(None, description="Id of the record; the item's own id when nothing is said.")
    search: WrittenCondition | None = Field(
        None,
        description="Instead of an id: all records that meet this; text, or a list of field, operator, value.",
    )
    on_missing: Literal["fail", "skip", "create"] = Field(
        "fail", description="When there is no such record: the item fails, goes on unchanged, or a record is created."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Params:
        if self.id is not None and self.search is not None:
            raise ValueError("give 'id' or 'search', not both")
        return self


def run(batch: Batch[Params]) -> None:
    """All updates of the batch in one call, and all records to create in one more."""
    params, records = batch.params, batch.context.records
    values = dict(batch.resolve(params.fields))
    rows, missing = _searched(batch) if params.search is not None else (_named(batch), [])
    rows = [row for row in rows if row[0] in values]
    positions = [position for position, _ in rows]
    updated = records.update(
        params.object, [record_id for _, record_id in rows], [values[p] for p in positions], batch.causes(positions)
    )
    if params.on_missing != "fail" and params.search is None:
        missing = [p for p, outcome in zip(positions, updated, strict=True) if isinstance(outcome, NotFoundError)]
        found = [pair for pair in zip(positions, updated, strict=True) if not isinstance(pair[1], NotFoundError)]
        positions, updated = [p for p, _ in found], [outcome for _, outcome in found]
    batch.put(params.object, positions, updated)
    _without_record(batch, [position for position in missing if position in values], values)


def _named(batch: Batch[Params]) -> list[_Row]:
    return record_ids(batch, batch.params.id)


def _searched(batch: Batch[Params]) -> tuple[list[_Row], list[int]]:
    """A row for each record found, and the items that found none."""
    found = search(batch, batch.params.object, batch.params.search)
    rows = [(position, str(record["id"])) for position, records in found for record in records]
    return rows, [position for position, records in found if not records]


def _without_record(batch: Batch[Params], positions: list[int], values: dict[int, dict[str, Any]]) -> None:
    params = batch.params
    if not positions:
        return
    if params.on_missing == "create":
        rows = [values[position] for position in positions]
        batch.put(params.object, positions, batch.context.records.create(params.object, rows, batch.causes(positions)))
        return
    for position in positions:
        if params.on_missing == "skip":
            batch.forward(position)
        else:
            batch.fail(position, _not_found(params.object))


def _not_found(object_name: str) -> NodeError:
    return NodeError(
        f"no {object_name} meets the search",
        code="node.not_found",
        hint="Check the values searched for, or set 'on_missing' to skip or create.",
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Object and fields must exist and literal values must fit."""
    yield from object_problems(context, params.object)
    yield from value_problems(context, params.object, params.fields, "fields", ObjectPlan)
    yield from condition_problems(context, params.object, params.search, "search")


node_type = NodeType(
    name="crm.update",
    title="Update record",
    description="Sets fields of the record that the item is, of one with a given id, or of all that a search finds. "
    "One item goes out for each updated record.",
    icon="edit",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=(
        {"object": "Lead", "fields": {"status": "Qualified"}},
        {
            "object": "Lead",
            "fields": {"status": "Qualified"},
            "search": [{"field": "id", "operator": "==", "value": "{{ $global.leadId }}"}],
        },
    ),
)
