"""Lengths of time as people write them: real (``"2h 30m"``) or of business time (``"4 business hours"``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from towpath.errors import InputError
from towpath.model.business_time import BusinessTime
from towpath.model.duration import format_duration, parse_duration
from towpath.model.written import written

_SECOND = 1_000_000
_BUSINESS = re.compile(r"\s*\b(?:business|working)\b\s*", re.IGNORECASE)
_UNIT = re.compile(r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BusinessSpan:
    """A length of business time. A day is as long as a calendar's open day, a week as its open week."""

    weeks: float = 0
    days: float = 0
    seconds: float = 0

    def __str__(self) -> str:
        """The text that ``parse_span`` reads back to an equal span."""
        named = [(self.weeks, "business week"), (self.days, "business day")]
        parts = [f"{amount:.15g} {unit}{'' if amount == 1 else 's'}" for amount, unit in named if amount]
        if self.seconds or not parts:
            parts.append(f"{format_duration(self.seconds)} business")
        return " ".join(parts)

    def length(self, time: BusinessTime) -> int:
        """Microseconds of business time on this calendar."""
        whole = self.weeks * time.week_length + self.days * time.day_length
        return round(whole + self.seconds * _SECOND)


Span: TypeAlias = float | BusinessSpan
"""Real seconds, or business time."""


def parse_span(value: object) -> Span:
    """``"15 min"`` is 900.0, ``"2 business days"`` a BusinessSpan. Raises InputError ``duration.invalid``."""
    if isinstance(value, BusinessSpan):
        return value
    if not isinstance(value, str) or not _BUSINESS.search(value):
        return parse_duration(value)
    weeks = days = 0.0
    rest = _BUSINESS.sub(" ", value)
    for amount, unit in _UNIT.findall(rest):
        if unit[0].lower() == "w":
            weeks += float(amount)
        else:
            days += float(amount)
    rest = _UNIT.sub("", rest).strip(" ,")
    if not rest and not (weeks or days):
        raise InputError(
            f"{value!r} is not a duration",
            code="duration.invalid",
            hint="Write for example '4 business hours', '2 business days' or '30 business min'.",
            params={"value": value},
        )
    return BusinessSpan(weeks, days, parse_duration(rest) if rest else 0.0)


def after(moment: int, span: Span, calendar: Callable[[], BusinessTime]) -> int:
    """The moment at which the span is over, microseconds; the calendar is asked for only where it counts."""
    if isinstance(span, BusinessSpan):
        time = calendar()
        return time.add(moment, span.length(time))
    return moment + round(span * _SECOND)


WrittenSpan = Annotated[
    Span,
    BeforeValidator(written(parse_span)),
    PlainSerializer(lambda span: str(span) if isinstance(span, BusinessSpan) else span),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
            "description": "Seconds, or text such as '15 min', '3 days', '4 business hours', '2 business days'.",
        }
    ),
]
