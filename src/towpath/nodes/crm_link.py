"""Points a reference field of records at other records."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.fields import field_problems, object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids
from towpath.model.problem import Problem


class Params(NodeParams):
    """Which record points at which other."""

    object: str = Field(description="The kind of record that points, for example Contact.")
    id: Dynamic[str] | None = Field(
        None, description="Id of the record that points; the item's own id when nothing is said."
    )
    field: str = Field(description="The reference field, for example accountId.")
    target: Dynamic[str | None] = Field(description="Id of the record pointed at; null takes the link away.")


def run(batch: Batch[Params]) -> None:
    """All links of the batch in one call."""
    params = batch.params
    targets = {position: target or None for position, target in batch.resolve(params.target)}
    rows = [row for row in record_ids(batch, params.id) if row[0] in targets]
    positions = [position for position, _ in rows]
    linked = batch.context.records.link(
        params.object,
        [record_id for _, record_id in rows],
        params.field,
        [targets[position] for position in positions],
        batch.causes(positions),
    )
    batch.put(params.object, positions, linked)


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist, and the field must be a reference."""
    yield from object_problems(context, params.object)
    yield from field_problems(context, params.object, [params.field], "field")
    schema = context.schema(params.object)
    found = schema.field(params.field) if schema else None
    if schema and found and found.type != "reference":
        names = ", ".join(field.name for field in schema.fields if field.type == "reference")
        message = f"{params.object}.{params.field} does not point at records"
        yield Problem("node.not_a_reference", message, context.node, "field", hint=f"Reference fields: {names}.")


node_type = NodeType(
    name="crm.link",
    title="Link records",
    description="Points a reference field of a record at another record, or takes the link away.",
    icon="link",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=({"object": "Contact", "field": "accountId", "target": "{{ $global.accountId }}"},),
)
