"""Markdown to HTML, and HTML to Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdownify import ATX, MarkdownConverter
from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.paths import write
from towpath.errors import NodeError, TowpathError

MAX_CHARACTERS = 1_000_000


class Params(NodeParams):
    """The text, which way it goes, and where it is put."""

    mode: Literal["to_html", "to_markdown"] = Field("to_html", description="What the text is turned into.")
    text: Dynamic[Text] = Field(description="The Markdown or HTML.")
    into: str = Field("data", min_length=1, description="The field that it is put into; dots lead into objects.")
    html: bool = Field(False, description="With to_html: HTML inside the Markdown is kept; otherwise it is shown.")
    tables: bool = Field(False, description="With to_html: tables drawn with | are read.")
    strikethrough: bool = Field(False, description="With to_html: ~~text~~ is struck through.")
    breaks: bool = Field(False, description="With to_html: a line break stays one.")
    heading_ids: bool = Field(False, description="With to_html: headings get ids made of their text.")
    bullet: Literal["*", "-", "+"] = Field("*", description="With to_markdown: the sign of list entries.")
    ignore: tuple[str, ...] = Field((), description="With to_markdown: elements that are left out.")


def run(batch: Batch[Params]) -> None:
    """One item out for each, with the new field beside the others."""
    params = batch.params
    for position, text in batch.resolve(params.text):
        made = _made(params, text)
        if isinstance(made, TowpathError):
            batch.fail(position, made)
        else:
            item = batch.items[position]
            batch.derive(position, write(item.json, params.into, made), binary=item.binary)


def _made(params: Params, text: str) -> str | NodeError:
    if len(text) > MAX_CHARACTERS:
        return NodeError(f"the text has more than {MAX_CHARACTERS:,} characters", code="limit.markdown")
    try:
        return _to_html(params, text) if params.mode == "to_html" else _to_markdown(params, text)
    except RecursionError:
        return NodeError("the text is nested too deeply", code="limit.markdown", hint="Take a part of it.")


def _to_html(params: Params, text: str) -> str:
    reader = _reader(params.html, params.breaks, params.tables, params.strikethrough)
    tokens = reader.parse(text)
    if params.heading_ids:
        _name_headings(tokens)
    return str(reader.renderer.render(tokens, reader.options, {})).strip()


@cache
def _reader(html: bool, breaks: bool, tables: bool, strikethrough: bool) -> MarkdownIt:
    rules = [name for name, wanted in (("table", tables), ("strikethrough", strikethrough)) if wanted]
    return MarkdownIt("commonmark", {"html": html, "breaks": breaks}).enable(rules)


def _name_headings(tokens: Sequence[Token]) -> None:
    """Ids of letters and digits only, a second one with a number, as n8n's converter makes them."""
    seen: dict[str, int] = {}
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            name = re.sub(r"\W", "", inline.content).lower()
            seen[name] = seen.get(name, 0) + 1
            heading.attrSet("id", name if seen[name] == 1 else f"{name}-{seen[name] - 1}")


class _Converter(MarkdownConverter):
    """Emphasis with an underscore, as n8n's converter writes it."""

    def convert_em(self, _element: Any, text: str, parent_tags: set[str]) -> str:
        inner = text.strip()
        return text if "_noformat" in parent_tags or not inner else text.replace(inner, f"_{inner}_", 1)

    convert_i = convert_em


def _to_markdown(params: Params, text: str) -> str:
    converter = _Converter(heading_style=ATX, bullets=params.bullet)
    return re.sub(r"\n{3,}", "\n\n", converter.convert(_without(text, params.ignore))).strip()


def _without(html: str, names: Sequence[str]) -> str:
    """The HTML without these elements and what is in them."""
    for name in ("script", "style", *names):
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
            html = re.sub(rf"(?is)<{name}\b[^>]*>.*?</{name}\s*>", "", html)
    return html


node_type = NodeType(
    name="data.markdown",
    title="Markdown",
    description="Turns Markdown into HTML, or HTML into Markdown.",
    icon="file-text",
    group="data",
    params=Params,
    run=run,
    examples=(
        {"text": "{{ $json.notes }}", "into": "html"},
        {"mode": "to_markdown", "text": "{{ $json.body }}", "into": "text"},
    ),
)
