"""The functions of Math, and the ``$min`` and ``$max`` that are the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from towpath.expr.methods.arguments import Arguments, Function, number_argument
from towpath.expr.numbers import NAN, plain_number, power, to_double, whole
from towpath.expr.values import to_number


def _of_one(function: Callable[[float], float]) -> Function:
    """A function of one number; NaN and infinities are answered here where the function keeps them."""

    def call(arguments: Arguments) -> object:
        value = to_double(plain_number(number_argument(arguments, 0)))
        return whole(function(value) if math.isfinite(value) else value)

    return call


def _signed(result: float, value: float) -> float:
    """The result with the sign of the value, as in Math.round(-0.2), which is -0."""
    return math.copysign(result, value)


def _round(value: float) -> float:
    below = math.floor(value)
    return _signed(below if value - below < 0.5 else below + 1, value)


def _sign(arguments: Arguments) -> object:
    value = to_double(number_argument(arguments, 0))
    return whole(value if value == 0 or math.isnan(value) else math.copysign(1, value))


def _sqrt(arguments: Arguments) -> object:
    value = to_double(number_argument(arguments, 0))
    return NAN if value < 0 or math.isnan(value) else whole(math.sqrt(value))


def _abs(arguments: Arguments) -> object:
    return whole(abs(to_double(plain_number(number_argument(arguments, 0)))))


def _power(arguments: Arguments) -> object:
    return power(number_argument(arguments, 0), number_argument(arguments, 1))


def highest(arguments: Arguments) -> object:
    """Math.max: -Infinity of nothing, NaN if any is NaN, 0 above -0."""
    numbers = [to_double(to_number(value)) for value in arguments]
    if any(map(math.isnan, numbers)):
        return NAN
    return whole(max(numbers, key=_with_zero_sign, default=-math.inf))


def lowest(arguments: Arguments) -> object:
    """Math.min: Infinity of nothing, NaN if any is NaN, -0 below 0."""
    numbers = [to_double(to_number(value)) for value in arguments]
    if any(map(math.isnan, numbers)):
        return NAN
    return whole(min(numbers, key=_with_zero_sign, default=math.inf))


def _with_zero_sign(value: float) -> tuple[float, float]:
    return value, math.copysign(1, value)


MATH: Mapping[str, Function] = {
    "abs": _abs,
    "ceil": _of_one(lambda value: _signed(math.ceil(value), value)),
    "floor": _of_one(lambda value: _signed(math.floor(value), value)),
    "max": highest,
    "min": lowest,
    "pow": _power,
    "round": _of_one(_round),
    "sign": _sign,
    "sqrt": _sqrt,
    "trunc": _of_one(lambda value: _signed(math.trunc(value), value)),
}

MATH_CONSTANTS: Mapping[str, float] = {"E": math.e, "PI": math.pi}
