"""The methods of arrays that leave their array as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from towpath.expr.methods.arguments import Arguments, argument, integer_argument, relative, text_argument
from towpath.expr.values import UNDEFINED, join, strictly_equal

Array: TypeAlias = list[object]
ArrayMethod: TypeAlias = Callable[[Array, Arguments], object]


def _at(array: Array, arguments: Arguments) -> object:
    position = integer_argument(arguments, 0)
    position = len(array) + position if position < 0 else position
    return array[int(position)] if 0 <= position < len(array) else UNDEFINED


def _concat(array: Array, arguments: Arguments) -> Array:
    joined = list(array)
    for value in arguments:
        joined.extend(value if isinstance(value, list | tuple) else [value])
    return joined


def _includes(array: Array, arguments: Arguments) -> bool:
    wanted = argument(arguments, 0)
    start = relative(integer_argument(arguments, 1), len(array))
    return any(_same_value_zero(value, wanted) for value in array[start:])


def _same_value_zero(left: object, right: object) -> bool:
    """=== except that NaN is found."""
    return strictly_equal(left, right) or (_is_nan(left) and _is_nan(right))


def _is_nan(value: object) -> bool:
    return type(value) is float and value != value


def _index_of(array: Array, arguments: Arguments) -> int:
    wanted = argument(arguments, 0)
    for index in range(relative(integer_argument(arguments, 1), len(array)), len(array)):
        if strictly_equal(array[index], wanted):
            return index
    return -1


def _join(array: Array, arguments: Arguments) -> str:
    return join(array, "," if argument(arguments, 0) is UNDEFINED else text_argument(arguments, 0))


def _slice(array: Array, arguments: Arguments) -> Array:
    start = relative(integer_argument(arguments, 0), len(array))
    return list(array[start : relative(integer_argument(arguments, 1, len(array)), len(array))])


ARRAY_METHODS: Mapping[str, ArrayMethod] = {
    "at": _at,
    "concat": _concat,
    "includes": _includes,
    "indexOf": _index_of,
    "join": _join,
    # It reverses in place: the compiler only lets it be called on an array that the expression itself made.
    "reverse": lambda array, _: array[::-1],
    "slice": _slice,
    "toString": lambda array, _: join(array, ","),
}
