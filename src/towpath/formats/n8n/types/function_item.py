"""n8n's old Function Item: JavaScript for each item."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError

_BEFORE = "const item = $json;\nconst $changed = (function () {\n"
_AFTER = "\n})();\nreturn { json: $changed };"


def read(given: Given) -> Mapped:
    """The old code reads and changes ``item``, the JSON itself; the code around it says so."""
    code = str(given.params.get("functionCode", ""))
    if not code.strip():
        raise UnmappedError("it has no code")
    return Mapped("code.javascript", {"code": f"{_BEFORE}{code}{_AFTER}", "mode": "each"})


dialect = Dialect("n8n-nodes-base.functionItem", (1,), read)
