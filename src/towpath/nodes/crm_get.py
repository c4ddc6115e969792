"""Reads records by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.fields import object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids
from towpath.errors import NodeError, Where
from towpath.model.problem import Problem


class Params(NodeParams):
    """Which record, and where it goes."""

    object: str = Field(description="The kind of record, for example Account.")
    id: Dynamic[str | None] | None = Field(
        None, description="Id of the record; the item's own id when nothing is said."
    )
    into: str | None = Field(
        None,
        min_length=1,
        description="Keep the item and put the record into this field of it; without it the record is the item.",
    )
    on_missing: Literal["fail", "skip"] = Field(
        "fail", description="When there is no such record: the item fails, or goes on without it."
    )


def run(batch: Batch[Params]) -> None:
    """All records of the batch in one read."""
    params = batch.params
    rows = record_ids(batch, params.id)
    wanted = dict.fromkeys(record_id for _, record_id in rows if record_id)
    found = batch.context.records.get(params.object, list(wanted))
    for position, record_id in rows:
        record = found.get(record_id)
        if record is None:
            _missing(batch, position, record_id)
        elif params.into is None:
            batch.put(params.object, [position], [record])
        else:
            batch.touch(position, params.object, record_id)
            batch.derive(position, {**batch.items[position].json, params.into: record})


def _missing(batch: Batch[Params], position: int, record_id: Any) -> None:
    params = batch.params
    if params.on_missing == "fail":
        batch.fail(position, _not_found(params.object, record_id))
    elif params.into is None:
        batch.forward(position)
    else:
        batch.derive(position, {**batch.items[position].json, params.into: None})


def _not_found(object_name: str, record_id: Any) -> NodeError:
    return NodeError(
        f"there is no {object_name} with the id {record_id!r}",
        code="node.not_found",
        hint="It may have been deleted; set 'on_missing' to skip to go on without it.",
        where=Where(object=object_name, record=record_id, field="id"),
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist."""
    yield from object_problems(context, params.object)


node_type = NodeType(
    name="crm.get",
    title="Get record",
    description="Reads the record with a given id, in place of the item or into a field of it.",
    icon="file-text",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=(
        {"object": "Account", "id": "{{ $json.accountId }}", "into": "account", "on_missing": "skip"},
        {"object": "Lead"},
    ),
)
