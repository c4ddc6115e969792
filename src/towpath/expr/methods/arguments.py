"""How methods read their arguments: missing ones are undefined, positions are clamped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from towpath.expr.numbers import to_integer
from towpath.expr.values import UNDEFINED, to_number, to_text

Arguments: TypeAlias = Sequence[object]
Function: TypeAlias = Callable[[Arguments], object]


def argument(arguments: Arguments, index: int) -> object:
    """The argument, or undefined."""
    return arguments[index] if index < len(arguments) else UNDEFINED


def text_argument(arguments: Arguments, index: int) -> str:
    """The argument as text."""
    return to_text(argument(arguments, index))


def number_argument(arguments: Arguments, index: int) -> float:
    """The argument as a number."""
    return to_number(argument(arguments, index))


def integer_argument(arguments: Arguments, index: int, default: float = 0) -> float:
    """The argument as a whole number or infinity; ``default`` when it is undefined."""
    value = argument(arguments, index)
    return default if value is UNDEFINED else to_integer(to_number(value))


def clamped(position: float, length: int) -> int:
    """The position within 0 and length."""
    return int(min(max(position, 0), length))


def relative(position: float, length: int) -> int:
    """A position that counts from the end when negative, within 0 and length."""
    return int(max(length + position, 0)) if position < 0 else int(min(position, length))
