"""n8n's Aggregate: one item of many."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """Single fields, or whole items in one list."""
    given.refuse("options.includeBinaries")
    if given.fixed("aggregate") == "aggregateIndividualFields":
        return Mapped("data.aggregate", _fields(given))
    params: dict[str, Any] = {"into": str(given.fixed("destinationFieldName", "data"))}
    include = given.fixed("include")
    if include == "specifiedFields":
        params["include"] = given.names("fieldsToInclude")
    elif include == "allFieldsExcept":
        params["exclude"] = given.names("fieldsToExclude")
    return Mapped("data.aggregate", params)


def _fields(given: Given) -> dict[str, Any]:
    fields: list[dict[str, str]] = []
    for row in given.rows("fieldsToAggregate.fieldToAggregate"):
        name, into = row.get("fieldToAggregate"), row.get("outputFieldName")
        if isinstance(name, str) and name and not name.startswith("="):
            renamed = bool(row.get("renameField")) and isinstance(into, str) and bool(into)
            fields.append({"field": name, **({"into": str(into)} if renamed else {})})
    if not fields:
        raise UnmappedError("it does not say which fields are collected")
    params: dict[str, Any] = {"mode": "fields", "fields": fields}
    if given.fixed("options.mergeLists", False):
        params["flatten"] = True
    if given.fixed("options.keepMissing", False):
        params["keep_missing"] = True
    return params


def write(params: Json) -> Json | None:
    """Both modes."""
    if params.get("mode", "items") == "items":
        made: dict[str, Any] = {
            "aggregate": "aggregateAllItemData",
            "destinationFieldName": params.get("into", "items"),
            "options": {},
        }
        if params.get("include"):
            made |= {"include": "specifiedFields", "fieldsToInclude": ", ".join(params["include"])}
        elif params.get("exclude"):
            made |= {"include": "allFieldsExcept", "fieldsToExclude": ", ".join(params["exclude"])}
        return made
    rows = [
        {"fieldToAggregate": each["field"], "renameField": "into" in each, "outputFieldName": each.get("into", "")}
        for each in params.get("fields", ())
    ]
    options = {"mergeLists": params.get("flatten", False), "keepMissing": params.get("keep_missing", False)}
    return {
        "aggregate": "aggregateIndividualFields",
        "fieldsToAggregate": {"fieldToAggregate": rows},
        "options": {name: value for name, value in options.items() if value},
    }


dialect = Dialect(
    "n8n-nodes-base.aggregate",
    (1,),
    read,
    {1: {"aggregate": "aggregateIndividualFields", "destinationFieldName": "data", "include": "allFields"}},
    target="data.aggregate",
    write=write,
)
