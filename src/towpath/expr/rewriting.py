"""Rewrites the tokens of JavaScript where n8n adds to the language: methods of all values, and a lazy ``$if``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from towpath.expr.methods.extensions import EXTENSION_NAMES
from towpath.expr.tokens import Token

Edit = tuple[int, int, str]  # from, to, what is written instead
_OPENING = {")": "(", "]": "[", "}": "{"}
_CLOSING = frozenset(_OPENING.values())
_VALUES = frozenset({"name", "string", "number", "template", "regex", "foreign"})


def rewritten(tokens: Sequence[Token]) -> Iterator[Edit]:
    """The edits of one chunk of code, those inside template literals too; they do not overlap."""
    for place, token in enumerate(tokens):
        if token.kind == "template" and isinstance(token.value, tuple):
            for part in token.value:
                if isinstance(part, list):
                    yield from rewritten(part)
        elif token.kind == "name" and token.value == "$if":
            yield from _conditional(tokens, place)
        elif token.kind == "name" and token.value in EXTENSION_NAMES:
            yield from _method(tokens, place)


def _method(tokens: Sequence[Token], place: int) -> Iterator[Edit]:
    """``value.name(`` becomes ``__some(value)[__x.name](``.

    The name is a symbol that no field of an item can be mistaken for; ``__some`` gives null and undefined something
    that has the methods too, most of which say that they cannot be used there.
    """
    if not 0 < place < len(tokens) - 1:
        return
    before, name, after = tokens[place - 1], tokens[place], tokens[place + 1]
    optional = before.is_mark("?.")
    if not (optional or before.is_mark(".")) or not (after.is_mark("(") or after.is_mark("?.")):
        return
    start = None if optional else _receiver(tokens, place - 1)
    if start is not None:
        yield tokens[start].start, tokens[start].start, "__some("
    closing = ")" if start is not None else "?." if optional else ""
    yield before.start, name.start + len(str(name.value)), f"{closing}[__x.{name.value}]"


def _receiver(tokens: Sequence[Token], dot: int) -> int | None:
    """Where the value before the dot begins; None where that is not plain to see, or where ``?.`` may end it early."""
    place = dot - 1
    while place >= 0:
        token = tokens[place]
        if token.kind == "mark" and token.value in (")", "]"):
            opening = _matching(tokens, place)
            if opening is None:
                return None
            ends_value = opening > 0 and _ends_value(tokens[opening - 1])
            place = opening - 1 if ends_value else opening
            if ends_value:
                continue
        elif token.kind not in _VALUES:
            return None
        if place and tokens[place - 1].is_mark("?."):
            return None
        if not place or not tokens[place - 1].is_mark("."):
            follows_word = place > 0 and tokens[place - 1].kind == "name" and tokens[place - 1].value == "new"
            return None if follows_word else place
        place -= 2
    return None


def _ends_value(token: Token) -> bool:
    """Whether a bracket after this token calls it or takes a part of it."""
    words = ("return", "typeof", "in", "of", "new", "void", "delete", "case", "instanceof", "await", "if", "while")
    if token.kind == "name":
        return token.value not in words
    return token.kind in _VALUES or (token.kind == "mark" and token.value in (")", "]"))


def _matching(tokens: Sequence[Token], place: int) -> int | None:
    """Where the bracket that closes at the place was opened."""
    depth = 0
    for at in range(place, -1, -1):
        if tokens[at].kind == "mark":
            depth += (tokens[at].value in _OPENING) - (tokens[at].value in _CLOSING)
            if not depth:
                return at
    return None


def _conditional(tokens: Sequence[Token], place: int) -> Iterator[Edit]:
    """``$if(test, then, otherwise)`` becomes ``((test)?(then):(otherwise))``, so that only one of them is evaluated."""
    opening = place + 1
    if opening >= len(tokens) or not tokens[opening].is_mark("("):
        return
    if place and (tokens[place - 1].is_mark(".") or tokens[place - 1].is_mark("?.")):
        return
    commas, closing = _commas(tokens, opening)
    if closing is None or any(tokens[at + 1].is_mark("...") for at in (opening, *commas)):
        return
    trailing = commas.pop() if commas and commas[-1] == closing - 1 else None
    if len(commas) not in (1, 2):
        return
    if trailing is not None:
        yield tokens[trailing].start, tokens[trailing].start + 1, ""
    yield tokens[place].start, tokens[opening].start + 1, "(("
    for comma, text in zip(commas, (")?(", "):("), strict=False):
        yield tokens[comma].start, tokens[comma].start + 1, text
    yield tokens[closing].start, tokens[closing].start + 1, "):(false))" if len(commas) == 1 else "))"


def _commas(tokens: Sequence[Token], opening: int) -> tuple[list[int], int | None]:
    """The commas between the arguments of a call, and where it closes."""
    commas: list[int] = []
    depth = 0
    for at in range(opening, len(tokens)):
        token = tokens[at]
        if token.kind != "mark":
            continue
        if token.value in _CLOSING:
            depth += 1
        elif token.value in _OPENING:
            depth -= 1
            if not depth:
                return commas, at
        elif depth == 1 and token.value == ",":
            commas.append(at)
    return commas, None
