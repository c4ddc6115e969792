"""From the text of a cell to what a field's check understands: numbers and dates as spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from towpath.model.schema import FieldSchema

Clean = Callable[[str], str]

_DATE = re.compile(r"(\d{1,4})[./\-\s](\d{1,2})[./\-\s](\d{1,4})(.*)", re.DOTALL)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIGNS = re.compile(r"[\s\u00a0\u202f'’$€£¥%]")


@dataclass(frozen=True, slots=True)
class CellForm:
    """How the cells are written. ``blanks`` are texts that mean "no value", as they stand.

    ``dates`` is the order of day, month and year where they are not written as 2026-03-31; ``decimal`` the sign
    before the decimal places.
    """

    blanks: frozenset[str] = frozenset({""})
    dates: Literal["ymd", "dmy", "mdy"] = "ymd"
    decimal: Literal[".", ","] = "."


def cleaner(field: FieldSchema, form: CellForm) -> Clean | None:
    """What to do to a cell of the field before it is checked; None where nothing is."""
    if field.type in ("number", "integer", "money"):
        return lambda text: clean_number(text, form.decimal)
    if field.type in ("date", "datetime"):
        return lambda text: clean_date(text, form.dates)
    return None


def clean_number(text: str, decimal: str = ".") -> str:
    """``$1,234.50`` and ``1.234,50`` as ``1234.50``; text that is no such number stays as it is."""
    plain = _SIGNS.sub("", text)
    thousands = "," if decimal == "." else "."
    pattern = rf"([+-]?\d{{1,3}}(?:\{thousands}\d{{3}})+|[+-]?\d*)(?:\{decimal}(\d*))?"
    match = re.fullmatch(pattern, plain)
    if not match or not any(match.groups()):
        return plain if decimal == "." and thousands not in plain else text
    whole = match[1].replace(thousands, "")
    return f"{whole}.{match[2]}" if match[2] else whole


def clean_date(text: str, order: str) -> str:
    """``31.3.2026`` as ``2026-03-31`` by the order given; what follows the date stays."""
    stripped = text.strip()
    match = None if _ISO_DAY.match(stripped) else _DATE.fullmatch(stripped)
    if not match:
        return text
    parts = dict(zip(order, match.groups()[:3], strict=True))
    if len(parts["y"]) != 4 or len(parts["m"]) > 2 or len(parts["d"]) > 2:
        return text  # of two digits nobody knows the century; the check will say what is wanted
    return f"{parts['y']}-{parts['m']:0>2}-{parts['d']:0>2}{match[4]}"
