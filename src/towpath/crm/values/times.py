"""Dates and datetimes in the two forms that records hold: ``YYYY-MM-DD`` and ``YYYY-MM-DDTHH:MM:SS.mmmZ``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from towpath.crm.values.bad import BadValue, Check, wrong_type

_DATE_HINT = "Write year, month, day: 2026-03-31."
_TIME_HINT = "Write it like 2026-03-31T14:30:00Z; without a zone it is UTC."


def timestamp(microseconds: int) -> str:
    """The stored form of a time of the engine's clock, cut to milliseconds."""
    milliseconds = microseconds // 1000
    return f"{datetime.fromtimestamp(milliseconds // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def date_only() -> Check:
    """A day. Of a datetime it is the day as written, in its own zone."""

    def check(value: Any) -> str | None:
        if isinstance(value, date):
            return value.isoformat()[:10]
        if not isinstance(value, str):
            raise wrong_type("a date", _DATE_HINT)
        value = value.strip()
        if not value:
            return None
        try:
            # Either a whole datetime is meant, or nothing may follow the day.
            return (date if len(value) <= 10 else datetime).fromisoformat(value).isoformat()[:10]
        except ValueError:
            raise BadValue("schema.bad_date", "not a date", _DATE_HINT) from None

    return check


def date_and_time() -> Check:
    """A point in time, in UTC to the millisecond; without a zone it is taken as UTC, a day as its midnight."""

    def check(value: Any) -> str | None:
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return None
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                raise BadValue("schema.bad_datetime", "not a point in time", _TIME_HINT) from None
            # The form that records already have: nothing to convert once it is known to be a real time.
            return value if _is_stored_form(value) else _utc(moment)
        if isinstance(value, datetime):
            return _utc(value)
        if isinstance(value, date):
            return f"{value.isoformat()}T00:00:00.000Z"
        raise wrong_type("a point in time", _TIME_HINT)

    return check


def _is_stored_form(value: str) -> bool:
    """Whether a text that is known to be an ISO datetime is written as records hold it (and not by week)."""
    return len(value) == 24 and value[10] == "T" and value[19] == "." and value[23] == "Z" and value[5] != "W"


def _utc(moment: datetime) -> str:
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise BadValue("schema.bad_datetime", "not a point in time between the years 1 and 9999") from None
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
