"""Offsets read back what they write, and move over months and clock changes as people expect."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.errors import InputError
from towpath.model.offset import Offset, local_moment, parse_offset, shift, to_microseconds

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("-3 days", Offset(days=-3)), ("1 month", Offset(months=1)), ("1 year, 2 weeks", Offset(12, 14)),
        ("2h 30m before", Offset(seconds=-9000)), ("+1 quarter", Offset(months=3)), ("1.5 h", Offset(seconds=5400)),
        ("0", Offset()), ("90", Offset(seconds=90)), (-60, Offset(seconds=-60)), ("2 days after", Offset(days=2)),
    ],
)  # fmt: skip
def test_offsets_are_written_as_people_write_them(text: object, offset: Offset) -> None:
    assert parse_offset(text) == offset


@pytest.mark.parametrize(
    "text", ["", "-", "soon", "1.5 days", "--3 days", "-1 day before", "after", "1 fortnight", True, None]
)
def test_what_is_no_offset_is_refused_with_a_hint(text: object) -> None:
    with pytest.raises(InputError) as caught:
        parse_offset(text)
    assert caught.value.code == "offset.invalid"
    assert "'-3 days'" in (caught.value.hint or "")


@given(st.sampled_from([1, -1]), st.integers(0, 500), st.integers(0, 9999), st.integers(0, 10**9))
def test_an_offset_reads_back_what_it_writes(sign: int, months: int, days: int, seconds: int) -> None:
    offset = Offset(sign * months, sign * days, sign * seconds)
    assert parse_offset(str(offset)) == offset


def test_a_day_that_the_month_lacks_becomes_its_last() -> None:
    assert shift(local_moment("2026-01-31", UTC), Offset(months=1), UTC) == datetime(2026, 2, 28, tzinfo=UTC)
    assert shift(local_moment("2024-03-31", UTC), Offset(months=-1), UTC) == datetime(2024, 2, 29, tzinfo=UTC)


def test_days_keep_the_local_time_and_hours_are_absolute_over_a_clock_change() -> None:
    evening = local_moment("2026-03-28T12:00", BERLIN)
    assert shift(evening, Offset(days=1), BERLIN).astimezone(BERLIN).hour == 12
    assert shift(evening, Offset(seconds=86400), BERLIN).astimezone(BERLIN).hour == 13


def test_a_local_time_that_the_clock_skips_comes_after_the_gap() -> None:
    assert shift(local_moment("2026-03-28T02:30", BERLIN), Offset(days=1), BERLIN).astimezone(BERLIN).hour == 3


def test_a_date_is_its_local_midnight() -> None:
    assert local_moment("2026-07-01", BERLIN) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert to_microseconds(local_moment("1970-01-01T00:00:01Z", BERLIN)) == 1_000_000


@pytest.mark.parametrize("value", ["tomorrow", "", "2026-13-01", 5, None, True, [], "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        local_moment(value, BERLIN)
