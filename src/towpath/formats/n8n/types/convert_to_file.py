"""n8n's Convert to File."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import ours, theirs

_ROWS = ("csv", "html", "xlsx")
_MORE = {"description": "description", "location": "location", "url": "url", "organizer": None, "attendeesUi": None}


def read(given: Given) -> Mapped:
    """Old Excel, LibreOffice and RTF files are not written."""
    operation = str(given.fixed("operation"))
    if operation == "iCal":
        return _event(given)
    params: dict[str, Any] = {"into": str(given.fixed("binaryPropertyName"))}
    if operation in _ROWS:
        params |= {"format": operation, **rows(given)}
    elif operation == "toJson":
        params |= {"format": "json", **({"each": True} if given.fixed("mode") == "each" else {}), **_name(given)}
        if given.fixed("options.format", False):
            params["indent"] = True
    elif operation in ("toText", "toBinary"):
        field = given.fixed("sourceProperty", "")
        if not field:
            raise UnmappedError("it does not say which field becomes the file")
        is_text = operation == "toText" or given.fixed("options.dataIsBase64", True) is False
        params |= {"format": "text" if is_text else "base64", "field": str(field), **_name(given)}
        if given.fixed("options.mimeType", ""):
            params["media_type"] = str(given.fixed("options.mimeType"))
    else:
        raise UnmappedError(f"Towpath does not write {operation} files", "Write xlsx or csv.")
    encoding = given.fixed("options.encoding", "utf8")
    if encoding not in ("utf8", "utf-8", ""):
        raise UnmappedError(f"it writes its file in {encoding}; Towpath writes UTF-8")
    return Mapped("file.convert", params)


def rows(given: Given) -> dict[str, Any]:
    """The options of files with rows, as the older Spreadsheet File node has them, too."""
    found = _name(given)
    if given.fixed("options.headerRow", True) is False:
        found["header"] = False
    if given.fixed("options.delimiter", ","):
        delimiter = str(given.fixed("options.delimiter", ","))
        found |= {"delimiter": delimiter} if delimiter != "," else {}
    if given.fixed("options.sheetName", "Sheet") not in ("Sheet", ""):
        found["sheet"] = str(given.fixed("options.sheetName"))
    return found


def _name(given: Given) -> dict[str, Any]:
    name = given.get("options.fileName", "")
    return {"file_name": ours(name)} if name else {}


def _event(given: Given) -> Mapped:
    """Guests are not written: an invitation needs an answer address and a mail program that keeps it."""
    params: dict[str, Any] = {"title": ours(given.get("title", "")), "start": ours(given.get("start", "")),
                              "into": str(given.fixed("binaryPropertyName"))}  # fmt: skip
    if given.get("end"):
        params["end"] = ours(given.get("end"))
    if given.fixed("allDay", False):
        params["all_day"] = True
    fields = given.get("additionalFields", {})
    details = {name: ours(fields[option]) for option, name in _MORE.items() if name and fields.get(option)}
    if details:
        params["details"] = details
    if fields.get("fileName"):
        params["file_name"] = ours(fields["fileName"])
    lost = sorted(name for name, value in fields.items() if value and name != "fileName" and not _MORE.get(name))
    warnings = (f"its fields {', '.join(lost)} have no counterpart in Towpath",) if lost else ()
    return Mapped("file.event", params, warnings=warnings)


def write(params: Json) -> Json | None:
    """The formats that both know."""
    kind = params.get("format", "csv")
    made: dict[str, Any] = {"binaryPropertyName": params.get("into", "data")}
    options = {"fileName": theirs(params["file_name"])} if "file_name" in params else {}
    if kind in _ROWS:
        names = {"header": "headerRow", "delimiter": "delimiter", "sheet": "sheetName"}
        options |= {word: params[name] for name, word in names.items() if name in params}
        return {**made, "operation": kind, "options": options}
    if kind == "json":
        options |= {"format": True} if params.get("indent") else {}
        return {**made, "operation": "toJson", "mode": "each" if params.get("each") else "once", "options": options}
    options |= {"mimeType": params["media_type"]} if "media_type" in params else {}
    operation = "toText" if kind == "text" else "toBinary"
    return {**made, "operation": operation, "sourceProperty": params.get("field"), "options": options}


dialect = Dialect(
    "n8n-nodes-base.convertToFile",
    (1, 1.1),
    read,
    {1: {"operation": "csv", "binaryPropertyName": "data", "mode": "once", "options": {}}},
    target="file.convert",
    write=write,
    writes=1.1,
)
