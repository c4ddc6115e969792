"""HTML: values taken out of pages with CSS selectors, or a table made of items."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from towpath.engine.batch import Batch
from towpath.engine.files import file_bytes
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.paths import MISSING, look
from towpath.errors import NodeError, Where, did_you_mean
from towpath.expr.values import to_text

Json = dict[str, Any]
MAX_CHARACTERS = 5_000_000
_SPACE = re.compile(r"\s+")


class Wanted(BaseModel):
    """One value that is taken out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="The field that it becomes.")
    selector: str = Field(min_length=1, description="CSS selector, such as h1 or table.prices td:first-child.")
    give: Literal["text", "html", "attribute", "value"] = Field(
        "text", description="The text inside, the HTML inside, an attribute, or what a form's field holds."
    )
    attribute: str | None = Field(None, description="With attribute: its name.")
    all: bool = Field(False, description="A list with one value for each match; otherwise one value.")
    skip: tuple[str, ...] = Field((), description="With text: selectors of parts inside that are left out.")

    @model_validator(mode="after")
    def _named(self) -> Wanted:
        if (self.give == "attribute") != bool(self.attribute):
            raise ValueError("give 'attribute' its name, and only then")
        for selector in (self.selector, *self.skip):
            try:
                LexborHTMLParser("<p></p>").css(selector)
            except (SelectolaxError, ValueError):
                raise ValueError(f"{selector!r} is no CSS selector") from None
        return self


class Params(NodeParams):
    """Where the HTML is and what is taken out of it, or how the table looks."""

    mode: Literal["extract", "table"] = Field("extract", description="Take values out, or make a table of all items.")
    field: str = Field("data", min_length=1, description="With extract: the field with the HTML, or with a list of it.")
    file: str | None = Field(None, min_length=1, description="With extract: the name of a file with it instead.")
    values: tuple[Wanted, ...] = Field((), description="With extract: what is taken out.")
    trim: bool = Field(True, description="With extract: without white space around.")
    tidy: bool = Field(False, description="With extract: line breaks and runs of white space become one space.")
    into: str = Field("table", min_length=1, description="With table: the field that it is put into.")
    caption: Dynamic[Text] | None = Field(None, description="With table: its heading.")
    capitalize: bool = Field(False, description="With table: field names are shown as words with capitals.")
    style: bool = Field(True, description="With table: simple looks that mail programs show.")

    @model_validator(mode="after")
    def _has_values(self) -> Params:
        if (self.mode == "extract") != bool(self.values):
            raise ValueError("say in 'values' what is taken out with extract, and only then")
        return self


def run(batch: Batch[Params]) -> None:
    """One item for each page, or one table for each run."""
    if batch.params.mode == "table":
        _tables(batch)
        return
    for position in batch.live():
        for html in _pages(batch, position):
            batch.derive(position, _taken(batch.params, LexborHTMLParser(html)))


def _pages(batch: Batch[Params], position: int) -> list[str]:
    params, json = batch.params, batch.items[position].json
    if params.file is not None:
        data = file_bytes(batch, position, params.file)
        found: Any = [] if data is None else data.decode("utf-8", "replace")
    else:
        found = look(json, params.field)
    if found is MISSING or found is None:
        hint = did_you_mean(params.field, json) or "Name the field that holds it."
        where = Where(field="field")
        message = f"the item has no HTML in {params.field!r}"
        batch.fail(position, NodeError(message, code="node.missing_field", hint=hint, where=where))
        return []
    pages = [to_text(part) for part in (found if isinstance(found, list) else [found])]
    if sum(map(len, pages)) > MAX_CHARACTERS:
        batch.fail(position, NodeError(f"the HTML has more than {MAX_CHARACTERS:,} characters", code="limit.html"))
        return []
    return pages


def _taken(params: Params, page: LexborHTMLParser) -> Json:
    return {wanted.name: _value(params, wanted, page.css(wanted.selector)) for wanted in params.values}


def _value(params: Params, wanted: Wanted, nodes: list[LexborNode]) -> Any:
    """Of several matches as one value: the texts joined; of everything else the first."""
    if wanted.all:
        return [_tidied(params, _one(wanted, node)) for node in nodes]
    if wanted.give == "text":
        return _tidied(params, "".join(str(_one(wanted, node)) for node in nodes))
    return _tidied(params, _one(wanted, nodes[0])) if nodes else None


def _one(wanted: Wanted, node: LexborNode) -> str | None:
    if wanted.give == "attribute":
        return node.attributes.get(wanted.attribute or "")
    if wanted.give == "html":
        return node.inner_html
    if wanted.give == "value":
        return _held(node)
    if not wanted.skip:
        return str(node.text())
    copy = LexborHTMLParser(node.html or "")
    for selector in wanted.skip:
        for part in copy.css(selector):
            part.decompose()
    return str(copy.body.text()) if copy.body else ""


def _held(node: LexborNode) -> str | None:
    if node.tag == "textarea":
        return str(node.text())
    if node.tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return None if chosen is None else chosen.attributes.get("value", chosen.text())
    return node.attributes.get("value")


def _tidied(params: Params, value: str | None) -> str | None:
    if value is None:
        return None
    value = _SPACE.sub(" ", value) if params.tidy else value
    return value.strip() if params.trim else value


def _tables(batch: Batch[Params]) -> None:
    captions = batch.evaluate(batch.params.caption) if batch.params.caption is not None else None
    for _, positions in batch.by_visit():
        if positions:
            caption = captions[positions[0]] if captions else None
            rows = [batch.items[position].json for position in positions]
            batch.gather(positions, {batch.params.into: _table(batch.params, caption, rows)})


def _table(params: Params, caption: str | None, rows: list[Json]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table, head, cell = _LOOKS if params.style else ("", "", "")
    heads = "".join(f"<th>{escape(_heading(name) if params.capitalize else name)}</th>" for name in names)
    lines = "".join(f"<tr>{''.join(f'<td{cell}>{_cell(row.get(name))}</td>' for name in names)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table{table}>{title}<thead{head}><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


_CELL = "margin:0; padding:7px 20px 7px 0px; border-bottom:1px solid #eee"
_LOOKS = (
    ' style="border-spacing:0; font-family:helvetica,arial,sans-serif"',
    f' style="{_CELL}; text-align:left; color:#888; font-weight:normal"',
    f' style="{_CELL}"',
)


def _heading(name: str) -> str:
    return " ".join(word[0].upper() + word[1:] for word in name.split("_") if word)


def _cell(value: Any) -> str:
    """Text of items is shown as it is, never read as HTML."""
    if isinstance(value, bool):
        return f'<input type="checkbox" disabled{" checked" if value else ""}>'
    return escape("" if value is None else to_text(value))


node_type = NodeType(
    name="data.html",
    title="HTML",
    description="Takes values out of HTML with CSS selectors, or makes an HTML table of all items.",
    icon="file-code",
    group="data",
    params=Params,
    run=run,
    examples=(
        {"field": "body", "values": [{"name": "title", "selector": "h1"},
                                     {"name": "links", "selector": "a", "give": "attribute", "attribute": "href",
                                      "all": True}]},
        {"mode": "table", "caption": "Open deals", "capitalize": True},
    ),
)  # fmt: skip
