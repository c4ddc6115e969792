"""n8n's Rename Keys."""

from __future__ import annotations

import json

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError


def read(given: Given) -> Mapped:
    """Pairs of names; names by pattern are a few lines of code."""
    patterns = given.rows("additionalOptions.regexReplacement.replacements")
    if patterns:
        return Mapped("code.javascript", {"code": _by_pattern(given, patterns), "mode": "each"})
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


def _by_pattern(given: Given, patterns: list[Json]) -> str:
    """n8n's order: the pairs first, then each pattern over all names, inside objects to a depth."""
    pairs = [[row.get("currentKey"), row.get("newKey")] for row in given.rows("keys.key") if row.get("currentKey")]
    rules = [
        [str(row.get("searchRegex", "")), "gi" if (row.get("options") or {}).get("caseInsensitive") else "g",
         str(row.get("replaceRegex", "")), (row.get("options") or {}).get("depth", -1)]
        for row in patterns
    ]  # fmt: skip
    return _CODE.replace("PAIRS", json.dumps(pairs)).replace("RULES", json.dumps(rules))


_CODE = """const item = { ...$json };
for (const [from, to] of PAIRS) {
  if (from in item && from !== to) { item[to] = item[from]; delete item[from]; }
}
const renamed = (value, pattern, to, depth) => {
  if (value === null || typeof value !== "object" || depth === 0) return value;
  if (Array.isArray(value)) return value.map((part) => renamed(part, pattern, to, depth - 1));
  return Object.fromEntries(Object.entries(value).map(
    ([name, part]) => [name.replace(pattern, to), renamed(part, pattern, to, depth - 1)]));
};
return RULES.reduce((made, [from, flags, to, depth]) => renamed(made, new RegExp(from, flags), to, depth), item);"""


def write(params: Json) -> Json | None:
    """Items that lack a field never fail."""
    if set(params) - {"fields"}:
        return None
    rows = [{"currentKey": old, "newKey": new} for old, new in params.get("fields", {}).items()]
    return {"keys": {"key": rows}, "additionalOptions": {}}


dialect = Dialect("n8n-nodes-base.renameKeys", (1,), read, target="data.rename", write=write)
