"""Business time, semantics.md §1.8: hours, holidays, clock changes, and promises that pause."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from towpath.errors import ConflictError, InputError
from towpath.model.business_time import BusinessTime
from towpath.model.calendar import WEEKDAYS, Calendar
from towpath.model.offset import to_microseconds
from towpath.model.service_clock import ServiceClock
from towpath.model.span import BusinessSpan, after, parse_span

MINUTE, HOUR = 60_000_000, 3_600_000_000
WORKDAYS = dict.fromkeys(WEEKDAYS[:5], "09:00-17:00")
BERLIN = "Europe/Berlin"
DRAWS = 10_000


def time(zone: str = "UTC", **more: object) -> BusinessTime:
    return BusinessTime(Calendar.model_validate({"zone": zone, **more}))


def at(text: str, zone: str = "UTC") -> int:
    return to_microseconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


OFFICE = {"weekly": WORKDAYS, "exceptions": {"2026-04-03": "closed", "12-25": "closed", "2026-12-24": "09:00-12:00"}}
NIGHTS = {"shifts": [{"name": "night", "days": list(WEEKDAYS), "hours": "22:00-06:00", "breaks": "03:30-04:00"}]}
SHIFTS = {
    "shifts": [
        {"name": "early", "hours": "06:00-14:00", "breaks": ["08:00-08:15", "11:00-11:30"]},
        {"name": "late", "hours": "13:30-22:00", "breaks": "18:00-18:30"},
        {"name": "weekend", "days": ["sat", "sun"], "hours": "10:00-16:00"},
    ],
    "exceptions": {"2026-01-01": None},
}


def test_thursday_15_00_and_four_hours_with_friday_off_is_monday_11_00() -> None:
    assert time(**OFFICE).add(at("2026-04-02T15:00"), 4 * HOUR) == at("2026-04-06T11:00")


def test_a_start_outside_the_hours_counts_from_the_next_opening() -> None:
    office = time(**OFFICE)
    assert office.add(at("2026-01-10T12:00"), HOUR) == at("2026-01-12T10:00")  # a Saturday
    assert office.add(at("2026-01-12T07:00"), 0) == at("2026-01-12T09:00")
    assert office.next_opening(at("2026-01-12T09:30")) == at("2026-01-12T09:30")
    assert office.add(at("2026-01-12T07:00"), 8 * HOUR) == at("2026-01-12T17:00"), "the end of the day, not the morning"


@pytest.mark.parametrize("definition", [OFFICE, NIGHTS, SHIFTS], ids=["office", "nights", "shifts"])
@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Australia/Lord_Howe"])
def test_between_is_the_inverse_of_add_over_10_000_draws_and_both_clock_changes(
    definition: dict[str, object], zone: str
) -> None:
    counted, chance = time(zone, **definition), random.Random(f"{zone}{definition}")
    changes = [at("2026-03-29T02:00"), at("2026-10-25T02:00"), at("2026-03-08T02:00"), at("2026-11-01T02:00"),
               at("2026-04-05T02:00"), at("2026-10-04T02:00")]  # fmt: skip
    for draw in range(DRAWS // 3):
        centre = changes[draw % len(changes)] if draw % 2 else chance.randrange(at("2025-12-01"), at("2027-01-31"))
        moment = centre + chance.randrange(-3 * 24 * HOUR, 3 * 24 * HOUR)
        length = chance.choice((1, MINUTE, 8 * HOUR, 40 * HOUR)) * chance.randrange(5)
        done = counted.add(moment, length)
        assert counted.between(moment, done) == length
        back = counted.add(moment, -length) if length else moment
        assert counted.between(back, moment) == length


@given(st.data())
def test_the_inverse_holds_for_any_calendar(data: st.DataObject) -> None:
    hours = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda h: h[0] != h[1])
    text = hours.map(lambda h: f"{h[0] // 60:02}:{h[0] % 60:02}-{h[1] // 60:02}:{h[1] % 60:02}")
    weekly = data.draw(st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(text, min_size=1, max_size=3), min_size=1))
    counted = time(data.draw(st.sampled_from([BERLIN, "UTC", "Africa/Cairo", "America/Havana"])), weekly=weekly)
    moment = data.draw(st.integers(at("2026-01-01"), at("2026-12-31")))
    first, second = data.draw(st.integers(0, 100 * HOUR)), data.draw(st.integers(0, 100 * HOUR))
    assert counted.between(moment, counted.add(moment, first)) == first
    assert counted.add(counted.add(moment, first), second) == counted.add(moment, first + second)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24", "2026-06-10"])
@pytest.mark.parametrize("definition", [OFFICE, NIGHTS, SHIFTS], ids=["office", "nights", "shifts"])
def test_what_is_counted_is_what_a_clock_on_the_wall_shows_minute_by_minute(
    day: str, definition: dict[str, object]
) -> None:
    counted, start = time(BERLIN, **definition), at(day, BERLIN)
    minutes = [start + n * MINUTE for n in range(3 * 24 * 60)]
    assert counted.between(start, minutes[-1] + MINUTE) == MINUTE * sum(map(counted.is_open, minutes))
    calendar = Calendar.model_validate(definition)
    for moment in minutes[::7]:
        assert counted.is_open(moment) == _open_on_the_wall(calendar, moment), moment


def _open_on_the_wall(calendar: Calendar, moment: int) -> bool:
    """Asks each shift for itself, by local date and time of day."""
    local = datetime.fromtimestamp(moment // 1_000_000, ZoneInfo(BERLIN))
    minute = local.hour * 60 + local.minute
    for back in (0, 1):
        day = (local - timedelta(days=back)).date()
        for hours, breaks in calendar.shifts_on(WEEKDAYS[day.weekday()]):
            for start, end in hours:
                stop = end if end > start else end + 1440
                resting = any(b_start <= minute < b_end for b_start, b_end in breaks)
                if start <= minute + back * 1440 < stop and not resting:
                    return True
    return False


def test_an_overnight_shift_belongs_to_the_evening_on_which_it_begins() -> None:
    nights = time(shifts=[{"name": "n", "days": ["fri"], "hours": "22:00-06:00"}], exceptions={"2026-01-10": "closed"})
    friday = at("2026-01-09T21:00")
    assert nights.add(friday, 7 * HOUR) == at("2026-01-10T05:00"), "it goes on into the closed Saturday"
    assert nights.add(friday, 9 * HOUR) == at("2026-01-16T23:00")


def test_an_overnight_shift_is_an_hour_shorter_or_longer_when_the_clock_changes() -> None:
    nights = time(BERLIN, shifts=[{"name": "n", "days": list(WEEKDAYS), "hours": "22:00-06:00"}])
    for day, hours in (("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-10", 8)):
        noon = at(f"{day}T12:00", BERLIN)
        assert nights.between(noon, noon + 24 * HOUR) == hours * HOUR


def test_breaks_and_other_hours_of_a_date_count() -> None:
    shifts, office = time(**SHIFTS), time(**OFFICE)
    assert shifts.between(at("2026-01-05"), at("2026-01-06")) == 16 * HOUR - 75 * MINUTE
    assert shifts.between(at("2026-01-01"), at("2026-01-02")) == 0
    assert office.between(at("2026-12-24"), at("2026-12-28")) == 3 * HOUR
    assert office.between(at("2027-12-25"), at("2027-12-26")) == 0, "every year"


def test_an_empty_calendar_is_an_error() -> None:
    for empty in ({}, {"weekly": {}}, {"weekly": {"mon": "closed"}, "exceptions": {"2026-01-01": "closed"}}):
        with pytest.raises(ValidationError, match="no open hours"):
            Calendar.model_validate(empty)


def test_a_calendar_that_ends_says_so_instead_of_searching_for_ever() -> None:
    once = time(exceptions={"2026-01-05": "09:00-17:00"})
    assert once.add(at("2026-01-01"), 8 * HOUR) == at("2026-01-05T17:00")
    with pytest.raises(InputError) as caught:
        once.add(at("2026-01-01"), 9 * HOUR)
    assert caught.value.code == "calendar.no_hours"


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars"}, {"weekly": {"mon": "9-17"}}, {"weekly": {"mon": "25:00-26:00"}},
              {"exceptions": {"02-30": "closed"}}, {"weekly": {"monday": "09:00-17:00"}}, {"hours": []}],
)  # fmt: skip
def test_a_calendar_with_a_mistake_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate({**OFFICE, **wrong})


def test_a_calendar_reads_back_what_it_writes() -> None:
    for definition in (OFFICE, NIGHTS, SHIFTS):
        calendar = Calendar.model_validate(definition)
        assert Calendar.model_validate(calendar.model_dump(mode="json")) == calendar


# Spans


def test_business_days_are_as_long_as_the_calendar_is_open() -> None:
    office = time(**OFFICE)
    monday = at("2026-01-05T10:00")
    assert after(monday, parse_span("2 business days"), lambda: office) == at("2026-01-07T10:00")
    assert after(monday, parse_span("1 business week"), lambda: office) == at("2026-01-12T10:00")
    assert after(monday, parse_span("5 business min"), lambda: office) == at("2026-01-05T10:05")
    assert after(monday, parse_span("2 days"), lambda: pytest.fail("not asked")) == at("2026-01-07T10:00")


@pytest.mark.parametrize("text", ["4 business hours", "2 business days", "1 business week 2 days 30 min", "90"])
def test_a_span_reads_back_what_it_writes(text: str) -> None:
    assert parse_span(str(parse_span(text))) == parse_span(text)
    assert isinstance(parse_span(text), BusinessSpan) == ("business" in text)


@pytest.mark.parametrize("text", ["business", "business soon", "four business hours", "-1 business day"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_span(text)


# The clock of a promise


def test_waiting_for_the_customer_over_a_holiday_does_not_count() -> None:
    office, target = time(**OFFICE), 8 * HOUR
    clock = ServiceClock.begin(target, at("2026-04-02T10:00"), "New")
    clock = clock.turn("paused", at("2026-04-02T14:00"), "Waiting")
    assert clock.due(office) is None
    assert clock.reaches(office, 0.5) == at("2026-04-02T14:00")
    clock = clock.turn("running", at("2026-04-07T12:00"), "Open")  # Good Friday and the weekend are closed anyway
    now = at("2026-04-07T13:00")
    assert clock.used(office, now) == 5 * HOUR
    assert clock.paused(office, now) == (3 + 8 + 3) * HOUR
    assert clock.due(office) == at("2026-04-07T16:00")
    assert clock.due(office) == office.add(at("2026-04-02T10:00"), target + clock.paused(office, now))
    assert clock.reaches(office, 0.75) == at("2026-04-07T14:00")


def test_a_breach_is_known_and_a_stopped_clock_stands() -> None:
    office = time(**OFFICE)
    clock = ServiceClock.begin(HOUR, at("2026-01-05T09:00"))
    assert not clock.is_breached(office, at("2026-01-05T10:00"))
    assert clock.is_breached(office, at("2026-01-05T10:01"))
    stopped = clock.turn("stopped", at("2026-01-05T09:30"), "Solved")
    assert not stopped.is_breached(office, at("2026-02-01"))
    with pytest.raises(ConflictError, match="stopped"):
        stopped.turn("running", at("2026-01-05T09:40"))


def test_another_priority_restarts_the_clock_or_keeps_what_is_used() -> None:
    office = time(**OFFICE)
    clock = ServiceClock.begin(8 * HOUR, at("2026-01-05T09:00"))
    now = at("2026-01-05T12:00")
    assert clock.retarget(4 * HOUR, now).due(office) == at("2026-01-05T13:00")
    assert clock.retarget(4 * HOUR, now, restart=True).due(office) == at("2026-01-05T16:00")


@given(st.lists(st.integers(0, 30 * 60), min_size=1, max_size=8), st.integers(1, 60 * 60))
def test_the_clock_s_due_time_is_start_plus_target_plus_pauses(turns: list[int], target: int) -> None:
    office, moment = time(**OFFICE), at("2026-04-01T08:00")
    clock = ServiceClock.begin(target * MINUTE, moment)
    for index, minutes in enumerate(turns):
        moment += minutes * MINUTE
        clock = clock.turn("running" if index % 2 else "paused", moment)
    due = clock.due(office)
    assert ServiceClock.from_json(clock.as_json()) == clock
    if due is None:
        assert clock.state == "paused"
    else:
        assert clock.used(office, due) == target * MINUTE
        assert due == office.add(at("2026-04-01T08:00"), target * MINUTE + clock.paused(office, due))
