"""n8n's Limit."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(given: Given) -> Mapped:
    """How many, from which end."""
    params: dict[str, Any] = {}
    if given.get("maxItems") != 1:
        params["max"] = given.get("maxItems")
    if given.fixed("keep") == "lastItems":
        params["keep"] = "last"
    return Mapped("data.limit", params)


def write(params: Json) -> Json | None:
    """Both parameters."""
    made = {"maxItems": params.get("max", 1)}
    return {**made, "keep": "lastItems"} if params.get("keep", "first") == "last" else made


dialect = Dialect(
    "n8n-nodes-base.limit", (1,), read, {1: {"maxItems": 1, "keep": "firstItems"}}, target="data.limit", write=write
)
