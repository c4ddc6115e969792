"""JSON values kept as they are."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from towpath.crm.values.bad import BadValue, wrong_type
from towpath.crm.values.text import check_characters

DEPTH_LIMIT = 64
NUMBER_LIMIT = 2**63  # whole numbers beyond it are not read back as such by every store


def json_value(value: Any) -> Any:
    """A JSON value of lists and objects no deeper than DEPTH_LIMIT."""
    _check(value, 0)
    return value


def _check(value: Any, depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise BadValue("schema.too_deep", f"nested deeper than {DEPTH_LIMIT} levels")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise wrong_type("JSON", "The keys of an object are texts.")
            check_characters(key)
            _check(part, depth + 1)
    elif isinstance(value, list | tuple):
        for part in value:
            _check(part, depth + 1)
    else:
        _check_plain(value)


def _check_plain(value: Any) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        check_characters(value)
    elif isinstance(value, int):
        if abs(value) >= NUMBER_LIMIT:
            raise BadValue("schema.out_of_range", "too large for JSON")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise BadValue("schema.out_of_range", "not a finite number")
    else:
        hint = "Write dates as text." if isinstance(value, date) else None
        raise wrong_type("a JSON value", hint)
