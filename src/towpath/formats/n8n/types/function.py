"""n8n's old Function: JavaScript for all items."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """The code reads ``items``, as it does here."""
    code = str(given.params.get("functionCode", ""))
    if not code.strip():
        raise UnmappedError("it has no code")
    return Mapped("code.javascript", {"code": code})


dialect = Dialect("n8n-nodes-base.function", (1,), read)
