"""JavaScript's operators as functions of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from towpath.expr import numbers
from towpath.expr.values import (
    NUMBERS,
    at_least,
    at_most,
    check_size,
    less,
    loosely_equal,
    more,
    pair_surrogates,
    strictly_equal,
    to_number,
    to_primitive,
    to_text,
    truthy,
    type_of,
)


def plus(left: object, right: object) -> object:
    """JavaScript's +: joins when either side is text after ToPrimitive, else adds."""
    if type(left) is str and type(right) is str:
        return concatenate(left, right)
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return numbers.add(left, right)  # type: ignore[arg-type] # they are
    if type(left) is str and type(right) in NUMBERS:
        return concatenate(left, to_text(right))
    left, right = to_primitive(left), to_primitive(right)
    if isinstance(left, str) or isinstance(right, str):
        return concatenate(to_text(left), to_text(right))
    return numbers.add(to_number(left), to_number(right))


def concatenate(left: str, right: str) -> str:
    """Two texts as one; halves of a surrogate pair that meet become its character."""
    joined = left + right
    if not joined.isascii() and left and "\ud800" <= left[-1] <= "\udbff":
        joined = pair_surrogates(joined)
    check_size(len(joined))
    return joined


def _arithmetic(operation: Callable[[float, float], float]) -> Callable[[object, object], object]:
    def calculate(left: object, right: object) -> object:
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return operation(left, right)  # type: ignore[arg-type] # they are
        return operation(to_number(left), to_number(right))

    return calculate


BINARY: Mapping[str, Callable[[object, object], object]] = {
    "+": plus,
    "-": _arithmetic(numbers.subtract),
    "*": _arithmetic(numbers.multiply),
    "/": _arithmetic(numbers.divide),
    "%": _arithmetic(numbers.remainder),
    "**": _arithmetic(numbers.power),
    "===": strictly_equal,
    "!==": lambda left, right: not strictly_equal(left, right),
    "==": loosely_equal,
    "!=": lambda left, right: not loosely_equal(left, right),
    "<": less,
    "<=": at_most,
    ">": more,
    ">=": at_least,
}

UNARY: Mapping[str, Callable[[object], object]] = {
    "!": lambda value: not truthy(value),
    "-": lambda value: numbers.negate(to_number(value)),
    "+": to_number,
    "typeof": type_of,
}
