"""Turns a JSON value into another kind, where that loses nothing: ``"12.5"`` into a number, ``"[1]"`` into a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from towpath.errors import NodeError
from towpath.expr.values import to_text

Kind = Literal["text", "number", "checkbox", "list", "object"]
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def convert(value: Any, kind: Kind) -> Any:
    """The value as that kind; null stays null. Raises NodeError ``node.field_type``."""
    if value is None:
        return None
    try:
        return _CONVERSIONS[kind](value)
    except (ValueError, TypeError, KeyError, msgspec.DecodeError):
        raise NodeError(
            f"{_short(value)} cannot be turned into {_NAMES[kind]}",
            code="node.field_type",
            hint="Correct the expression, or leave the field out of 'types'.",
            params={"kind": kind},
        ) from None


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else to_text(value)


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    number = float(value.strip() if value.isascii() and "_" not in value else "")
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _checkbox(value: Any) -> bool:
    return value if isinstance(value, bool) else _WORDS[to_text(value).strip().lower()]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else msgspec.json.decode(value, type=list)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else msgspec.json.decode(value, type=dict[str, Any])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


_CONVERSIONS: Mapping[Kind, Callable[[Any], Any]] = {
    "text": _text, "number": _number, "checkbox": _checkbox, "list": _list, "object": _object,
}  # fmt: skip
_NAMES: Mapping[Kind, str] = {
    "text": "text", "number": "a number", "checkbox": "true or false", "list": "a list", "object": "an object",
}  # fmt: skip
