"""JavaScript's numbers: doubles that stay Python ints while they are whole and exact."""

from __future__ import annotations

import math
import re

SAFE = 2**53  # every whole number up to here is exact as a double
NAN = math.nan
ZERO_BY_ZERO = float("nan")  # known by its identity from the NaN of a missing value
SPACES = "".join([" \t\n\v\f\r\u00a0\u1680", *map(chr, range(0x2000, 0x200B)), "\u2028\u2029\u202f\u205f\u3000\ufeff"])

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_RADIX = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")


def plain_number(value: float) -> float:
    """The value as a double: exact ints stay ints, larger ones are rounded as JavaScript rounds them."""
    return to_double(value) if type(value) is int and not -SAFE <= value <= SAFE else value


def to_double(value: float) -> float:
    """The nearest double; infinity when it is out of range."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def number_to_text(value: float) -> str:
    """Number.prototype.toString in base ten."""
    value = plain_number(value)
    if isinstance(value, int):
        return str(int(value))
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    exact = whole(value) if value else 0
    return str(exact) if type(exact) is int else _layout(value)


def _layout(value: float) -> str:
    """The shortest digits that give the number back, laid out by JavaScript's rules."""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + power


def text_to_number(text: str) -> float:
    """JavaScript's Number(text): NaN unless the whole text is a number; empty text is 0."""
    text = text.strip(SPACES)
    if not text:
        return 0
    if _DECIMAL.fullmatch(text):
        return decimal_to_number(text)
    if _RADIX.fullmatch(text):
        return plain_number(int(text, 0))
    return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, NAN)


def decimal_to_number(text: str) -> float:
    """The number that a decimal literal means, an int where it is whole and exact."""
    return whole(float(text))


def whole(value: float) -> float:
    """The int of a whole, exact double; -0, fractions, NaN and large numbers stay floats."""
    if value % 1 > 0:  # a fraction; false for NaN and infinities
        return value
    if -SAFE <= value <= SAFE and value == (number := int(value)) and (number or math.copysign(1, value) > 0):
        return number
    return value


def add(left: float, right: float) -> float:
    """JavaScript's + on numbers."""
    if type(left) is int and type(right) is int:
        total = left + right
        if -SAFE <= left <= SAFE and -SAFE <= right <= SAFE and -SAFE <= total <= SAFE:
            return total
        return plain_number(plain_number(left) + plain_number(right))
    return to_double(left) + to_double(right)


def subtract(left: float, right: float) -> float:
    """JavaScript's - on numbers."""
    if type(left) is int and type(right) is int:
        return plain_number(plain_number(left) - plain_number(right))
    return to_double(left) - to_double(right)


def multiply(left: float, right: float) -> float:
    """JavaScript's *; an int zero cannot be negative, so a negative zero becomes a float."""
    if type(left) is int and type(right) is int:
        product = plain_number(left) * plain_number(right)
        if product:
            return plain_number(product)
    return whole(to_double(left) * to_double(right))


def divide(left: float, right: float) -> float:
    """JavaScript's /: by zero gives an infinity or NaN."""
    dividend, divisor = to_double(left), to_double(right)
    if divisor:
        return whole(dividend / divisor)
    if dividend == 0:
        return ZERO_BY_ZERO
    if math.isnan(dividend):
        return NAN
    return math.copysign(math.inf, dividend) * math.copysign(1, divisor)


def remainder(left: float, right: float) -> float:
    """JavaScript's %: the sign is that of the left side."""
    dividend, divisor = to_double(left), to_double(right)
    if divisor == 0 or math.isinf(dividend) or math.isnan(divisor):
        return NAN
    return whole(math.fmod(dividend, divisor))


def power(left: float, right: float) -> float:
    """JavaScript's **."""
    base, exponent = to_double(left), to_double(right)
    if math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return NAN
    try:
        return whole(math.pow(base, exponent))
    except OverflowError:
        return -math.inf if base < 0 and math.fmod(exponent, 2) else math.inf
    except ValueError:
        return _power_at_edges(base, exponent)


def _power_at_edges(base: float, exponent: float) -> float:
    """Zero to a negative power, or a negative base to a fraction: errors in Python, values in JavaScript."""
    if base:
        return NAN
    negative = math.copysign(1, base) < 0 and abs(math.fmod(exponent, 2)) == 1
    return -math.inf if negative else math.inf


def negate(value: float) -> float:
    """JavaScript's unary minus; 0 becomes -0, which only a float can be."""
    return -plain_number(value) if value else -to_double(value)


def to_integer(value: float) -> float:
    """JavaScript's ToIntegerOrInfinity: towards zero, NaN becomes 0."""
    if isinstance(value, int) or math.isinf(value):
        return value
    return 0 if math.isnan(value) else int(value)
