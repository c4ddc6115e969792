"""Moments: whole microseconds since 1970 UTC inside, ``YYYY-MM-DDTHH:MM:SS.mmmZ`` in records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_datetime(moment: int) -> datetime:
    """An aware UTC time; exact for all microseconds."""
    return _EPOCH + timedelta(microseconds=moment)


def to_text(moment: int) -> str:
    """The fixed-width text form, which sorts like the moment; cut to milliseconds."""
    return to_datetime(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment // 1000 % 1000:03d}Z"


def from_text(text: str | None) -> int | None:
    """Microseconds of an ISO 8601 text (no offset means UTC, a date its midnight); None for None."""
    if text is None:
        return None
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return (parsed - _EPOCH) // timedelta(microseconds=1)
