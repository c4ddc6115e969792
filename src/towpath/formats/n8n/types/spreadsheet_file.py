"""n8n's old Spreadsheet File, since taken apart into Extract From File and Convert to File."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.types import convert_to_file, extract_from_file

_READ = {"csv": "csv", "html": "html", "ods": "spreadsheet", "xls": "spreadsheet", "xlsx": "spreadsheet",
         "autodetect": "spreadsheet"}  # fmt: skip


def read(given: Given) -> Mapped:
    """From a file, or to one."""
    kind, field = str(given.fixed("fileFormat")), str(given.fixed("binaryPropertyName"))
    if given.fixed("operation") == "fromFile":
        kind = str(given.fixed("fileFormat", "autodetect"))
        if kind not in _READ:
            raise UnmappedError(f"Towpath does not read {kind} files")
        return Mapped("file.extract", {"file": field, "format": _READ[kind], **extract_from_file.rows(given)})
    if kind not in ("csv", "html", "xls", "xlsx"):
        raise UnmappedError(f"Towpath does not write {kind} files", "Write xlsx or csv.")
    old = kind == "xls"
    params = {"into": field, "format": "xlsx" if old else kind, **convert_to_file.rows(given)}
    params.setdefault("file_name", f"spreadsheet.{params['format']}")
    warnings = ("it writes xlsx instead of the old xls",) if old else ()
    return Mapped("file.convert", params, warnings=warnings)


dialect = Dialect(
    "n8n-nodes-base.spreadsheetFile",
    (1, 2),
    read,
    {1: {"operation": "fromFile", "fileFormat": "autodetect", "binaryPropertyName": "data", "options": {}}},
)
