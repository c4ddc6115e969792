"""n8n's Loop Over Items, once Split In Batches."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(given: Given) -> Mapped:
    """The order of the outputs was turned round in version 3; version 1 has only the loop."""
    params: dict[str, Any] = {}
    size = given.get("batchSize")
    if size != 1:
        params["size"] = size
    outputs = ("done", "loop") if given.version >= 3 else ("loop", "done") if given.version >= 2 else ("loop",)
    warnings = []
    if given.get("options.reset", False):
        warnings.append("its option 'Reset' is ignored: a loop that is through begins anew by itself")
    return Mapped("logic.loop", params, outputs=outputs, warnings=tuple(warnings))


def write(params: Json) -> Json | None:
    """What leaves at the end is always what came back."""
    if set(params) - {"size"}:
        return None
    return {"batchSize": params.get("size", 1), "options": {}}


dialect = Dialect(
    "n8n-nodes-base.splitInBatches",
    (1, 2, 3),
    read,
    {1: {"batchSize": 10}, 3: {"batchSize": 1}},
    target="logic.loop",
    write=write,
    writes=3,
)
