"""n8n's Filter: items that meet the conditions go on."""

from __future__ import annotations

from towpath.formats.n8n.conditions import from_filter, from_old
from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped
from towpath.formats.n8n.texts import single_chunk, theirs


def read(given: Given) -> Mapped:
    """Version 1 says AND and OR in capitals."""
    if given.version < 2:
        either = str(given.fixed("combineConditions")).upper() == "OR"
        condition = from_old(given.get("conditions", {}), "any" if either else "all")
    else:
        conditions = given.get("conditions", {})
        if given.get("options.ignoreCase", False) is True:
            conditions = {**conditions, "options": {**conditions.get("options", {}), "caseSensitive": False}}
        condition = from_filter(conditions)
    return Mapped("logic.filter", {"condition": condition})


def write(params: Json) -> Json | None:
    """One expression that is itself the answer."""
    condition = theirs(params.get("condition"))
    if single_chunk(condition) is None:
        return None
    operator = {"type": "boolean", "operation": "true", "singleValue": True}
    row = {"id": "condition", "leftValue": condition, "rightValue": "", "operator": operator}
    options = {"caseSensitive": True, "leftValue": "", "typeValidation": "loose", "version": 2}
    return {"conditions": {"options": options, "conditions": [row], "combinator": "and"}, "options": {}}


dialect = Dialect(
    "n8n-nodes-base.filter",
    (1, 2, 2.1, 2.2, 2.3),
    read,
    {1: {"conditions": {}, "combineConditions": "AND"}, 2: {"conditions": {}, "options": {}}},
    target="logic.filter",
    write=write,
    writes=2.2,
)
