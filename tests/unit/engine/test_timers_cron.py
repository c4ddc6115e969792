"""Cron times in a zone, through both clock changes, and which of the missed ones a schedule makes up for."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.engine.timer_cron import Schedule, owed
from towpath.model.moment import to_datetime
from towpath.model.offset import to_microseconds

BERLIN = ZoneInfo("Europe/Berlin")
CRONS = (
    "0 9 * * MON-FRI",
    "30 2 * * *",
    "*/15 * * * *",
    "0 0 1 * *",
    "0 12 L * *",
    "5 2,3 * * SUN",
    "0 */6 * * *",
    "59 1 * * *",
)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kathmandu")
MOMENTS = st.integers(
    to_microseconds(datetime(2024, 1, 1, tzinfo=UTC)), to_microseconds(datetime(2028, 1, 1, tzinfo=UTC))
)
SCHEDULES = st.builds(Schedule, st.sampled_from(CRONS), st.sampled_from(ZONES).map(ZoneInfo))
HOUR = 3600 * 1_000_000


def us(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text))


def first(cron: str, after: str, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    times = islice(Schedule(cron, zone).times(us(after)), count)
    return [to_datetime(time).astimezone(zone).isoformat() for time in times]


def test_nine_in_the_morning_is_nine_on_the_wall_in_summer_and_winter() -> None:
    assert first("0 9 * * *", "2026-03-28T12:00+01:00", 2) == ["2026-03-29T09:00:00+02:00", "2026-03-30T09:00:00+02:00"]
    assert first("0 9 * * *", "2026-10-24T12:00+02:00", 2) == ["2026-10-25T09:00:00+01:00", "2026-10-26T09:00:00+01:00"]


def test_a_time_that_the_clock_change_skips_comes_right_after_the_gap() -> None:
    assert first("30 2 * * *", "2026-03-28T12:00+01:00", 2) == [
        "2026-03-29T03:00:00+02:00",
        "2026-03-30T02:30:00+02:00",
    ]


def test_a_time_that_the_clock_change_repeats_comes_once() -> None:
    assert first("30 2 * * *", "2026-10-24T12:00+02:00", 2) == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-26T02:30:00+01:00",
    ]


def test_a_schedule_that_is_asked_within_the_repeated_hour_does_not_go_back() -> None:
    assert first("45 2 * * *", "2026-10-25T02:30+01:00", 1) == ["2026-10-26T02:45:00+01:00"]


def test_quarters_of_an_hour_go_by_real_time_through_the_repeated_hour() -> None:
    times = list(islice(Schedule("*/15 * * * *", BERLIN).times(us("2026-10-25T01:50+02:00")), 10))
    assert {later - earlier for earlier, later in pairwise(times)} == {HOUR // 4}


def test_the_present_moment_is_not_the_next_time() -> None:
    assert first("0 9 * * *", "2026-06-01T09:00+02:00", 1) == ["2026-06-02T09:00:00+02:00"]


@given(SCHEDULES, MOMENTS)
def test_times_ascend_and_are_later_than_asked(schedule: Schedule, after: int) -> None:
    times = [after, *islice(schedule.times(after), 6)]
    assert all(earlier < later for earlier, later in pairwise(times))


@given(SCHEDULES, MOMENTS, st.integers(0, 3 * 24 * HOUR))
def test_asking_from_any_moment_gives_the_same_grid(schedule: Schedule, after: int, more: int) -> None:
    times = list(islice(schedule.times(after), 8))
    middle = after + more
    expected = [time for time in times if time > middle]
    assert list(islice(schedule.times(middle), len(expected))) == expected


@given(SCHEDULES, MOMENTS, st.integers(0, 40 * 24 * HOUR))
def test_the_last_time_is_the_last_of_all_times(schedule: Schedule, start: int, length: int) -> None:
    before = start + length
    times = []
    for time in islice(schedule.times(start - 1), 5000):
        if time >= before:
            break
        times.append(time)
    assert schedule.last(start, before) == (times[-1] if times else None)


DAY = Schedule("0 9 * * *", ZoneInfo("UTC"))
DUE, NOW, BACK = us("2026-01-01T09:00Z"), us("2026-01-05T08:00Z"), us("2026-01-05T07:55Z")


@pytest.mark.parametrize(("missed", "days"), [("all", [1, 2, 3, 4]), ("last", [4]), ("none", [])])
def test_missed_times_are_made_up_for_as_the_schedule_says(missed: str, days: list[int]) -> None:
    times, following = owed(DAY, DUE, NOW, BACK, missed, 1000)  # type: ignore[arg-type]
    assert times == [us(f"2026-01-{day:02d}T09:00Z") for day in days]
    assert following == us("2026-01-05T09:00Z")


@pytest.mark.parametrize("missed", ["all", "last", "none"])
def test_a_time_that_was_not_missed_starts_whatever_the_schedule_says_of_missed_ones(missed: str) -> None:
    assert owed(DAY, DUE, DUE, DUE - HOUR, missed, 1000) == ([DUE], us("2026-01-02T09:00Z"))  # type: ignore[arg-type]


def test_a_long_absence_is_made_up_for_in_parts() -> None:
    times, following = owed(DAY, DUE, NOW, BACK, "all", 3)
    assert (len(times), following) == (3, us("2026-01-04T09:00Z"))
    assert following is not None
    assert owed(DAY, following, NOW, BACK, "all", 3) == ([following], us("2026-01-05T09:00Z"))


@given(SCHEDULES, MOMENTS, st.integers(0, 48 * HOUR), st.sampled_from(["all", "last", "none"]), st.integers(1, 20))
def test_parts_add_up_to_the_whole_and_nothing_is_early(
    schedule: Schedule, start: int, length: int, missed: str, most: int
) -> None:
    due = schedule.next(start)
    assert due is not None
    now, back = due + length, due + length // 2
    whole, following = owed(schedule, due, now, back, missed, 10_000)  # type: ignore[arg-type]
    parts, at = [], due
    while at is not None and at <= now:
        part, at = owed(schedule, at, now, back, missed, most)  # type: ignore[arg-type]
        parts += part
        if not part:
            break
    assert parts == whole
    assert at == following
    assert all(time <= now for time in whole)
    assert following is None or following > now
