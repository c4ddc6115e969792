"""What an editor of expressions offers: names in scope, fields with types, and methods, with help in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from towpath.expr.methods.extensions import EXTENSIONS
from towpath.messages import messages
from towpath.model.schema import FieldType, ObjectSchema
from towpath.service.expressions import kind_of
from towpath.service.platform import Platform
from towpath.service.schema import show_object

DEPTH = 3  # levels of an item that are offered as paths
NAMES: Mapping[str, tuple[str, str]] = {
    "$json": ("object", "The item."),
    "$record": ("object", "The record that the run is about."),
    "$old": ("object", "The record as it was before the change that started the run."),
    "$global": ("object", "Values kept for the rest of the run."),
    "$vars": ("object", "The variables of the workflow."),
    "$env": ("object", "The environment variables that the administrator allows."),
    "$input": ("object", "The items that came in: .item, .first(), .last(), .all()."),
    "$('Node')": ("object", "What another node gave: .item, .first(), .last(), .all(), .isExecuted, .params."),
    '$node["Node"]': ("object", "The item of another node: .json."),
    "$items()": ("array", "All items that came in, or those of the node that is named."),
    "$item(0)": ("object", "What another item sees: .$json, .$node."),
    "$binary": ("object", "The files of the item."),
    "$response": ("object", "In pages of an HTTP request, the last answer: .body, .headers, .statusCode."),
    "$request": ("object", "In pages of an HTTP request, what was sent for it: .url, .qs, .headers, .body."),
    "$pageCount": ("number", "In pages of an HTTP request, how many have come."),
    "$now": ("DateTime", "The present time, in the workflow's time zone."),
    "$today": ("DateTime", "The start of today, in the workflow's time zone."),
    "$itemIndex": ("number", "The place of the item, from 0."),
    "$runIndex": ("number", "How often the node has run before, from 0."),
    "$workflow": ("object", "The workflow: .id, .name."),
    "$execution": ("object", "The run: .id."),
    "$prevNode": ("object", "The node before: .name, .outputIndex."),
    "$parameter": ("object", "The parameters of this node, as they are written."),
    "$if(test, then, otherwise)": ("function", "One of two values; only that one is evaluated."),
    "$ifEmpty(value, otherwise)": ("function", "The value, or another where it is empty."),
    "$min(...)": ("function", "The smallest of numbers."),
    "$max(...)": ("function", "The largest of numbers."),
    "$jmespath(data, path)": ("function", "What a JMESPath finds in data."),
    "DateTime": ("object", "Dates and times of luxon."),
    "Duration": ("object", "Lengths of time of luxon."),
    "Interval": ("object", "Intervals of luxon."),
    "Math": ("object", "Functions of numbers."),
    "JSON": ("object", "JSON.parse and JSON.stringify."),
    "Object": ("object", "Object.keys, Object.values, Object.entries."),
}
_TYPES: Mapping[FieldType, str] = {
    "number": "number", "integer": "number", "money": "number", "checkbox": "boolean", "multi_choice": "array",
    "json": "object",
}  # fmt: skip


def completions(
    platform: Platform, *, object_name: str | None = None, item: Any = None, nodes: Sequence[str] = ()
) -> dict[str, Any]:
    """Names in scope, paths into the item and the record, and methods by kind of value.

    ``object_name`` gives ``$json`` and ``$record`` the fields of that object, ``item`` those that an item has, and
    ``nodes`` names the nodes that ``$('...')`` may read. Raises NotFoundError for an unknown object.
    """
    fields = list(_of_item(item))
    if object_name is not None:
        schema = show_object(platform, object_name)
        roots = ("$record",) if fields else ("$json", "$record")
        fields += [row for root in roots for row in _of_object(schema, root)]
    names = [_named(name, kind, text) for name, (kind, text) in NAMES.items()]
    names += [_named(f"$('{_quoted(name)}')", *NAMES["$('Node')"]) for name in nodes]
    methods = {kind: [_named(name, None, text) for name, text in table.items()] for kind, table in EXTENSIONS.items()}
    return {"names": names, "fields": fields, "methods": methods}


def _named(name: str, kind: str | None, text: str) -> dict[str, Any]:
    row = {"name": name, "help": {"en": text, "zh": messages("zh").text(text)}}
    return row if kind is None else {**row, "type": kind}


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _of_object(schema: ObjectSchema, root: str) -> Iterator[dict[str, Any]]:
    for field in schema.fields:
        row: dict[str, Any] = {
            "name": f"{root}.{field.name}",
            "type": _TYPES.get(field.type, "string"),
            "field": field.type,
        }
        if field.label:
            row["label"] = field.label
        if field.choices:
            row["choices"] = list(field.choices)
        yield row


def _of_item(item: Any, path: str = "$json", depth: int = DEPTH) -> Iterator[dict[str, Any]]:
    """The paths into an item, a few levels deep."""
    if not isinstance(item, Mapping) or not depth:
        return
    for name, value in item.items():
        here = f"{path}.{name}" if str(name).isidentifier() else f"{path}['{_quoted(str(name))}']"
        yield {"name": here, "type": kind_of(value)}
        yield from _of_item(value, here, depth - 1)
