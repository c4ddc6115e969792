"""Durations as people write them: ``90``, ``"15 min"``, ``"2h 30m"``, ``"3 days"``, ``"PT4H"``; kept as seconds."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from towpath.errors import InputError
from towpath.model.written import written

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS = {
    "ms": "ms", "millisecond": "ms", "s": "s", "sec": "s", "second": "s", "m": "m", "min": "m", "minute": "m",
    "h": "h", "hr": "h", "hour": "h", "d": "d", "day": "d", "w": "w", "week": "w",
}  # fmt: skip
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*,?")
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)


def parse_duration(value: object) -> float:
    """Seconds of a duration; a plain number is seconds. Raises InputError ``duration.invalid``."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    if isinstance(value, str):
        seconds = _parse_text(value.strip().lower())
        if seconds is not None:
            return seconds
    raise InputError(
        f"{value!r} is not a duration",
        code="duration.invalid",
        hint="Write seconds, or amounts with units such as '15 min', '2h 30m', '3 days', 'PT4H'.",
        params={"value": str(value)},
    )


def format_duration(seconds: float) -> str:
    """The shortest exact text in w, d, h, m, s, ms: ``5400`` is ``1h 30m``."""
    parts = []
    rest = round(seconds * 1000)
    for unit in ("w", "d", "h", "m", "s", "ms"):
        size = round(UNITS[unit] * 1000)
        if rest >= size:
            parts.append(f"{rest // size}{unit}")
            rest %= size
    return " ".join(parts) or "0s"


def _parse_text(text: str) -> float | None:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        return sum(float(n) * UNITS[u] for n, u in zip(iso.groups(), ("w", "d", "h", "m", "s"), strict=True) if n)
    total, position = 0.0, 0
    while position < len(text):
        part = _PART.match(text, position)
        unit = part and (_WORDS.get(part[2]) or _WORDS.get(part[2].removesuffix("s")))
        if not part or not unit:
            return None
        total += float(part[1]) * UNITS[unit]
        position = part.end()
    return total if position else None


Duration = Annotated[
    float,
    BeforeValidator(written(parse_duration), json_schema_input_type=float | str),
    Field(ge=0, description="Seconds, or text such as '15 min', '2h 30m', '3 days'."),
]
