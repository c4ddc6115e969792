"""The functions called by name: conversions, tests of type, Object, Array, JSON, and n8n's $if and its like."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from towpath.expr.methods.arguments import Arguments, Function, argument, number_argument, text_argument
from towpath.expr.methods.mathematics import MATH, highest, lowest
from towpath.expr.methods.stringify import stringify
from towpath.expr.numbers import NAN, SPACES, decimal_to_number, plain_number
from towpath.expr.properties import Units
from towpath.expr.values import (
    UNDEFINED,
    DeclinedError,
    JsError,
    OwnError,
    ordered_keys,
    to_number,
    to_text,
    truthy,
)

_FLOAT = re.compile(r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _number(arguments: Arguments) -> object:
    return plain_number(to_number(arguments[0])) if arguments else 0


def _string(arguments: Arguments) -> object:
    return to_text(arguments[0]) if arguments else ""


def _boolean(arguments: Arguments) -> object:
    return truthy(argument(arguments, 0))


def parse_float(arguments: Arguments) -> float:
    """parseFloat: the number that the text begins with."""
    found = _FLOAT.match(text_argument(arguments, 0).lstrip(SPACES))
    if found is None:
        return NAN
    if found[0].endswith("Infinity"):
        return -math.inf if found[0].startswith("-") else math.inf
    return decimal_to_number(found[0])


def parse_int(arguments: Arguments) -> float:
    """parseInt: the whole number that the text begins with, in a radix."""
    text = text_argument(arguments, 0).lstrip(SPACES)
    sign = -1 if text.startswith("-") else 1
    text = text[1:] if text.startswith(("+", "-")) else text
    radix = _radix(number_argument(arguments, 1))
    if radix in (0, 16) and text[:2] in ("0x", "0X"):
        text, radix = text[2:], 16
    radix = radix or 10
    if not 2 <= radix <= 36:
        return NAN
    digits = re.match(f"[{_DIGITS[:radix]}]*", text, re.IGNORECASE | re.ASCII)
    if digits is None or not digits[0]:
        return NAN
    return _signed_integer(sign, digits[0], radix)


def _radix(value: float) -> int:
    """ToInt32 (ECMA-262, 7.1.6)."""
    if not math.isfinite(value):
        return 0
    low = int(value) % 2**32
    return low - 2**32 if low >= 2**31 else low


def _signed_integer(sign: int, digits: str, radix: int) -> float:
    if len(digits) > 4000:
        raise DeclinedError("a number of thousands of digits")
    value = int(digits, radix)
    if not value and sign < 0:
        return -0.0
    if value > 2**53 and radix not in (2, 4, 8, 10, 16, 32):
        raise DeclinedError("a large number in an odd radix, which engines may round differently")
    return plain_number(sign * value)


def _is_nan(arguments: Arguments) -> object:
    return math.isnan(number_argument(arguments, 0))


def _is_finite(arguments: Arguments) -> object:
    return math.isfinite(plain_number(number_argument(arguments, 0)))


def is_integer(arguments: Arguments) -> bool:
    """Number.isInteger."""
    value = argument(arguments, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or value.is_integer()


def entries(arguments: Arguments) -> list[tuple[str, object]]:
    """The own enumerable properties of a value, in JavaScript's order."""
    value = argument(arguments, 0)
    if value is None or value is UNDEFINED:
        raise JsError("Cannot convert undefined or null to object")
    if isinstance(value, Mapping):
        return [(key, value[key]) for key in ordered_keys(value)]
    if isinstance(value, str):
        units = Units(value)
        return [(str(index), units.cut(index, index + 1)) for index in range(len(units))]
    return [(str(index), part) for index, part in enumerate(value)] if isinstance(value, list | tuple) else []


def _if(arguments: Arguments) -> object:
    if len(arguments) < 2:
        raise OwnError("$if() needs a test and a value")
    if truthy(arguments[0]):
        return arguments[1]
    return arguments[2] if len(arguments) > 2 else False


def _if_empty(arguments: Arguments) -> object:
    if len(arguments) != 2:
        raise OwnError("$ifEmpty() needs a value and what to take where it is empty")
    value, default = arguments
    is_empty = value is None or value is UNDEFINED or value == "" or value in ([], (), {})
    return default if is_empty else value


FUNCTIONS: Mapping[str, Function] = {
    "$if": _if,
    "$ifEmpty": _if_empty,
    "$max": highest,
    "$min": lowest,
    "Boolean": _boolean,
    "Number": _number,
    "String": _string,
    "isFinite": _is_finite,
    "isNaN": _is_nan,
    "parseFloat": parse_float,
    "parseInt": parse_int,
}

NAMESPACES: Mapping[str, Mapping[str, Function]] = {
    "Array": {"isArray": lambda arguments: isinstance(argument(arguments, 0), list | tuple)},
    "JSON": {"stringify": stringify},
    "Math": MATH,
    "Number": {"isInteger": is_integer, "parseFloat": parse_float, "parseInt": parse_int},
    "Object": {
        "entries": lambda arguments: [list(entry) for entry in entries(arguments)],
        "keys": lambda arguments: [key for key, _ in entries(arguments)],
        "values": lambda arguments: [value for _, value in entries(arguments)],
    },
}
