"""JavaScript's values and conversions over Python data.

None is null, UNDEFINED is undefined, int and float are number, dict is object, list is array.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from towpath.expr.numbers import number_to_text, plain_number, text_to_number

MAX_TEXT = 10_000_000  # characters; longer results are declined, not built


class JsError(Exception):
    """What JavaScript would throw; the expression as a whole becomes undefined."""


class OwnError(JsError):
    """What is an error of the expression itself: it is not swallowed, the item fails with it."""

    def __init__(self, message: str, code: str = "expression.failed") -> None:
        super().__init__(message)
        self.code = code


class DeclinedError(Exception):
    """The exact JavaScript answer is not known here; a sandbox would have to say."""


FAILURES = (JsError, DeclinedError, RecursionError)  # whatever ends an evaluation without a value


class Undefined:
    """The type of UNDEFINED, which is false and has one instance."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()


# Types that are looked up first, because asking whether a value is a Mapping is slow.
_PRIMITIVES = frozenset({str, int, float, bool, type(None), Undefined})
NUMBERS = frozenset({int, float})


def is_object(value: object) -> bool:
    """Whether it is an object or array to JavaScript."""
    return type(value) not in _PRIMITIVES and isinstance(value, (dict, list, tuple, Mapping))


def truthy(value: object) -> bool:
    """JavaScript's ToBoolean: objects and arrays are true even when empty, NaN is false."""
    kind = type(value)
    if kind is bool:
        return value is True
    if kind is dict or kind is list:
        return True
    if kind is float:
        return value == value and value != 0
    return bool(value) or is_object(value)


def to_text(value: object) -> str:
    """JavaScript's ToString."""
    kind = type(value)
    if isinstance(value, str):
        return value
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_to_text(value)
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    return object_to_text(value)


def object_to_text(value: object) -> str:
    """The text of an array or object, as ToPrimitive gives it."""
    if isinstance(value, (list, tuple)):
        return join(value, ",")
    if not isinstance(value, Mapping):
        raise DeclinedError(f"a {type(value).__name__} is not JSON")
    if "toString" in value:
        raise JsError("Cannot convert object to primitive value")
    return "[object Object]"


def join(values: Iterable[object], separator: str) -> str:
    """Array.prototype.join: null and undefined are empty."""
    texts = ["" if value is None or value is UNDEFINED else to_text(value) for value in values]
    check_size(sum(map(len, texts)) + len(separator) * len(texts))
    joined = separator.join(texts)
    return joined if joined.isascii() else pair_surrogates(joined)


def to_primitive(value: object) -> object:
    """The value, or the text of an object or array."""
    return object_to_text(value) if is_object(value) else value


def to_number(value: object) -> float:
    """JavaScript's ToNumber; NaN where there is none."""
    if isinstance(value, (int, float)):
        return int(value) if value is True or value is False else value
    if value is None:
        return 0
    if value is UNDEFINED:
        return float("nan")
    return text_to_number(value if isinstance(value, str) else object_to_text(value))


def type_of(value: object) -> str:
    """JavaScript's typeof."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "object"


def strictly_equal(left: object, right: object) -> bool:
    """JavaScript's ===: objects by identity, numbers by value."""
    kind = type(left)
    if kind is str or kind is bool:
        return type(right) is kind and left == right
    if kind is int or kind is float:
        return (type(right) is int or type(right) is float) and _as_double(left) == _as_double(right)
    return left is right


def loosely_equal(left: object, right: object) -> bool:
    """JavaScript's ==."""
    if left is None or left is UNDEFINED:
        return right is None or right is UNDEFINED
    if right is None or right is UNDEFINED:
        return False
    if type_of(left) == type_of(right):
        return strictly_equal(left, right)
    left, right = to_primitive(left), to_primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return _as_double(to_number(left)) == _as_double(to_number(right))


def _as_double(value: object) -> object:
    # Beyond 2**53 two Python ints may differ although they are one number to JavaScript.
    return plain_number(value) if type(value) is int else value


def less(left: object, right: object) -> bool:
    """JavaScript's <."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return plain_number(left) < plain_number(right)  # type: ignore[arg-type] # they are
    first, second = _comparable(left, right)
    return bool(first < second)


def at_most(left: object, right: object) -> bool:
    """JavaScript's <=; false with NaN on either side."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return plain_number(left) <= plain_number(right)  # type: ignore[arg-type] # they are
    first, second = _comparable(left, right)
    return bool(first <= second)


def more(left: object, right: object) -> bool:
    """JavaScript's >."""
    return less(right, left)


def at_least(left: object, right: object) -> bool:
    """JavaScript's >=."""
    return at_most(right, left)


def _comparable(left: object, right: object) -> tuple[Any, Any]:
    """Two texts or two numbers that are ordered in Python as these values are in JavaScript."""
    left, right = to_primitive(left), to_primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return (units_key(left), units_key(right)) if needs_units(left, right) else (left, right)
    return plain_number(to_number(left)), plain_number(to_number(right))


def needs_units(left: str, right: str) -> bool:
    """Whether the order of UTF-16 units may differ from that of characters."""
    return not (left.isascii() or right.isascii())


def units_key(text: str) -> bytes:
    """A key that orders as the UTF-16 units of the text do."""
    return text.encode("utf-16-be", "surrogatepass")


_SURROGATE = re.compile("[\ud800-\udfff]")


def pair_surrogates(text: str) -> str:
    """The text with neighbouring surrogate halves joined to the character that they mean."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def well_formed(text: str) -> str:
    """The text as it can be stored: a lone surrogate half becomes U+FFFD, as when JavaScript writes UTF-8."""
    return _SURROGATE.sub("\ufffd", pair_surrogates(text))


def check_size(characters: int) -> None:
    """Decline to build texts that are too long to be meant."""
    if characters > MAX_TEXT:
        raise DeclinedError(f"a text of more than {MAX_TEXT} characters")


def ordered_keys(value: Mapping[str, object]) -> list[str]:
    """The keys in JavaScript's order: array indexes ascending, then the others as they were added."""
    keys = list(value)
    if not any(key[:1].isdigit() for key in keys):
        return keys
    indexes = sorted((key for key in keys if is_index(key)), key=int)
    return indexes + [key for key in keys if not is_index(key)] if indexes else keys


_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def is_index(key: str) -> bool:
    """Whether the key is an array index to JavaScript: 0 to 2**32 - 2, written plainly."""
    return _INDEX.fullmatch(key) is not None and int(key) < 2**32 - 1
