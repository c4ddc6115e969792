"""Split out: one item for each element of a list in an item."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import MISSING, last_name, look, only, without, write
from towpath.errors import NodeError, Where, did_you_mean

Json = dict[str, Any]


class Params(NodeParams):
    """Which lists, and what each new item has beside its element."""

    fields: tuple[str, ...] = Field(
        min_length=1, description="The fields with the lists; several lists are gone through side by side."
    )
    into: tuple[str, ...] = Field(
        (),
        description="Names for the elements, one per field; the fields' own names when nothing is said. "
        "Elements that are objects become the item itself where one field is split and nothing is kept or named.",
    )
    keep: bool | tuple[str, ...] = Field(
        False, description="The item's other fields: true keeps all, false none, a list those that it names."
    )
    on_missing: Literal["skip", "keep", "fail"] = Field(
        "skip", description="An item without a list or with an empty one: gives nothing, goes on unchanged, or fails."
    )


def run(batch: Batch[Params]) -> None:
    """As many items out as the longest list has elements."""
    params = batch.params
    bare = len(params.fields) == 1 and not params.into and not params.keep
    names = params.into or tuple(last_name(field) for field in params.fields)
    for position, item in enumerate(batch.items):
        columns = [_elements(look(item.json, field)) for field in params.fields]
        if not any(columns):
            _without_list(batch, position)
            continue
        rest = _rest(params, item.json)
        for row in zip_longest(*columns):
            if bare and isinstance(row[0], dict):
                batch.derive(position, row[0])
            else:
                batch.derive(position, _with(rest, names, row))


def _elements(value: Any) -> list[Any]:
    """A list's elements, an object's values; any other value is its own only element."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    return [] if value is None or value is MISSING else [value]


def _rest(params: Params, json: Json) -> Json:
    return without(json, params.fields) if params.keep is True else only(json, params.keep or ())


def _with(rest: Json, names: tuple[str, ...], row: tuple[Any, ...]) -> Json:
    json = dict(rest)
    for name, value in zip(names, row, strict=True):
        json = write(json, name, value)
    return json


def _without_list(batch: Batch[Params], position: int) -> None:
    if batch.params.on_missing == "keep":
        batch.forward(position)
    elif batch.params.on_missing == "fail":
        field = batch.params.fields[0]
        batch.fail(position, _no_list(field, batch.items[position].json))


def _no_list(field: str, json: Json) -> NodeError:
    near = None if field in json else did_you_mean(field, json)
    hint = near or "Correct the name, or set 'on_missing' to skip or keep."
    where = Where(field="fields")
    return NodeError(f"the item has no list in {field!r}", code="node.missing_field", hint=hint, where=where)


node_type = NodeType(
    name="data.split_out",
    title="Split out",
    description="Makes one item of each element of a list that an item holds.",
    icon="ungroup",
    group="data",
    params=Params,
    run=run,
    examples=({"fields": ["orders"]}, {"fields": ["tags"], "into": ["tag"], "keep": ["id", "name"]}),
)
