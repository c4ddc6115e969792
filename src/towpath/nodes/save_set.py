"""Sets fields of the record that is being saved, before it is written."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.saving import SAVED


class Params(NodeParams):
    """Which fields get which values."""

    fields: Dynamic[dict[str, Any]] = Field(description="New values by field name; they are checked like any others.")


def run(batch: Batch[Params]) -> None:
    """The item goes on with the new values, and so does the save."""
    for position, values in batch.resolve(batch.params.fields):
        scope = batch.runs[position].scope
        scope.globals = {**scope.globals, SAVED: {**scope.globals.get(SAVED, {}), **values}}
        batch.derive(position, {**batch.items[position].json, **values})


node_type = NodeType(
    name="save.set",
    title="Set fields while saving",
    description="Sets fields of the record that is being saved, in the same write. "
    "Only in workflows whose trigger runs before the save.",
    icon="edit",
    group="crm",
    params=Params,
    run=run,
    examples=({"fields": {"country": "{{ $json.country.toUpperCase() }}"}},),
)
