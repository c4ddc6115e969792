"""n8n's Split Out: one item for each element of a list."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """Fields are text with commas."""
    fields = given.names("fieldToSplitOut")
    if not fields:
        raise UnmappedError("it does not say which field is split")
    params: dict[str, Any] = {"fields": fields}
    names = given.names("options.destinationFieldName")
    if names:
        params["into"] = names
    include = given.fixed("include")
    if include == "allOtherFields":
        params["keep"] = True
    elif include == "selectedOtherFields":
        params["keep"] = given.names("fieldsToInclude")
    return Mapped("data.split_out", params)


def write(params: Json) -> Json | None:
    """Items without a list are always left out."""
    if set(params) - {"fields", "into", "keep"}:
        return None
    made: dict[str, Any] = {"fieldToSplitOut": ", ".join(params.get("fields", ())), "options": {}}
    if params.get("into"):
        made["options"] = {"destinationFieldName": ", ".join(params["into"])}
    keep = params.get("keep", False)
    if keep:
        made["include"] = "allOtherFields" if keep is True else "selectedOtherFields"
    if keep and keep is not True:
        made["fieldsToInclude"] = ", ".join(keep)
    return made


dialect = Dialect(
    "n8n-nodes-base.splitOut",
    (1,),
    read,
    {1: {"include": "noOtherFields", "options": {}}},
    target="data.split_out",
    write=write,
)
