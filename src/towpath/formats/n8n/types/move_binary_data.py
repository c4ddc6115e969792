"""n8n's old Move Binary Data: a file's content into fields, or fields into a file."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Mapped
from towpath.formats.n8n.texts import ours


def read(given: Given) -> Mapped:
    """A whole item made of a file's JSON, or a field of its text or JSON; and back."""
    return _from_file(given) if given.fixed("mode") == "binaryToJson" else _to_file(given)


def _from_file(given: Given) -> Mapped:
    params: dict[str, Any] = {"file": str(given.fixed("sourceKey"))}
    keep = {"keep_file": True} if given.fixed("options.keepSource", False) else {}
    if given.fixed("setAllData"):
        return Mapped("file.extract", {**params, "format": "json", "into": None, **keep})
    kind = "json" if given.fixed("options.jsonParse", False) else "text"
    if given.fixed("options.keepAsBase64", False):
        kind = "base64"
    return Mapped(
        "file.extract", {**params, "format": kind, "into": str(given.fixed("destinationKey")), "keep": True, **keep}
    )


def _to_file(given: Given) -> Mapped:
    params: dict[str, Any] = {"into": str(given.fixed("destinationKey"))}
    if given.fixed("convertAllData"):
        params |= {"format": "json", "each": True}
    else:
        kind = "base64" if given.fixed("options.dataIsBase64", False) else "text"
        params |= {"format": kind, "field": str(given.fixed("sourceKey"))}
    if given.get("options.fileName"):
        params["file_name"] = ours(given.get("options.fileName"))
    if given.fixed("options.mimeType", ""):
        params["media_type"] = str(given.fixed("options.mimeType"))
    return Mapped("file.convert", params)


dialect = Dialect(
    "n8n-nodes-base.moveBinaryData",
    (1, 1.1),
    read,
    {1: {"mode": "binaryToJson", "setAllData": True, "sourceKey": "data", "destinationKey": "data",
         "convertAllData": True, "options": {}}},
)  # fmt: skip
