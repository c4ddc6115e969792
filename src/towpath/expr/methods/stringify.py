"""JSON.stringify without spacing, exact in numbers, escapes and the order of keys."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from towpath.expr.methods.arguments import Arguments, argument
from towpath.expr.numbers import number_to_text
from towpath.expr.values import UNDEFINED, DeclinedError, check_size, ordered_keys, pair_surrogates

_ESCAPED = re.compile('[\x00-\x1f"\\\\\ud800-\udfff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def stringify(arguments: Arguments) -> object:
    """JSON.stringify(value): undefined of undefined; a replacer or spacing is not exact here."""
    if len(arguments) > 1 and any(value is not UNDEFINED and value is not None for value in arguments[1:]):
        raise DeclinedError("JSON.stringify with a replacer or spacing")
    value = argument(arguments, 0)
    return UNDEFINED if value is UNDEFINED else "".join(_pieces(value))


def _pieces(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield quote(value)
    elif value is None or value is UNDEFINED or (isinstance(value, float) and not math.isfinite(value)):
        yield "null"
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int | float):
        yield number_to_text(value)
    elif isinstance(value, Mapping):
        yield "{"
        for number, key in enumerate(key for key in ordered_keys(value) if value[key] is not UNDEFINED):
            yield f"{',' if number else ''}{quote(key)}:"
            yield from _pieces(value[key])
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for number, part in enumerate(value):
            yield "," if number else ""
            yield from _pieces(part)
        yield "]"
    else:
        raise DeclinedError(f"a {type(value).__name__} is not JSON")


def quote(text: str) -> str:
    """The text as a JSON literal; lone surrogates are escaped, other characters stay."""
    check_size(len(text))
    if not text.isascii():
        text = pair_surrogates(text)
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"
