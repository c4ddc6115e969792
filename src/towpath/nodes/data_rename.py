"""Rename fields: moves values of items to other names."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import MISSING, look, without, write
from towpath.errors import NodeError, Where, did_you_mean


class Params(NodeParams):
    """Old and new names."""

    fields: dict[str, str] = Field(min_length=1, description="New name by old name; dots lead into objects.")
    strict: bool = Field(False, description="An item that lacks one of the fields fails.")


def run(batch: Batch[Params]) -> None:
    """One item out for each; all old names go before the new ones come, so that two fields may change places."""
    fields, strict = batch.params.fields, batch.params.strict
    for position, item in enumerate(batch.items):
        found = {new: look(item.json, old) for old, new in fields.items()}
        missing = next((old for old, new in fields.items() if found[new] is MISSING), None)
        if missing is not None and strict:
            batch.fail(position, _missing(missing, item.json))
            continue
        json = without(item.json, fields)
        for new, value in found.items():
            json = json if value is MISSING else write(json, new, value)
        batch.derive(position, json, binary=item.binary)


def _missing(name: str, json: dict[str, Any]) -> NodeError:
    return NodeError(
        f"the item has no field {name!r}",
        code="node.missing_field",
        hint=did_you_mean(name, json) or "Correct the name, or turn 'strict' off.",
        where=Where(field="fields"),
    )


node_type = NodeType(
    name="data.rename",
    title="Rename fields",
    description="Moves values of items to other names; everything else stays.",
    icon="tag",
    group="data",
    params=Params,
    run=run,
    examples=({"fields": {"first_name": "firstName", "address.town": "city"}},),
)
