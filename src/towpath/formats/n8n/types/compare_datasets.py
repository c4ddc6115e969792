"""n8n's Compare Datasets."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

_RESOLVE = {"includeBoth": "both", "preferInput1": "a", "preferInput2": "b"}
_PORTS = ("only_a", "same", "different", "only_b")


def read(given: Given) -> Mapped:
    """Both inputs, four outputs."""
    keys: list[Any] = []
    for row in given.rows("mergeByFields.values"):
        one, other = str(row.get("field1", "")), str(row.get("field2", ""))
        if not one or not other or one.startswith("=") or other.startswith("="):
            raise UnmappedError("it does not say by which fields items belong together")
        keys.append(one if one == other else [one, other])
    resolve = str(given.fixed("resolve"))
    if not keys or resolve not in _RESOLVE:
        raise UnmappedError(f"its way of showing differences, {resolve!r}, has no counterpart in Towpath")
    given.refuse("options.disableDotNotation")
    params: dict[str, Any] = {"keys": keys}
    if resolve != "includeBoth":
        params["different"] = _RESOLVE[resolve]
    skip = given.names("options.skipFields")
    if skip:
        params["skip"] = skip
    if given.fixed("options.multipleMatches", "first") == "first":
        params["matches"] = "first"
    if given.fixed("fuzzyCompare", False) or given.fixed("options.fuzzyCompare", False):
        params["loose"] = True
    return Mapped("data.compare", params, inputs=("a", "b"), outputs=_PORTS)


def write(params: Json) -> Json | None:
    """All parameters have a counterpart."""
    rows = [
        {"field1": key, "field2": key} if isinstance(key, str) else {"field1": key[0], "field2": key[1]}
        for key in params.get("keys", ())
    ]
    words = {word: name for name, word in _RESOLVE.items()}
    options: dict[str, Any] = {"multipleMatches": params.get("matches", "all")}
    if params.get("skip"):
        options["skipFields"] = ", ".join(params["skip"])
    made = {"mergeByFields": {"values": rows}, "resolve": words[params.get("different", "both")], "options": options}
    return {**made, "fuzzyCompare": True} if params.get("loose") else made


dialect = Dialect(
    "n8n-nodes-base.compareDatasets",
    (1, 2, 2.1, 2.2, 2.3),
    read,
    {1: {"resolve": "preferInput2"}, 2: {"resolve": "includeBoth"}},
    target="data.compare",
    write=write,
    writes=2.3,
)
