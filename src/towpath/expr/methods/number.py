"""The methods of numbers and of true and false."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeAlias

from towpath.expr.methods.arguments import Arguments, argument, integer_argument
from towpath.expr.numbers import SAFE, number_to_text, plain_number, to_double
from towpath.expr.values import UNDEFINED, DeclinedError, JsError, to_text

NumberMethod: TypeAlias = Callable[[float, Arguments], object]
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_EXACT = Context(prec=130, rounding=ROUND_HALF_UP)  # 21 digits before the point and 100 behind it


def _to_fixed(value: float, arguments: Arguments) -> str:
    places = integer_argument(arguments, 0)
    if not 0 <= places <= 100:
        raise JsError("toFixed() digits argument must be between 0 and 100")
    number = to_double(value)
    if not math.isfinite(number) or abs(number) >= 1e21:
        return number_to_text(number)
    # JavaScript rounds the exact value of the double, halves away from zero; Decimal(float) is that exact value.
    rounded = Decimal(abs(number)).quantize(Decimal(1).scaleb(-int(places)), context=_EXACT)
    return ("-" if number < 0 else "") + format(rounded, "f")


def _to_string(value: float, arguments: Arguments) -> str:
    radix = 10 if argument(arguments, 0) is UNDEFINED else integer_argument(arguments, 0)
    if not 2 <= radix <= 36:
        raise JsError("toString() radix must be between 2 and 36")
    value = plain_number(value)
    if radix == 10 or not math.isfinite(value):
        return number_to_text(value)
    if value != int(value) or abs(value) > SAFE:
        raise DeclinedError("a fraction in another radix")
    return ("-" if value < 0 else "") + _in_radix(abs(int(value)), int(radix))


def _in_radix(value: int, radix: int) -> str:
    digits = ""
    while value or not digits:
        value, digit = divmod(value, radix)
        digits = _DIGITS[digit] + digits
    return digits


NUMBER_METHODS: Mapping[str, NumberMethod] = {
    "toFixed": _to_fixed,
    "toString": _to_string,
}

CHECKBOX_METHODS: Mapping[str, Callable[[bool, Arguments], object]] = {
    "toString": lambda value, _: to_text(value),
}
