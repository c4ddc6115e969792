"""The text of an n8n file to plain values: size, depth and amount are measured before anything is built."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from towpath.errors import FormatError, Where
from towpath.formats.n8n.limits import MAX_BYTES, MAX_DEPTH, MAX_VALUES, not_n8n, too_deep, too_large

# Possessive, so that a long string is passed over without remembering places to go back to.
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)


def parse(source: bytes | str, file: str | None = None) -> Any:
    """The JSON value of a file. Raises FormatError with line and column."""
    text = _decoded(source, file)
    _measure(text, file)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = Where(file=file, line=error.lineno, column=error.colno)
        hint = "n8n exports JSON; check that the file is whole."
        raise FormatError(f"this is not JSON: {error.msg}", code="format.json", hint=hint, where=where) from None
    except ValueError as error:
        raise FormatError(f"this is not JSON: {error}", code="format.json", where=Where(file=file)) from None


def _decoded(source: bytes | str, file: str | None) -> str:
    if len(source) > MAX_BYTES:
        raise too_large("bytes", len(source), MAX_BYTES, file)
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    marks = (b"\xff\xfe", b"\xfe\xff")  # editors on Windows save UTF-16
    try:
        return source.decode("utf-16") if source.startswith(marks) else source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise not_n8n("the file is not UTF-8 text", file, "Save it as UTF-8.") from None


def _measure(text: str, file: str | None) -> None:
    depth = count = 0
    for found in _BRACKET.finditer(text):
        sign = text[found.start()]
        if sign in "[{":
            depth, count = depth + 1, count + 1
            if depth > MAX_DEPTH:
                line = text.count("\n", 0, found.start()) + 1
                raise too_deep(Where(file=file, line=line, column=found.start() - text.rfind("\n", 0, found.start())))
            if count > MAX_VALUES:
                raise too_large("lists and objects", count - 1, MAX_VALUES, file)
        elif sign != '"':
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"an object has the key {twice!r} twice")
    return made


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
