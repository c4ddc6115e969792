"""n8n's Sort."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """By fields, at random, or by the code of a comparison."""
    kind = given.fixed("type")
    if kind == "random":
        return Mapped("data.sort", {"shuffle": True})
    if kind == "code":
        code = (
            f"const compare = (a, b) => {{\n{given.fixed('code', 'return 0;')}\n}};\nreturn $input.all().sort(compare);"
        )
        return Mapped("code.javascript", {"code": code})
    if kind != "simple":
        raise UnmappedError(f"its way of sorting, {kind!r}, is not known")
    keys: list[dict[str, Any]] = []
    for row in given.rows("sortFieldsUi.sortField"):
        name = row.get("fieldName")
        if not isinstance(name, str) or not name or name.startswith("="):
            raise UnmappedError("a sort field has no fixed name")
        keys.append({"field": name, **({"descending": True} if row.get("order") == "descending" else {})})
    if not keys:
        raise UnmappedError("it does not say by which fields it sorts")
    return Mapped("data.sort", {"by": keys})


def write(params: Json) -> Json | None:
    """Case is never told apart in n8n."""
    if params.get("shuffle"):
        return {"type": "random"}
    rows = []
    for key in params.get("by", ()):
        if "ignore_case" in key:
            return None
        rows.append({"fieldName": key["field"], "order": "descending" if key.get("descending") else "ascending"})
    return {"sortFieldsUi": {"sortField": rows}, "options": {}}


dialect = Dialect("n8n-nodes-base.sort", (1,), read, {1: {"type": "simple"}}, target="data.sort", write=write)
