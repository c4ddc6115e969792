"""Turns JavaScript's values into JSON as they leave an expression."""

from __future__ import annotations

import math
from collections.abc import Mapping

from towpath.expr.numbers import ZERO_BY_ZERO, whole
from towpath.expr.values import UNDEFINED, DeclinedError, well_formed

AS_THEY_ARE = frozenset({bool, int, type(None)})  # the types whose values are JSON already


def leave(value: object) -> object:
    """The value as JSON: undefined, NaN and infinities become None, whole numbers int; nested values too."""
    if isinstance(value, str):
        return value if value.isascii() else well_formed(value)
    if isinstance(value, float):
        return leave_number(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {_text(key): leave(part) for key, part in value.items() if part is not UNDEFINED}
    if isinstance(value, list | tuple):
        return [leave(part) for part in value]
    if value is UNDEFINED:
        return None
    raise DeclinedError(f"a {type(value).__name__} is not JSON")


def leave_number(value: float) -> float | None:
    """The number as JSON: -0 becomes 0."""
    if value % 1 > 0:  # a fraction, as most numbers are that are no ints; false for NaN and infinities
        return value
    if not math.isfinite(value):
        return None
    return whole(value) if value else 0


def is_division_by_zero(value: float) -> bool:
    """Whether it is what a division by zero gives: an infinity, or the NaN of 0 / 0 itself."""
    return value is ZERO_BY_ZERO or math.isinf(value)


def _text(key: str) -> str:
    return key if key.isascii() else well_formed(key)
