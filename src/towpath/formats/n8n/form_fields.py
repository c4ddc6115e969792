"""Fields of n8n's forms, which three of its nodes have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.formats.n8n.dialect import Given, Json, UnmappedError
from towpath.formats.n8n.texts import is_expression

_KINDS: Mapping[str, str] = {
    "text": "text", "textarea": "textarea", "number": "number", "email": "email", "password": "password",
    "date": "date", "dropdown": "select", "checkbox": "checkboxes", "radio": "radio", "file": "file",
    "hiddenField": "hidden", "html": "note",
}  # fmt: skip
_WORDS = {kind: word for word, kind in _KINDS.items()}


def form_fields(given: Given, path: str = "formFields.values") -> list[dict[str, Any]]:
    """Our fields. Raises UnmappedError for kinds and labels that cannot be said."""
    return [_field(row) for row in given.rows(path)]


def _field(row: Json) -> dict[str, Any]:
    word = str(row.get("fieldType", "text"))
    if word not in _KINDS:
        raise UnmappedError(f"its form has a field of the kind {word!r}")
    kind = _KINDS[word]
    label = row.get("html") if kind == "note" else row.get("fieldLabel") or row.get("fieldName")
    name = row.get("fieldName") or row.get("elementName")
    if not isinstance(label, str) or not label or is_expression(label) or is_expression(name):
        raise UnmappedError("a field of its form has no fixed label", "Write the label out.")
    made: dict[str, Any] = {"label": label[:500]}
    if isinstance(name, str) and name and name != label and kind != "note":
        made["name"] = name
    if kind != "text":
        made["kind"] = kind
    if row.get("requiredField"):
        made["required"] = True
    options = row.get("fieldOptions")
    rows = options.get("values", []) if isinstance(options, Mapping) else []
    if kind in ("select", "radio", "checkboxes"):
        made["options"] = [str(each.get("option", "")) for each in rows if isinstance(each, Mapping)]
    if row.get("multiselect") or row.get("multipleFiles"):
        made["several"] = True
    if isinstance(row.get("placeholder"), str) and row["placeholder"]:
        made["placeholder"] = row["placeholder"]
    held = row.get("fieldValue") if kind == "hidden" else row.get("defaultValue")
    if isinstance(held, str) and held and not is_expression(held):
        made["default"] = held
    return made


def n8n_fields(fields: Any) -> dict[str, Any]:
    """n8n's fields of ours."""
    return {"values": [_n8n_field(field) for field in fields]}


def _n8n_field(field: Json) -> dict[str, Any]:
    kind = field.get("kind", "text")
    made: dict[str, Any] = {"fieldType": _WORDS[kind]}
    made |= {"html": field["label"]} if kind == "note" else {"fieldLabel": field["label"]}
    names = (("name", "fieldName"), ("required", "requiredField"), ("placeholder", "placeholder"))
    made |= {word: field[name] for name, word in names if name in field}
    if "options" in field:
        made["fieldOptions"] = {"values": [{"option": option} for option in field["options"]]}
    if field.get("several"):
        made["multipleFiles" if kind == "file" else "multiselect"] = True
    if "default" in field:
        made["fieldValue" if kind == "hidden" else "defaultValue"] = field["default"]
    return made
