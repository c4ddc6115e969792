"""What records ask for by a date: month ends, both clock changes, hours that are absolute, conditions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.engine.plan import compile_plan
from towpath.engine.timer_dates import DateTrigger, date_triggers
from towpath.engine.timers import Wish
from towpath.model.moment import to_datetime
from towpath.model.offset import to_microseconds
from towpath.model.workflow import WorkflowDefinition
from towpath.nodes import registry

NOW = to_microseconds(datetime(2026, 1, 1, tzinfo=UTC))
ZONES = st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"))
MOMENTS = st.integers(946_684_800, 2_524_608_000).map(lambda second: to_datetime(second * 1_000_000))


def trigger(zone: str = "Europe/Berlin", **params: Any) -> DateTrigger:
    node = {"type": "trigger.date_field", "params": {"object": "Deal", "field": "closeDate", **params}}
    definition = WorkflowDefinition.model_validate(
        {"name": "Renewal", "nodes": {"due": node}, "settings": {"timezone": zone}}
    )
    (made,) = date_triggers(compile_plan(definition, registry(), number=1))
    return made


def due(text: str | None, offset: str = "0", zone: str = "Europe/Berlin") -> str | None:
    wish = trigger(zone, offset=offset).asks(NOW)({"closeDate": text})
    return None if wish.due is None else to_datetime(wish.due).astimezone(ZoneInfo(zone)).isoformat()


def test_a_date_is_its_midnight_in_the_zone_of_the_workflow() -> None:
    assert due("2026-07-01") == "2026-07-01T00:00:00+02:00"
    assert due("2026-07-01", zone="Asia/Shanghai") == "2026-07-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("day", "offset", "expected"),
    [
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2026-03-31", "-1 month", "2026-02-28"),
        ("2028-02-29", "1 year", "2029-02-28"),
        ("2026-12-31", "2 months", "2027-02-28"),
    ],
)
def test_a_day_that_the_month_lacks_becomes_its_last(day: str, offset: str, expected: str) -> None:
    wanted = due(day, offset)
    assert wanted is not None
    assert wanted[:10] == expected


def test_days_keep_the_local_time_through_both_clock_changes() -> None:
    assert due("2026-03-28T08:00:00.000Z", "1 day") == "2026-03-29T09:00:00+02:00"
    assert due("2026-10-24T07:00:00.000Z", "1 day") == "2026-10-25T09:00:00+01:00"


def test_hours_are_absolute_through_both_clock_changes() -> None:
    assert due("2026-03-28T08:00:00.000Z", "24 hours") == "2026-03-29T10:00:00+02:00"
    assert due("2026-10-24T07:00:00.000Z", "24 hours") == "2026-10-25T08:00:00+01:00"


def test_a_local_time_that_the_clock_change_skips_moves_behind_the_gap_and_is_not_early() -> None:
    assert due("2026-03-28T01:30:00.000Z", "1 day") == "2026-03-29T03:30:00+02:00"


def test_a_date_beyond_the_end_of_the_calendar_asks_for_nothing() -> None:
    assert due("9999-12-31", "1 month") is None
    assert due("0001-01-01", "-1 day") is None


def test_why_a_record_asks_for_nothing_is_told() -> None:
    ask = trigger(condition='stage != "Won"').asks(NOW)
    assert ask(None) == Wish(reason="deleted")
    assert ask({"closeDate": None, "stage": "New"}) == Wish(reason="no_date")
    assert ask({"closeDate": "2026-05-01", "stage": "Won"}) == Wish(reason="no_match")


def test_only_changes_of_fields_that_the_trigger_reads_concern_it() -> None:
    made = trigger(condition='stage != "Won" and amount > 10')
    assert made.cares(("closeDate",))
    assert made.cares(("name", "amount"))
    assert not made.cares(("name", "description"))


def test_a_condition_may_ask_for_the_present_time() -> None:
    made = trigger(condition='createdAt < "{{ $now }}"')
    record = {"closeDate": "2026-05-01", "createdAt": "2026-01-01T00:00:00.000Z"}
    assert made.asks(NOW)(record).reason == "no_match"
    assert made.asks(NOW + 1_000_000)(record).due is not None
    assert made.cares(("name",)), "what such a condition says may change without a change of its fields"


@given(MOMENTS, st.integers(-500, 500), st.integers(0, 86_400), ZONES)
def test_days_are_local_days_and_never_early(moment: datetime, days: int, seconds: int, zone: str) -> None:
    place = ZoneInfo(zone)
    local = moment.astimezone(place)
    wish = trigger(zone, offset=f"{days} days").asks(NOW)({"closeDate": moment.isoformat()})
    assert wish.anchor == to_microseconds(moment)
    assert wish.due is not None
    wanted = local.replace(tzinfo=None) + timedelta(days=days)
    shown = to_datetime(wish.due).astimezone(place).replace(tzinfo=None)
    assert wanted <= shown <= wanted + timedelta(hours=1), (
        "the wall shows that time, or the end of the gap that hides it"
    )


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(-60, 60), ZONES)
def test_months_keep_the_day_or_take_the_last_one(day: date, months: int, zone: str) -> None:
    wish = trigger(zone, offset=f"{months} months").asks(NOW)({"closeDate": day.isoformat()})
    assert wish.due is not None
    shown = to_datetime(wish.due).astimezone(ZoneInfo(zone)).date()
    assert (shown.year * 12 + shown.month) - (day.year * 12 + day.month) == months
    assert shown.day == day.day or (shown.day < day.day and (shown + timedelta(days=1)).day == 1)


@given(MOMENTS, st.integers(-10_000, 10_000), ZONES)
def test_hours_are_exact(moment: datetime, hours: int, zone: str) -> None:
    wish = trigger(zone, offset=f"{hours} hours").asks(NOW)({"closeDate": moment.isoformat()})
    assert wish.due == to_microseconds(moment) + hours * 3_600_000_000
