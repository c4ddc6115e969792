"""The methods of text. Positions and lengths are UTF-16 units, as in JavaScript."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from towpath.expr.methods.arguments import (
    Arguments,
    argument,
    clamped,
    integer_argument,
    relative,
    text_argument,
)
from towpath.expr.numbers import SPACES, to_integer
from towpath.expr.operators import concatenate
from towpath.expr.properties import Units, unit_at
from towpath.expr.values import UNDEFINED, JsError, check_size, pair_surrogates, to_number

TextMethod: TypeAlias = Callable[[str, Arguments], object]


def _slice(text: str, arguments: Arguments) -> str:
    units = Units(text)
    start = relative(integer_argument(arguments, 0), len(units))
    return units.cut(start, max(start, relative(integer_argument(arguments, 1, len(units)), len(units))))


def _substring(text: str, arguments: Arguments) -> str:
    units = Units(text)
    start = clamped(integer_argument(arguments, 0), len(units))
    end = clamped(integer_argument(arguments, 1, len(units)), len(units))
    return units.cut(min(start, end), max(start, end))


def _at(text: str, arguments: Arguments) -> object:
    position, length = integer_argument(arguments, 0), len(Units(text))
    position = length + position if position < 0 else position
    return unit_at(text, int(position)) if 0 <= position < length else UNDEFINED


def _char_at(text: str, arguments: Arguments) -> str:
    units, position = Units(text), integer_argument(arguments, 0)
    return units.cut(int(position), int(position) + 1) if 0 <= position < len(units) else ""


def _index_of(text: str, arguments: Arguments) -> int:
    units = Units(text)
    return units.find(text_argument(arguments, 0), clamped(integer_argument(arguments, 1), len(units)))


def _includes(text: str, arguments: Arguments) -> bool:
    return _index_of(text, arguments) >= 0


def _starts_with(text: str, arguments: Arguments) -> bool:
    units = Units(text)
    return units.cut(clamped(integer_argument(arguments, 1), len(units)), len(units)).startswith(
        text_argument(arguments, 0)
    )


def _ends_with(text: str, arguments: Arguments) -> bool:
    units = Units(text)
    return units.cut(0, clamped(integer_argument(arguments, 1, len(units)), len(units))).endswith(
        text_argument(arguments, 0)
    )


def _concat(text: str, arguments: Arguments) -> str:
    for index in range(len(arguments)):
        text = concatenate(text, text_argument(arguments, index))
    return text


def _repeat(text: str, arguments: Arguments) -> str:
    count = integer_argument(arguments, 0)
    if count < 0 or math.isinf(count):
        raise JsError(f"Invalid count value: {count}")
    check_size(len(text) * int(count))
    return pair_surrogates(text * int(count))


def _padding(text: str, arguments: Arguments) -> str:
    fill = Units(" " if argument(arguments, 1) is UNDEFINED else text_argument(arguments, 1))
    missing = integer_argument(arguments, 0) - len(Units(text))
    if missing <= 0 or not len(fill):
        return ""
    check_size(int(min(missing, 1e9)))
    repeats, rest = divmod(int(missing), len(fill))
    return fill.cut(0, len(fill)) * repeats + fill.cut(0, rest)


def _split(text: str, arguments: Arguments) -> list[object]:
    # The limit is ToUint32: only plain whole numbers have a meaning that people know.
    limit_given = argument(arguments, 1)
    limit = 2**32 - 1 if limit_given is UNDEFINED else int(_finite(to_integer(to_number(limit_given)))) % 2**32
    if argument(arguments, 0) is UNDEFINED:
        return [text] if limit else []
    separator = text_argument(arguments, 0)
    if separator:
        plain = _splits_plainly(text, separator)
        return list[object]((text.split(separator) if plain else _split_units(text, separator))[:limit])
    units = Units(text)
    return [units.cut(index, index + 1) for index in range(min(len(units), limit))]


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0


def _splits_plainly(text: str, separator: str) -> bool:
    """Whether characters and units split alike: half a character can only be cut off by half a character."""
    return text.isascii() or not re.search("[\ud800-\udfff]", separator)


def _split_units(text: str, separator: str) -> list[str]:
    units, start = Units(text), 0
    parts: list[str] = []
    step = len(Units(separator))
    while (found := units.find(separator, start)) >= 0:
        parts.append(units.cut(start, found))
        start = found + step
    return [*parts, units.cut(start, len(units))]


def _replace(text: str, arguments: Arguments) -> str:
    wanted, replacement = text_argument(arguments, 0), text_argument(arguments, 1)
    units = Units(text)
    found = units.find(wanted, 0)
    if found < 0:
        return text
    before, after = units.cut(0, found), units.cut(found + len(Units(wanted)), len(units))
    return _joined([before, _expand(replacement, wanted, before, after), after])


def _replace_all(text: str, arguments: Arguments) -> str:
    wanted, replacement = text_argument(arguments, 0), text_argument(arguments, 1)
    units, step, pieces = Units(text), len(Units(wanted)), []
    position, size, found = 0, 0, units.find(wanted, 0)
    around = "$`" in replacement or "$'" in replacement
    while found >= 0:
        end = found + step
        before, after = (units.cut(0, found), units.cut(end, len(units))) if around else ("", "")
        pieces += [units.cut(position, found), _expand(replacement, wanted, before, after)]
        size += len(pieces[-1])
        check_size(size)
        position = end
        found = units.find(wanted, max(end, found + 1)) if found < len(units) else -1
    return _joined([*pieces, units.cut(position, len(units))])


def _expand(replacement: str, wanted: str, before: str, after: str) -> str:
    """The replacement with JavaScript's $$, $&, $` and $' filled in."""
    if "$" not in replacement:
        return replacement
    check_size(len(replacement) * max(len(wanted), len(before), len(after), 1))
    meanings = {"$$": "$", "$&": wanted, "$`": before, "$'": after}
    return re.sub(r"\$[$&`']", lambda found: meanings[found[0]], replacement)


def _joined(pieces: list[str]) -> str:
    check_size(sum(map(len, pieces)))
    return pair_surrogates("".join(pieces))


TEXT_METHODS: Mapping[str, TextMethod] = {
    "at": _at,
    "charAt": _char_at,
    "concat": _concat,
    "endsWith": _ends_with,
    "includes": _includes,
    "indexOf": _index_of,
    "padEnd": lambda text, arguments: concatenate(text, _padding(text, arguments)),
    "padStart": lambda text, arguments: concatenate(_padding(text, arguments), text),
    "repeat": _repeat,
    "replace": _replace,
    "replaceAll": _replace_all,
    "slice": _slice,
    "split": _split,
    "startsWith": _starts_with,
    "substring": _substring,
    "toLowerCase": lambda text, _: text.lower(),
    "toString": lambda text, _: text,
    "toUpperCase": lambda text, _: text.upper(),
    "trim": lambda text, _: text.strip(SPACES),
    "trimEnd": lambda text, _: text.rstrip(SPACES),
    "trimStart": lambda text, _: text.lstrip(SPACES),
}
