"""n8n's Summarize."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

_FUNCTIONS = {"append": "append", "average": "average", "concatenate": "concatenate", "count": "count",
              "countUnique": "count_unique", "max": "max", "min": "min", "sum": "sum"}  # fmt: skip
_PREFIXES = {"append": "appended", "average": "average", "concatenate": "concatenated", "count": "count",
             "countUnique": "unique_count", "max": "max", "min": "min", "sum": "sum"}  # fmt: skip
_SEPARATORS = {",": ", ", " ": " ", "\n": "\n", "": ""}


def read(given: Given) -> Mapped:
    """A figure is named after its function and field, as in n8n."""
    if given.fixed("options.outputFormat", "separateItems") == "singleItem" and given.names("fieldsToSplitBy"):
        raise UnmappedError("it gives the groups as one item")
    given.refuse("options.disableDotNotation")
    params: dict[str, Any] = {"figures": [_figure(row) for row in given.rows("fieldsToSummarize.values")]}
    if not params["figures"]:
        raise UnmappedError("it does not say what is worked out")
    groups = given.names("fieldsToSplitBy")
    if groups:
        params["group_by"] = groups
    if given.fixed("options.skipEmptySplitFields", False):
        params["skip_ungrouped"] = True
    return Mapped("data.summarize", params)


def _figure(row: Json) -> dict[str, Any]:
    word, name = str(row.get("aggregation", "count")), row.get("field")
    if word not in _FUNCTIONS or not isinstance(name, str) or not name or name.startswith("="):
        raise UnmappedError(f"it works out {word!r} of {name!r}")
    figure: dict[str, Any] = {"function": _FUNCTIONS[word], "field": name, "into": f"{_PREFIXES[word]}_{name}"}
    if word == "concatenate":
        separator = row.get("separateBy", ",")
        figure["separator"] = str(row.get("customSeparator", "")) if separator == "other" else str(separator)
    if row.get("includeEmpty"):
        figure["include_empty"] = True
    return figure


def write(params: Json) -> Json | None:
    """Figures keep n8n's names or are not exported as this type."""
    words = {function: word for word, function in _FUNCTIONS.items()}
    rows: list[Json] = []
    for figure in params.get("figures", ()):
        word = words.get(figure["function"])
        if word is None or "field" not in figure:
            return None
        row: dict[str, Any] = {"aggregation": word, "field": figure["field"]}
        if figure.get("include_empty"):
            row["includeEmpty"] = True
        if "separator" in figure:
            row |= {"separateBy": "other", "customSeparator": figure["separator"]}
        rows.append(row)
    made: dict[str, Any] = {"fieldsToSummarize": {"values": rows}, "options": {}}
    if params.get("group_by"):
        made["fieldsToSplitBy"] = ", ".join(params["group_by"])
    if params.get("skip_ungrouped"):
        made["options"] = {"skipEmptySplitFields": True}
    return made


dialect = Dialect("n8n-nodes-base.summarize", (1, 1.1), read, target="data.summarize", write=write, writes=1.1)
