"""n8n's Extract From File."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

_FORMATS = {"csv": "csv", "html": "html", "fromIcs": "calendar", "fromJson": "json", "ods": "spreadsheet",
            "xls": "spreadsheet", "xlsx": "spreadsheet", "text": "text", "xml": "text",
            "binaryToPropery": "base64"}  # fmt: skip
_ROWS = frozenset({"csv", "html", "spreadsheet"})


def read(given: Given) -> Mapped:
    """PDF and RTF are not read."""
    operation = str(given.fixed("operation"))
    if operation not in _FORMATS:
        raise UnmappedError(f"Towpath does not read {operation} files", "Turn the file into text with a service first.")
    params: dict[str, Any] = {"file": str(given.fixed("binaryPropertyName")), "format": _FORMATS[operation]}
    if params["format"] in _ROWS:
        return Mapped("file.extract", {**params, **rows(given)})
    if params["format"] != "calendar":
        params["into"] = str(given.fixed("destinationKey"))
    keep = given.fixed("options.keepSource", "")
    if keep in ("json", "both"):
        params["keep"] = True
    if keep in ("binary", "both"):
        params["keep_file"] = True
    encoding = given.fixed("options.encoding", "utf8")
    if operation in ("text", "xml") and encoding not in ("utf8", "utf-8", ""):
        params["encoding"] = str(encoding)
    return Mapped("file.extract", params)


def rows(given: Given) -> dict[str, Any]:
    """The options of files with rows, as the older Spreadsheet File node has them, too."""
    given.refuse("options.rawData", "options.includeEmptyCells")
    found: dict[str, Any] = {}
    if given.fixed("options.headerRow", True) is False:
        found["header"] = False
    for option, name in (("delimiter", "delimiter"), ("sheetName", "sheet"), ("encoding", "encoding")):
        value = given.fixed(f"options.{option}", "")
        if value:
            found[name] = str(value)
    most, start = given.fixed("options.maxRowCount", -1), given.fixed("options.fromLine", 0)
    if isinstance(most, int) and most >= 0:
        found["most"] = most
    if isinstance(start, int) and start > 0:
        found["skip"] = start
    if given.fixed("options.range", ""):
        raise UnmappedError("it reads a range of the sheet", "Read the sheet and keep what is needed.")
    return found


def write(params: Json) -> Json | None:
    """One operation for each format."""
    words = {"csv": "csv", "html": "html", "calendar": "fromIcs", "json": "fromJson", "spreadsheet": "xlsx",
             "text": "text", "base64": "binaryToPropery"}  # fmt: skip
    operation = words.get(params.get("format", "csv"))
    if operation is None:
        return None
    made: dict[str, Any] = {"operation": operation, "binaryPropertyName": params.get("file", "data")}
    names = {"delimiter": "delimiter", "sheet": "sheetName", "encoding": "encoding", "most": "maxRowCount",
             "skip": "fromLine", "header": "headerRow"}  # fmt: skip
    options = {theirs: params[name] for name, theirs in names.items() if name in params}
    keep = {(True, True): "both", (True, False): "json", (False, True): "binary"}.get(
        (bool(params.get("keep")), bool(params.get("keep_file")))
    )
    if keep:
        options["keepSource"] = keep
    if "into" in params:
        made["destinationKey"] = params["into"]
    return {**made, "options": options}


dialect = Dialect(
    "n8n-nodes-base.extractFromFile",
    (1, 1.1),
    read,
    {1: {"operation": "csv", "binaryPropertyName": "data", "destinationKey": "data", "options": {}}},
    target="file.extract",
    write=write,
)
