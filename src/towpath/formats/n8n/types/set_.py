"""n8n's Set, later called Edit Fields."""

from __future__ import annotations

import json
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import is_expression, json_code, ours, single_chunk, theirs

_KINDS = {"string": "text", "number": "number", "boolean": "checkbox", "array": "list", "object": "object"}
_WORDS = {kind: word for word, kind in _KINDS.items()}


def read(given: Given) -> Mapped:
    """Three ways of writing fields, by version; or one JSON object."""
    if given.version < 3:
        fields, types = _by_kind(given)
    elif given.fixed("mode") == "raw":
        return Mapped("data.set", _tidy(_raw(given), {}, given))
    else:
        fields, types = _assignments(given) if given.version >= 3.3 else _values(given)
    return Mapped("data.set", _tidy(fields, types, given))


def _by_kind(given: Given) -> tuple[dict[str, Any], dict[str, str]]:
    fields = {}
    for kind, default in (("string", ""), ("number", 0), ("boolean", False)):
        for row in given.rows(f"values.{kind}"):
            fields[_name(row)] = ours(row.get("value", default))
    return fields, {}


def _assignments(given: Given) -> tuple[dict[str, Any], dict[str, str]]:
    fields, types = {}, {}
    for row in given.rows("assignments.assignments"):
        name, kind = _name(row), row.get("type", "string")
        fields[name], types[name] = ours(row.get("value", "")), _KINDS.get(str(kind), "text")
    return fields, types


def _values(given: Given) -> tuple[dict[str, Any], dict[str, str]]:
    fields, types = {}, {}
    for row in given.rows("fields.values"):
        name, kind = _name(row), str(row.get("type", "stringValue"))
        fields[name] = ours(row.get(kind, ""))
        types[name] = _KINDS.get(kind.removesuffix("Value"), "text")
    return fields, types


def _name(row: Json) -> str:
    name = row.get("name", "")
    if is_expression(name) or not isinstance(name, str):
        raise UnmappedError("the name of a field is an expression", "Use a Code node.")
    return name


def _raw(given: Given) -> Any:
    """JSON as text, or one expression that gives an object."""
    text = given.get("jsonOutput", {})
    if not isinstance(text, str):
        return ours(text)
    if is_expression(text):
        return text if single_chunk(text) is not None else json_code(text)
    try:
        value = json.loads(text)
    except ValueError:
        raise UnmappedError("its JSON cannot be read") from None
    return ours(value)


def _tidy(fields: Any, types: dict[str, str], given: Given) -> dict[str, Any]:
    """Literals that are already what their kind says need no kind."""
    params: dict[str, Any] = {"fields": fields}
    kinds = {name: kind for name, kind in types.items() if is_expression(fields[name]) or not _is(kind, fields[name])}
    if kinds:
        params["types"] = kinds
        if given.fixed("options.ignoreConversionErrors", False):
            params["lenient"] = True
    keep = _keep(given)
    if keep is not True:
        params["keep"] = keep
    if keep is True and given.fixed("include", "all") == "except":
        params["drop"] = given.names("excludeFields")
    if given.fixed("options.dotNotation", True) is False:
        params["dots"] = False
    return params


def _keep(given: Given) -> bool | list[str]:
    if given.version < 3:
        return not given.fixed("keepOnlySet", False)
    if given.version >= 3.3 and not given.fixed("includeOtherFields", False):
        return False
    include = given.fixed("include", "all")
    return given.names("includeFields") if include == "selected" else include != "none"


def _is(kind: str, value: Any) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    kinds: dict[str, type] = {"text": str, "checkbox": bool, "list": list, "object": dict}
    return isinstance(value, kinds[kind])


def write(params: Json) -> Json | None:
    """Assignments, each with its kind."""
    fields = params.get("fields", {})
    if not isinstance(fields, dict) or set(params) - {"fields", "types", "lenient", "keep", "drop", "dots"}:
        return None
    types = params.get("types", {})
    rows = [
        {"id": str(n), "name": name, "value": theirs(value), "type": _WORDS[types.get(name) or _kind(value)]}
        for n, (name, value) in enumerate(fields.items())
    ]
    keep = params.get("keep", True)
    made: dict[str, Any] = {
        "assignments": {"assignments": rows},
        "options": {},
        "includeOtherFields": keep is not False,
    }
    if isinstance(keep, list | tuple):
        made |= {"include": "selected", "includeFields": ", ".join(keep)}
    elif params.get("drop"):
        made |= {"include": "except", "excludeFields": ", ".join(params["drop"])}
    if params.get("dots", True) is False:
        made["options"]["dotNotation"] = False
    if params.get("lenient"):
        made["options"]["ignoreConversionErrors"] = True
    return made


def _kind(value: Any) -> str:
    return next((kind for kind in ("checkbox", "number", "list", "object") if _is(kind, value)), "text")


_NEW: Json = {"mode": "manual", "options": {}}
dialect = Dialect(
    "n8n-nodes-base.set",
    (1, 2, 3, 3.1, 3.2, 3.3, 3.4),
    read,
    {1: {"keepOnlySet": False, "values": {}, "options": {}}, 3: {**_NEW, "include": "all"},
     3.3: {**_NEW, "includeOtherFields": False, "include": "all"}},
    target="data.set",
    write=write,
    writes=3.4,
)  # fmt: skip
