"""Numbers, whole numbers and money. Money is rounded half to even on its decimal digits."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from towpath.crm.values.bad import BadValue, Check, wrong_type

INTEGER_LIMIT = 2**63 - 1
_HINT = "Write digits with a point, without thousands separators, like 1234.5."


def number() -> Check:
    """A number, kept as a float: a store gives back exactly what was checked."""

    def check(value: Any) -> float | None:
        if value.__class__ is float:
            return _finite(value)
        if value.__class__ is int:
            return _float(value)
        if isinstance(value, str):
            return _finite(_float(value)) if value.strip() else None
        raise wrong_type("a number", _HINT)

    return check


def integer() -> Check:
    """A whole number of at most 64 bits."""

    def check(value: Any) -> int | None:
        if value.__class__ is not int:
            if isinstance(value, str) and not value.strip():
                return None
            value = _whole(value)
        if -INTEGER_LIMIT <= value <= INTEGER_LIMIT:
            return value  # type: ignore[no-any-return]
        raise BadValue("schema.out_of_range", "too large for a whole number of 64 bits")

    return check


def money(scale: int) -> Check:
    """An amount with ``scale`` decimal places."""
    unit = Decimal(1).scaleb(-scale)

    def check(value: Any) -> float | None:
        if isinstance(value, str) and not value.strip():
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise wrong_type("an amount of money", _HINT)
        if value.__class__ is float and round(value, scale) == value:
            return _finite(value)
        try:
            # repr gives the digits that people mean: the float 2.675 is 2.675, not 2.67499999...
            return _finite(float(Decimal(str(value).strip()).quantize(unit, ROUND_HALF_EVEN)))
        except (InvalidOperation, ValueError, OverflowError):
            raise wrong_type("an amount of money", _HINT) from None

    return check


def _float(value: float | str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise BadValue("schema.out_of_range", "too large") from None
    except ValueError:
        raise wrong_type("a number", _HINT) from None


def _finite(value: float) -> float:
    if math.isfinite(value):
        return value
    raise BadValue("schema.out_of_range", "not a finite number", "Leave the field empty when the value is unknown.")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong_type("a whole number", _HINT)
    if isinstance(value, str) and (digits := value.strip().lstrip("+-")).isdecimal() and len(digits) <= 19:
        return int(value)
    number = _finite(_float(value))
    if not number.is_integer():
        raise BadValue("schema.wrong_type", "not a whole number", "Round it, or use a number field.")
    return int(number)
