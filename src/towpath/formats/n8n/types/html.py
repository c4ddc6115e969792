"""n8n's HTML: values out of pages, tables, and pages made of a template."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import ours

_GIVE = {"text": "text", "html": "html", "attribute": "attribute", "value": "value"}


def read(given: Given) -> Mapped:
    """A template is a text with expressions."""
    operation = str(given.fixed("operation"))
    if operation == "extractHtmlContent":
        return extract(given)
    if operation == "convertToHtmlTable":
        return _table(given)
    if operation != "generateHtmlTemplate":
        raise UnmappedError(f"its operation {operation!r} is not known")
    html = str(given.get("html", ""))
    value = html if html.startswith("=") or "{{" not in html else f"={html}"
    return Mapped("data.set", {"fields": {"html": value}, "keep": False})


def extract(given: Given) -> Mapped:
    """The same parameters as the older HTML Extract node's."""
    values = [_wanted(row) for row in given.rows("extractionValues.values")]
    if not values:
        raise UnmappedError("it does not say what is taken out")
    source = "file" if given.fixed("sourceData") == "binary" else "field"
    params: dict[str, Any] = {source: str(given.fixed("dataPropertyName")), "values": values}
    if given.fixed("options.trimValues", True) is False:
        params["trim"] = False
    if given.fixed("options.cleanUpText", False):
        params["tidy"] = True
    return Mapped("data.html", params)


def _wanted(row: Json) -> dict[str, Any]:
    name, selector, give = row.get("key"), row.get("cssSelector"), str(row.get("returnValue", "text"))
    texts = (name, selector)
    if not all(isinstance(text, str) and text and not text.startswith("=") for text in texts) or give not in _GIVE:
        raise UnmappedError(f"it takes {give!r} of {selector!r} as {name!r}", "Write the key and the selector out.")
    wanted: dict[str, Any] = {"name": name, "selector": selector}
    if give != "text":
        wanted["give"] = give
    if give == "attribute":
        wanted["attribute"] = str(row.get("attribute", ""))
    if row.get("returnArray"):
        wanted["all"] = True
    skip = [part.strip() for part in str(row.get("skipSelectors") or "").split(",") if part.strip()]
    return {**wanted, "skip": skip} if skip and give == "text" else wanted


def _table(given: Given) -> Mapped:
    given.refuse("options.tableAttributes", "options.headerAttributes", "options.rowAttributes",
                 "options.cellAttributes")  # fmt: skip
    params: dict[str, Any] = {"mode": "table"}
    if given.get("options.caption"):
        params["caption"] = ours(given.get("options.caption"))
    if given.fixed("options.capitalize", False):
        params["capitalize"] = True
    if given.fixed("options.customStyling", False):
        params["style"] = False
    return Mapped("data.html", params, warnings=("texts in the table are escaped; n8n writes them as HTML",))


def write(params: Json) -> Json | None:
    """Tables and values; the names of all parameters differ."""
    if params.get("mode") == "table":
        if set(params) - {"mode", "caption", "capitalize", "style"}:
            return None
        options = {"caption": params.get("caption"), "capitalize": params.get("capitalize"),
                   "customStyling": params.get("style") is False}  # fmt: skip
        return {"operation": "convertToHtmlTable", "options": {k: v for k, v in options.items() if v}}
    rows = [_row(wanted) for wanted in params["values"]]
    options = {"trimValues": params.get("trim", True), "cleanUpText": params.get("tidy", False)}
    return {
        "operation": "extractHtmlContent",
        "sourceData": "binary" if "file" in params else "json",
        "dataPropertyName": params.get("file", params.get("field")),
        "extractionValues": {"values": rows},
        "options": options,
    }


def _row(wanted: Json) -> dict[str, Any]:
    row = {"key": wanted["name"], "cssSelector": wanted["selector"], "returnValue": wanted.get("give", "text"),
           "returnArray": wanted.get("all", False)}  # fmt: skip
    if "attribute" in wanted:
        row["attribute"] = wanted["attribute"]
    return {**row, "skipSelectors": ", ".join(wanted["skip"])} if wanted.get("skip") else row


_DEFAULTS: Json = {"operation": "generateHtmlTemplate", "sourceData": "json", "dataPropertyName": "data", "options": {}}
dialect = Dialect(
    "n8n-nodes-base.html", (1, 1.1, 1.2), read, {1: _DEFAULTS}, target="data.html", write=write, writes=1.2
)
