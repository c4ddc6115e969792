"""Splits a parameter's text into plain text and the expressions between ``{{`` and ``}}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from towpath.expr.syntax import MAX_SOURCE, error_at
from towpath.expr.tokens import Lexer, Token


@dataclass(frozen=True, slots=True)
class Code:
    """One ``{{ }}``: its tokens and where it starts."""

    tokens: list[Token]
    start: int


Chunk: TypeAlias = str | Code


def is_template_text(text: str) -> bool:
    """Whether the text is an expression: it starts with ``=`` (n8n's form) or has ``{{ }}`` in it.

    Texts of nothing but equals signs are the operators that conditions are written with, not expressions.
    """
    if text.startswith("="):
        return bool(text.strip("="))
    opening = text.find("{{")
    return opening >= 0 and text.find("}}", opening) >= 0


def split(source: str) -> list[Chunk]:
    """The chunks of a template; empty texts are left out. ``\\{{`` is a literal ``{{``."""
    if len(source) > MAX_SOURCE:
        hint = "Build long texts in a Set Fields node, part by part."
        message = f"The expression is longer than {MAX_SOURCE} characters."
        raise error_at(source, 0, message, code="expression.too_long", hint=hint)
    chunks: list[Chunk] = []
    position = 1 if source.startswith("=") else 0
    while position < len(source):
        opening = _opening(source, position)
        if text := source[position:opening].replace("\\{{", "{{").replace("\\}}", "}}"):
            chunks.append(text)
        if opening == len(source):
            break
        code, position = _code(source, opening)
        chunks.append(code)
    return chunks


def _opening(source: str, position: int) -> int:
    """Where the next ``{{`` is that no backslash escapes; the length when there is none."""
    opening = source.find("{{", position)
    while opening > 0 and source[opening - 1] == "\\":
        opening = source.find("{{", opening + 2)
    return opening if opening >= 0 else len(source)


def _code(source: str, opening: int) -> tuple[Code, int]:
    lexer = Lexer(source, opening + 2)
    tokens = lexer.read("}}")
    if len(tokens) == 1:
        raise error_at(
            source, opening, "There is nothing between {{ and }}.", hint="Write for example {{ $json.name }}."
        )
    return Code(tokens, opening), lexer.position
