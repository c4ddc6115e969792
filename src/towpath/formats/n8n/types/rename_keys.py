"""n8n's Rename Keys."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """Pairs of names; patterns have no counterpart."""
    if given.rows("additionalOptions.regexReplacement.replacements"):
        raise UnmappedError("it renames by a pattern", "Name the fields, or use a Code node.")
    names: dict[str, str] = {}
    for row in given.rows("keys.key"):
        old, new = row.get("currentKey"), row.get("newKey")
        if not isinstance(old, str) or not isinstance(new, str) or old.startswith("=") or new.startswith("="):
            raise UnmappedError("a name is an expression")
        if old and new and old != new:
            names[old] = new
    if not names:
        raise UnmappedError("it does not say which fields are renamed")
    return Mapped("data.rename", {"fields": names})


def write(params: Json) -> Json | None:
    """Items that lack a field never fail."""
    if set(params) - {"fields"}:
        return None
    rows = [{"currentKey": old, "newKey": new} for old, new in params.get("fields", {}).items()]
    return {"keys": {"key": rows}, "additionalOptions": {}}


dialect = Dialect("n8n-nodes-base.renameKeys", (1,), read, target="data.rename", write=write)
