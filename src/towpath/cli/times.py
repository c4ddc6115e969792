"""Moments and durations for people: local time with the age beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from towpath.cli.session import Session
from towpath.errors import InputError
from towpath.model.duration import format_duration, parse_duration
from towpath.model.moment import from_text, to_datetime, to_text
from towpath.ports.time import SECOND

_STEPS = ((60, 1, "s"), (3600, 60, "min"), (172_800, 3600, "h"), (float("inf"), 86400, "d"))


def moment_text(session: Session, moment: int | None, now: int) -> str:
    """``2026-11-23 14:05 (3 min ago)`` in the local zone; empty for None."""
    if moment is None:
        return ""
    local = to_datetime(moment).astimezone()
    age = (now - moment) / SECOND
    amount = about(session, abs(age))
    relative = session.say("{amount} ago", amount=amount) if age >= 0 else session.say("in {amount}", amount=amount)
    return f"{local:%Y-%m-%d %H:%M} ({relative})"


def about(session: Session, seconds: float) -> str:
    """A duration in its largest fitting unit: ``42 s``, ``3 min``, ``5 h``, ``12 d``."""
    size, unit = next((size, unit) for below, size, unit in _STEPS if seconds < below)
    return f"{seconds / size:.0f} {session.say(unit)}"


def hours_text(hours: float | None) -> str:
    """Labour for people: ``12.50 h``; empty for None."""
    return "" if hours is None else f"{hours:,.2f} h"


def iso(moment: int | None) -> str | None:
    """UTC text for programs."""
    return None if moment is None else to_text(moment)


def with_iso_times(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object with these moments as UTC texts."""
    return {key: iso(item) if key in names else item for key, item in value.items()}


def moment_given(text: str | None, now: int) -> int | None:
    """A point in time as people give it: a date or time (local unless it has an offset), or how long ago."""
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return now - round(_ago(text) * SECOND)
    return from_text((parsed if parsed.tzinfo else parsed.astimezone()).isoformat())


def _ago(text: str) -> float:
    try:
        return parse_duration(text)
    except InputError:
        raise InputError(
            f"{text!r} is neither a date nor a duration",
            code="moment.invalid",
            hint="Write 2026-03-31, 2026-03-31T14:00, or how long ago: '7 days', '2h'.",
            params={"value": text},
        ) from None


def seconds_text(seconds: float | None) -> str:
    """A duration for people, whole seconds above a minute; empty for None."""
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 60 else format_duration(round(seconds))
