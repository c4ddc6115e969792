"""Calendars as data: the zone, the hours of each weekday with their breaks, and days that are otherwise.

``BusinessTime`` in ``model/business_time.py`` counts with them; semantics.md §1.8 is the rule.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, field_validator, model_validator

from towpath.model.schema import Noun

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY = 24 * 60
MAX_SHIFTS = 30
DEFAULT_CALENDAR = "default"

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})")
_EVERY_YEAR = re.compile(r"\d{2}-\d{2}")


class Hours(NamedTuple):
    """Open from ``start`` to ``end``, minutes of local time; an end that is not after the start is on the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        """The text that reads back to these hours: ``09:00-17:00``."""
        return f"{self.start // 60:02d}:{self.start % 60:02d}-{self.end // 60:02d}:{self.end % 60:02d}"


def parse_hours(value: object) -> Hours:
    """``"09:00-17:00"``, ``"22:00-06:00"`` (over midnight) or ``"00:00-24:00"``. Raises ValueError."""
    if isinstance(value, Hours):
        return value
    found = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        first, first_minute, last, last_minute = map(int, found.groups())
        hours = Hours(first * 60 + first_minute, last * 60 + last_minute)
        in_day = first_minute < 60 and last_minute < 60 and hours.start < MINUTES_OF_DAY
        if in_day and 0 < hours.end <= MINUTES_OF_DAY and hours.start != hours.end:
            return hours
        if in_day and hours.end == 0 and hours.start > 0:
            return Hours(hours.start, MINUTES_OF_DAY)
    raise ValueError(f"{value!r} is no opening time; write for example '09:00-17:00', '22:00-06:00' or '00:00-24:00'")


def _hours_list(value: Any) -> Any:
    if value is None or value == "closed":
        return ()
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    return tuple(parse_hours(part) for part in value)


OpenHours = Annotated[
    tuple[Hours, ...],
    BeforeValidator(_hours_list),
    PlainSerializer(lambda hours: [str(part) for part in hours], return_type=list[str]),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "examples": ["09:00-12:00, 13:00-17:00", ["22:00-06:00"], "closed"],
        }
    ),
]


class Shift(Noun):
    """Hours on some weekdays, with breaks; a calendar may have several, which may overlap."""

    name: str = Field(min_length=1, max_length=100)
    days: tuple[Weekday, ...] = Field(("mon", "tue", "wed", "thu", "fri"), min_length=1)
    hours: OpenHours = Field(description="For example '06:00-14:00'; '22:00-06:00' ends on the next day.")
    breaks: OpenHours = Field((), description="Local times within the hours that do not count.")


class Calendar(Noun):
    """When work is done: a time zone, weekly hours, shifts, and dated exceptions.

    ``weekly`` and ``shifts`` add up. ``exceptions`` say what holds instead on a date (``2026-12-24``) or on that day
    of every year (``12-25``): nothing (closed) or other hours. Hours belong to the day on which they begin, so an
    overnight shift that began before a holiday goes on into it.
    """

    name: str = Field(DEFAULT_CALENDAR, min_length=1, max_length=100)
    zone: str = Field("UTC", description="IANA time zone, such as Europe/Berlin.")
    weekly: dict[Weekday, OpenHours] = {}
    breaks: OpenHours = Field((), description="Local times of every day that do not count within weekly hours.")
    shifts: tuple[Shift, ...] = Field((), max_length=MAX_SHIFTS)
    exceptions: dict[str, OpenHours] = Field({}, description="Dates that are closed, or open at other hours.")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{zone!r} is no time zone; write for example 'Europe/Berlin'") from None
        return zone

    @field_validator("exceptions")
    @classmethod
    def _real_dates(cls, exceptions: dict[str, Any]) -> dict[str, Any]:
        for day in exceptions:
            try:
                date.fromisoformat(f"2024-{day}" if _EVERY_YEAR.fullmatch(day) else day)
            except ValueError:
                raise ValueError(f"{day!r} is no date; write '2026-12-24', or '12-25' for every year") from None
        return exceptions

    @model_validator(mode="after")
    def _has_hours(self) -> Calendar:
        weekly = any(self.weekly.values()) or any(shift.hours for shift in self.shifts)
        if not weekly and not any(self.exceptions.values()):
            raise ValueError("the calendar is empty: it has no open hours, so no business time would ever pass")
        return self

    def hours_of(self, day: date) -> tuple[Hours, ...] | None:
        """The hours that stand in place of the weekly ones on that day; None where nothing does."""
        dated = self.exceptions.get(day.isoformat())
        return dated if dated is not None else self.exceptions.get(f"{day.month:02d}-{day.day:02d}")

    def shifts_on(self, weekday: Weekday) -> list[tuple[tuple[Hours, ...], tuple[Hours, ...]]]:
        """(hours, breaks) that hold on a weekday: of the calendar itself and of each of its shifts."""
        found = [(self.weekly.get(weekday, ()), self.breaks)]
        return found + [(shift.hours, shift.breaks) for shift in self.shifts if weekday in shift.days]


OFFICE_HOURS = Calendar(weekly={day: (Hours(540, 1020),) for day in WEEKDAYS[:5]})
"""Monday to Friday, 09:00 to 17:00 UTC: what counts where nobody has said otherwise."""
