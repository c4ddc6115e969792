"""JSON text to plain values, with line and column in every error; depth is measured before anything is built."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from towpath.errors import FormatError, Where
from towpath.formats.native.limits import MAX_DEPTH, duplicate_key, too_deep

# Possessive, so that a string of 10 MB is passed over without remembering places to go back to.
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_KEY_OR_BRACKET = re.compile(rf"(?P<key>{_STRING})\s*+:|{_STRING}|[\[\]{{}}]", re.DOTALL)


class _DuplicateKeyError(ValueError):
    """An object has a key twice; where is looked up afterwards, because the parser does not say."""


def parse_json(text: str, file: str | None = None) -> Any:
    """The value that the text stands for. Raises FormatError."""
    _check_depth(text, file)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = Where(file=file, line=error.lineno, column=error.colno)
        raise FormatError(f"this is not JSON: {error.msg}", code="format.json", where=where) from None
    except _DuplicateKeyError:
        raise _locate_duplicate(text, file) from None
    except ValueError as error:  # NaN, Infinity, or a number with thousands of digits
        raise FormatError(f"this is not JSON: {error}", code="format.json", where=Where(file=file)) from None


def place(text: str, offset: int, file: str | None) -> Where:
    """Line and column of a character, both from 1."""
    return Where(file=file, line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset))


def _check_depth(text: str, file: str | None) -> None:
    depth = 0
    for found in _BRACKET.finditer(text):
        sign = text[found.start()]
        if sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise too_deep(place(text, found.start(), file))
        elif sign != '"':
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _DuplicateKeyError
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _locate_duplicate(text: str, file: str | None) -> FormatError:
    """The error for the first key, in reading order, that its object already has."""
    seen: list[set[str]] = []
    for found in _KEY_OR_BRACKET.finditer(text):
        sign = text[found.start()]
        if sign in "[{":
            seen.append(set())
        elif sign in "]}":
            seen.pop()
        elif found["key"]:
            key = json.loads(found["key"])
            if key in seen[-1]:
                return duplicate_key(key, place(text, found.start(), file))
            seen[-1].add(key)
    return FormatError("an object has a key twice", code="format.duplicate_key", where=Where(file=file))
