"""Remove duplicates: of items that are equal in some or all fields, one goes on."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import only, read, without


class Params(NodeParams):
    """What makes two items the same."""

    fields: tuple[str, ...] = Field((), description="Fields to compare; all fields when nothing is said.")
    exclude: tuple[str, ...] = Field((), description="When all fields are compared: all but these.")
    keep: Literal["first", "last"] = Field("first", description="Which of the equal items goes on.")
    ignore_case: bool = Field(False, description="Case and spaces around a text make no difference.")
    bare: bool = Field(False, description="When some fields are compared: what goes on has no others.")
    keep_empty: bool = Field(False, description="Items without a value in all compared fields are never duplicates.")


def run(batch: Batch[Params]) -> None:
    """One item of each kind, unchanged, at its own place in the order."""
    last = batch.params.keep == "last"
    for _, positions in batch.by_visit():
        chosen: dict[bytes | int, int] = {}
        for position in reversed(positions) if last else positions:
            chosen.setdefault(_identity(batch, position), position)
        for position in sorted(chosen.values()):
            if batch.params.bare and batch.params.fields:
                batch.derive(position, only(batch.items[position].json, batch.params.fields))
            else:
                batch.forward(position)


def _identity(batch: Batch[Params], position: int) -> bytes | int:
    """What equal items have in common; the position for an item that has no equal."""
    params, json = batch.params, batch.items[position].json
    values: Any = [read(json, path) for path in params.fields] if params.fields else without(json, params.exclude)
    if params.keep_empty and all(value in (None, "") for value in (values if params.fields else values.values())):
        return position
    return msgspec.json.encode(_folded(values) if params.ignore_case else values, order="sorted")


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, list):
        return [_folded(part) for part in value]
    return {name: _folded(part) for name, part in value.items()} if isinstance(value, dict) else value


node_type = NodeType(
    name="data.remove_duplicates",
    title="Remove duplicates",
    description="Of the run's items that are equal in some or all of their fields, lets one go on.",
    icon="copy-minus",
    group="data",
    params=Params,
    run=run,
    examples=({"fields": ["email"], "ignore_case": True}, {"exclude": ["id", "createdAt"], "keep": "last"}),
)
