"""n8n's Item Lists, since taken apart into Split Out, Aggregate, Limit, Sort and others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, Read, UnmappedError
from towpath.formats.n8n.types import aggregate, limit, remove_duplicates, sort, split_out, summarize

_OPERATIONS: Mapping[str, Read] = {
    "splitOutItems": split_out.read, "aggregateItems": aggregate.read, "concatenateItems": aggregate.read,
    "limit": limit.read, "removeDuplicates": remove_duplicates.read, "sort": sort.read, "summarize": summarize.read,
}  # fmt: skip


def read(given: Given) -> Mapped:
    """Each operation is a node type of its own, with the same parameters; version 1 lists names as rows."""
    operation = str(given.fixed("operation"))
    if operation not in _OPERATIONS:
        raise UnmappedError(f"its operation {operation!r} is not known")
    params = {**given.params, **_old_names(given)}
    return _OPERATIONS[operation](Given(given.name, given.type, 1, params))


def _old_names(given: Given) -> dict[str, Any]:
    """Versions 1 and 2 wrote lists of names as rows, under the name of a field inside."""
    found: dict[str, Any] = {}
    for path in ("fieldsToInclude", "fieldsToExclude", "fieldsToCompare", "fieldsToSplitBy"):
        value = given.get(path)
        if isinstance(value, Mapping):
            rows = given.rows(f"{path}.fields")
            found[path] = [str(row["fieldName"]) for row in rows if row.get("fieldName")]
    include = given.get("include")
    if include == "allFields" and given.get("operation") == "splitOutItems":
        found["include"] = "allOtherFields"
    return found


_COMMON = {"compare": "allFields", "type": "simple", "maxItems": 1, "keep": "firstItems", "options": {},
           "destinationFieldName": "data", "aggregate": "aggregateIndividualFields"}  # fmt: skip
dialect = Dialect(
    "n8n-nodes-base.itemLists",
    (1, 2, 2.1, 2.2, 3, 3.1),
    read,
    {1: {**_COMMON, "operation": "splitOutItems"}},
)
