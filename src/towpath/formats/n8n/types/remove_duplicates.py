"""n8n's Remove Duplicates, within the items at hand."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """Duplicates of earlier runs need a memory that Towpath's node does not have."""
    if given.version >= 2 and given.fixed("operation") != "removeDuplicateInputItems":
        raise UnmappedError("it remembers items of earlier runs", "Use crm.upsert with a key field instead.")
    given.refuse("options.disableDotNotation")
    compare = given.fixed("compare")
    params: dict[str, Any] = {}
    if compare == "selectedFields":
        params["fields"] = given.names("fieldsToCompare")
        if given.fixed("options.removeOtherFields", False):
            params["bare"] = True
    elif compare == "allFieldsExcept":
        params["exclude"] = given.names("fieldsToExclude")
    return Mapped("data.remove_duplicates", params)


def write(params: Json) -> Json | None:
    """The first one stays, case matters."""
    if set(params) - {"fields", "exclude", "bare"}:
        return None
    made: dict[str, Any] = {"options": {}}
    if params.get("bare"):
        made["options"] = {"removeOtherFields": True}
    if params.get("fields"):
        made |= {"compare": "selectedFields", "fieldsToCompare": ", ".join(params["fields"])}
    elif params.get("exclude"):
        made |= {"compare": "allFieldsExcept", "fieldsToExclude": ", ".join(params["exclude"])}
    return made


dialect = Dialect(
    "n8n-nodes-base.removeDuplicates",
    (1, 1.1, 2),
    read,
    {1: {"compare": "allFields"}, 2: {"operation": "removeDuplicateInputItems", "compare": "allFields"}},
    target="data.remove_duplicates",
    write=write,
    writes=2,
)
