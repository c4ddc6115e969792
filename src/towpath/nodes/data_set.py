"""Set fields: gives items new values."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.convert import Kind, convert
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.paths import only, without, write
from towpath.errors import NodeError

Json = dict[str, Any]


class Params(NodeParams):
    """Which fields get which values, and which others the item keeps."""

    fields: Dynamic[dict[str, Any]] = Field(
        {}, validate_default=True, description="New values by field name; address.city sets a field inside an object."
    )
    keep: bool | tuple[str, ...] = Field(
        True, description="The item's other fields: true keeps all, false none, a list those that it names."
    )
    drop: tuple[str, ...] = Field((), description="Fields to leave out.")
    types: dict[str, Kind] = Field(
        {}, description="Kinds that the new values of fields are turned into: text, number, checkbox, list or object."
    )
    lenient: bool = Field(
        False, description="A value that cannot be turned into its kind stays as it is, and the item does not fail."
    )
    dots: bool = Field(True, description="Dots in names lead into objects; otherwise they are part of the name.")
    globals: Dynamic[dict[str, Any]] | None = Field(
        None, description="Values kept for the rest of the run; every later node reads them as $global.name."
    )


def run(batch: Batch[Params]) -> None:
    """One item out for each item in."""
    params = batch.params
    if params.globals is not None:
        for position, values in batch.resolve(params.globals):
            batch.remember(position, values)
    items, plain = batch.items, _only_adds(params)
    for position, values in batch.resolve(params.fields):
        item = items[position]
        if plain:
            batch.derive(position, {**item.json, **values}, binary=item.binary)
            continue
        try:
            batch.derive(position, _built(params, item.json, values), binary=item.binary if params.keep else None)
        except NodeError as error:
            batch.fail(position, error)


def _only_adds(params: Params) -> bool:
    """Whether every item keeps its fields and gets others whose names are known and are no paths: the usual case."""
    names = params.fields.source
    paths = params.dots and not (isinstance(names, dict) and not any("." in name for name in names))
    return params.keep is True and not params.drop and not params.types and not paths


def _built(params: Params, json: Json, values: Json) -> Json:
    made = without(_kept(params, json), params.drop)
    for name, value in values.items():
        kind = params.types.get(name)
        value = _converted(value, kind, params.lenient) if kind else value
        made = write(made, name, value) if params.dots else {**made, name: value}
    return made


def _converted(value: Any, kind: Kind, lenient: bool) -> Any:
    try:
        return convert(value, kind)
    except NodeError:
        if lenient:
            return value
        raise


def _kept(params: Params, json: Json) -> Json:
    if isinstance(params.keep, bool):
        return dict(json) if params.keep else {}
    return only(json, params.keep)


node_type = NodeType(
    name="data.set",
    title="Set fields",
    description="Gives every item new values; expressions may use its old ones.",
    icon="pencil",
    group="data",
    params=Params,
    run=run,
    examples=(
        {"fields": {"fullName": "{{ $json.firstName + ' ' + $json.lastName }}"}},
        {"fields": {"address.city": "{{ $json.town }}"}, "drop": ["town"], "globals": {"town": "{{ $json.town }}"}},
    ),
)
