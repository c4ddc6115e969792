"""The forms with files that n8n's HTTP Request sends."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Given, Json, UnmappedError
from towpath.formats.n8n.texts import is_expression, ours, theirs

_FILE = "formBinaryData"


def read_form(given: Given) -> dict[str, Any]:
    """Our parameters: fields of the form are texts in ``body``, or files of the item in ``files``."""
    rows = [row for row in given.rows("bodyParameters.parameters") if row.get("name")]
    names = [row["name"] for row in rows]
    if any(is_expression(name) for name in names):
        raise UnmappedError("the name of a field is an expression")
    if len(set(names)) < len(names):
        raise UnmappedError("two fields of its form have one name", "Give the values of the field as a list.")
    texts = {str(row["name"]): ours(row.get("value", "")) for row in rows if row.get("parameterType") != _FILE}
    files = {str(row["name"]): _carried_as(row) for row in rows if row.get("parameterType") == _FILE}
    return {"body_type": "multipart", **({"body": texts} if texts else {}), **({"files": files} if files else {})}


def read_old_files(given: Given, kind: str) -> dict[str, Any]:
    """Versions 1 and 2: one file as the whole body, or ``field:file`` with commas between them as a form."""
    names = given.names("binaryPropertyName") or ["data"]
    if kind == "raw":
        return {"send_file": names[0]}
    if kind != "multipart-form-data":
        raise UnmappedError("it sends a file in a body that can have none", "Choose raw or multipart as its kind.")
    if len(names) > 1 and any(":" not in name for name in names):
        raise UnmappedError("the fields of its files have no names", "Write field:file for each of them.")
    pairs = (name.partition(":")[::2] if ":" in name else ("file", name) for name in names)
    return {"body_type": "multipart", "files": dict(pairs)}


def _carried_as(row: Json) -> str:
    name = str(row.get("inputDataFieldName") or "data")
    if is_expression(name):
        raise UnmappedError("which file a field of its form has is an expression")
    return name


def write_form(params: Json) -> dict[str, Any] | None:
    """n8n's rows of a form; None for a body that has no rows, since it is an expression as a whole."""
    body = params.get("body", {})
    if not isinstance(body, dict) or any(isinstance(value, list | dict) for value in body.values()):
        return None
    rows: list[dict[str, Any]] = [{"name": name, "value": theirs(value)} for name, value in body.items()]
    for name, carried_as in params.get("files", {}).items():
        rows.append({"parameterType": _FILE, "name": name, "inputDataFieldName": carried_as})
    return {"sendBody": True, "contentType": "multipart-form-data", "bodyParameters": {"parameters": rows}}
