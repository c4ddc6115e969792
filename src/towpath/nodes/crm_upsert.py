"""Updates the record that has the item's key value, or creates it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from towpath.crm.plan import ObjectPlan
from towpath.engine.batch import Batch
from towpath.engine.fields import field_problems, object_problems, value_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams, has_template
from towpath.errors import NodeError, Where
from towpath.model.problem import Problem


class Params(NodeParams):
    """What is kept up to date, and by which field records are told apart."""

    object: str = Field(description="The kind of record, for example Contact.")
    key: str = Field(description="The field that tells records apart, for example email or externalId.")
    fields: Dynamic[dict[str, Any]] = Field(description="Values by field name, the key's among them.")


def run(batch: Batch[Params]) -> None:
    """All records of the batch in one call; items with the same key meet one record."""
    params = batch.params
    rows = []
    for position, values in batch.resolve(params.fields):
        if values.get(params.key) in (None, ""):
            batch.fail(position, _no_key(params.key))
        else:
            rows.append((position, values))
    positions = [position for position, _ in rows]
    kept = batch.context.records.upsert(params.object, params.key, [row for _, row in rows], batch.causes(positions))
    batch.put(params.object, positions, kept)


def _no_key(key: str) -> NodeError:
    return NodeError(
        f"the item has no value for the key {key!r}",
        code="node.missing_key",
        hint=f"Give {key!r} a value in 'fields', or filter out items without one.",
        where=Where(field=f"fields.{key}"),
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Object and fields must exist, literal values must fit, the key must have a value."""
    yield from object_problems(context, params.object)
    yield from field_problems(context, params.object, [params.key], "key")
    yield from value_problems(context, params.object, params.fields, "fields", ObjectPlan)
    written = params.fields.source
    if (
        isinstance(written, dict)
        and not has_template(written.get(params.key))
        and written.get(params.key) in (None, "")
    ):
        hint = f"Add {params.key!r} to 'fields'."
        yield Problem(
            "node.missing_key", f"'fields' has no value for the key {params.key!r}", context.node, "fields", hint=hint
        )


node_type = NodeType(
    name="crm.upsert",
    title="Create or update record",
    description="Updates the record whose key field has the item's value, or creates it when there is none.",
    icon="refresh-cw",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=(
        {"object": "Contact", "key": "email", "fields": {"email": "{{ $json.email }}", "lastName": "{{ $json.name }}"}},
    ),
)
