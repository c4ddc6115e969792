"""Offsets that know months and days, and local times: how far before or after a date something is due."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from towpath.errors import InputError
from towpath.model.written import written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MONTHS = {"mo": 1, "month": 1, "quarter": 3, "y": 12, "year": 12}
_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7}
_SECONDS = {
    "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600,
}  # fmt: skip
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)[\s,]*")


@dataclass(frozen=True, slots=True)
class Offset:
    """How far from an anchor: months and days on the local calendar, then absolute seconds; negative is before."""

    months: int = 0
    days: int = 0
    seconds: float = 0

    def __str__(self) -> str:
        """The text that ``parse_offset`` reads back to an equal offset."""
        sign = "-" if min(self.months, self.days, self.seconds) < 0 else ""
        amounts = ((abs(self.months), "month"), (abs(self.days), "day"), (abs(self.seconds), "second"))
        parts = [f"{amount:.15g} {unit}{'' if amount == 1 else 's'}" for amount, unit in amounts if amount]
        return sign + (" ".join(parts) or "0")


def parse_offset(value: object) -> Offset:
    """Read ``"-3 days"``, ``"1 month"``, ``"2h 30m before"`` or seconds. Raises InputError ``offset.invalid``."""
    if isinstance(value, Offset):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Offset(seconds=value)
    offset = _parse(value.strip().lower()) if isinstance(value, str) else None
    if offset is None:
        raise InputError(
            f"{value!r} is not an offset",
            code="offset.invalid",
            hint="Write for example '-3 days', '1 month', '2h 30m' or '1 week before'.",
            params={"value": str(value)},
        )
    return offset


def _parse(text: str) -> Offset | None:
    size = _size(text.removeprefix("-").removeprefix("+").removesuffix("before").removesuffix("after").strip())
    if size is None or (text[0] in "+-" and text.endswith(("before", "after"))):
        return None
    negative = text[0] == "-" or text.endswith("before")
    return Offset(-size.months, -size.days, -size.seconds) if negative else size


def _size(text: str) -> Offset | None:
    months, days, seconds, position = 0, 0, 0.0, 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            return None
        amount, unit, position = part[1], part[2], part.end()
        unit = unit if unit in _SECONDS else unit.removesuffix("s")
        if unit in _SECONDS or not unit:
            seconds += float(amount) * _SECONDS.get(unit, 1)
        elif "." not in amount and (unit in _MONTHS or unit in _DAYS):
            months += int(amount) * _MONTHS.get(unit, 0)
            days += int(amount) * _DAYS.get(unit, 0)
        else:
            return None
    return Offset(months, days, seconds) if position else None


def shift(moment: datetime, offset: Offset, zone: tzinfo) -> datetime:
    """The moment moved by the offset: months and days keep the local time of day, seconds are absolute.

    A day that the month lacks becomes its last; a local time that a clock change skips moves behind the gap.
    OverflowError or ValueError beyond the years 1 to 9999.
    """
    if offset.months or offset.days:
        local = moment.astimezone(zone).replace(tzinfo=None)
        year, month = divmod(local.year * 12 + local.month - 1 + offset.months, 12)
        last = monthrange(year, month + 1)[1]
        local = local.replace(year=year, month=month + 1, day=min(local.day, last))
        moment = (local + timedelta(days=offset.days)).replace(tzinfo=zone)
    return moment.astimezone(UTC) + timedelta(seconds=offset.seconds)


def local_moment(value: object, zone: tzinfo) -> datetime:
    """An ISO date or datetime as an aware time; one that names no zone is local to ``zone``, a date its midnight.

    Raises InputError ``moment.invalid``.
    """
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InputError(
        f"{value!r} is not a point in time",
        code="moment.invalid",
        hint="Write an ISO date or datetime, such as '2026-03-01' or '2026-03-01T09:30:00+01:00'.",
        params={"value": str(value)},
    )


def to_microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC, the engine's time."""
    return (moment - _EPOCH) // _MICROSECOND


WrittenOffset = Annotated[
    Offset,
    BeforeValidator(written(parse_offset)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["-3 days", "1 month", "2h 30m"]}),
]
