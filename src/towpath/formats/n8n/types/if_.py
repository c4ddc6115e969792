"""n8n's If: the outputs true and false."""

from __future__ import annotations

from towpath.formats.n8n.conditions import from_filter, from_old
from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped
from towpath.formats.n8n.texts import single_chunk, theirs


def read(given: Given) -> Mapped:
    """Version 1 lists conditions by kind of value, versions 2 and later have a filter."""
    if given.version < 2:
        condition = from_old(given.get("conditions", {}), str(given.fixed("combineOperation")))
    else:
        condition = from_filter(_with_options(given))
    return Mapped("logic.if", {"condition": condition}, outputs=("true", "false"))


def _with_options(given: Given) -> Json:
    """``options.ignoreCase`` of the node says what the filter's own option says as well."""
    conditions: Json = given.get("conditions", {})
    if given.get("options.ignoreCase", False) is True:
        return {**conditions, "options": {**conditions.get("options", {}), "caseSensitive": False}}
    return conditions


def write(params: Json) -> Json | None:
    """One expression that is itself the answer."""
    condition = theirs(params.get("condition"))
    if single_chunk(condition) is None:
        return None
    operator = {"type": "boolean", "operation": "true", "singleValue": True}
    row = {"id": "condition", "leftValue": condition, "rightValue": "", "operator": operator}
    options = {"caseSensitive": True, "leftValue": "", "typeValidation": "loose", "version": 2}
    return {
        "conditions": {"options": options, "conditions": [row], "combinator": "and"},
        "looseTypeValidation": True,
        "options": {},
    }


dialect = Dialect(
    "n8n-nodes-base.if",
    (1, 2, 2.1, 2.2, 2.3),
    read,
    {1: {"conditions": {}, "combineOperation": "all"}, 2: {"conditions": {}, "options": {}}},
    target="logic.if",
    write=write,
    writes=2.2,
)
