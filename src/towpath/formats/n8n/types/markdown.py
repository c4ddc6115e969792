"""n8n's Markdown."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped
from towpath.formats.n8n.texts import ours, theirs

_FLAGS = {"tables": "tables", "strikethrough": "strikethrough", "simpleLineBreaks": "breaks"}
_KNOWN = frozenset({*_FLAGS, "noHeaderId", "bulletMarker", "ignore"})
_HARMLESS = frozenset({"encodeEmails", "ghCodeBlocks", "requireSpaceBeforeHeadingText"})


def read(given: Given) -> Mapped:
    """The two ways have options of their own; those of the converter's finer points are not taken over."""
    to_html = given.fixed("mode") == "markdownToHtml"
    params: dict[str, Any] = {"into": str(given.fixed("destinationKey"))}
    options = given.get("options", {})
    if to_html:
        params |= {"text": ours(given.get("markdown", "")), "html": True}
        params |= {name: True for option, name in _FLAGS.items() if given.fixed(f"options.{option}", False)}
        if not given.fixed("options.noHeaderId", False):
            params["heading_ids"] = True
    else:
        params |= {"mode": "to_markdown", "text": ours(given.get("html", ""))}
        bullet = given.fixed("options.bulletMarker", "*")
        if bullet in ("-", "+"):
            params["bullet"] = bullet
        if given.names("options.ignore"):
            params["ignore"] = given.names("options.ignore")
    lost = sorted(name for name, value in options.items() if value and name not in _KNOWN | _HARMLESS)
    warnings = (f"its options {', '.join(lost)} have no counterpart in Towpath",) if lost else ()
    return Mapped("data.markdown", params, warnings=warnings)


def write(params: Json) -> Json | None:
    """What n8n's converter does is what is written with HTML kept."""
    made: dict[str, Any] = {"destinationKey": params.get("into", "data")}
    if params.get("mode", "to_html") == "to_markdown":
        options = {"bulletMarker": params.get("bullet", "*"), "ignore": ", ".join(params.get("ignore", ()))}
        return {**made, "mode": "htmlToMarkdown", "html": theirs(params.get("text")), "options": options}
    chosen: dict[str, Any] = {option: True for option, name in _FLAGS.items() if params.get(name)}
    if not params.get("heading_ids"):
        chosen["noHeaderId"] = True
    return {**made, "mode": "markdownToHtml", "markdown": theirs(params.get("text")), "options": chosen}


dialect = Dialect(
    "n8n-nodes-base.markdown",
    (1,),
    read,
    {1: {"mode": "htmlToMarkdown", "destinationKey": "data", "options": {}}},
    target="data.markdown",
    write=write,
)
