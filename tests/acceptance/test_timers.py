"""Timers relative to a date field, on real SQLite and a virtual clock: semantics.md §1.4, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.timers_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "towpath.db")
    yield made
    made.platform.close()


def test_a_run_starts_three_days_before_the_date_and_never_earlier(world: World) -> None:
    world.publish({"offset": "-3 days"}, zone="Europe/Berlin")
    (deal,) = world.create("2026-02-10")
    world.until("2026-02-06T22:59:59.999Z")
    assert world.runs() == []
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 1, "2026-02-06T23:00:00.000Z")]
    assert world.timer(deal).state == "fired"


def test_a_date_that_moves_later_moves_the_start(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.update(deal, closeDate="2026-02-20")
    assert world.timer(deal).generation == 2
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 1, "2026-02-20T00:00:00.000Z")]


def test_a_date_that_moves_earlier_moves_the_start(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.update(deal, closeDate="2026-01-20")
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 1, "2026-01-20T00:00:00.000Z")]


def test_a_date_that_is_taken_away_cancels_and_one_that_comes_back_arms_again(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.update(deal, closeDate=None)
    assert (world.timer(deal).state, world.timer(deal).reason) == ("cancelled", "no_date")
    world.until("2026-02-05T00:00Z")
    world.update(deal, closeDate="2026-02-10")
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 1, "2026-02-10T00:00:00.000Z")]


def test_an_edit_of_another_field_neither_moves_nor_repeats_the_start(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    before = world.timer(deal)
    world.update(deal, name="Another name")
    assert world.timer(deal) == before
    world.until("2026-03-01T00:00Z")
    world.update(deal, name="A third name")
    world.until("2026-04-01T00:00Z")
    assert len(world.runs()) == 1


def test_a_record_that_stops_matching_is_cancelled_and_one_that_begins_to_match_is_armed(world: World) -> None:
    world.publish({"condition": "amount > 100"})
    (deal,) = world.create("2026-02-10", amount=500)
    world.update(deal, amount=50)
    assert world.timer(deal).reason == "no_match"
    world.update(deal, amount=501)
    world.until("2026-03-01T00:00Z")
    assert len(world.runs()) == 1


def test_a_deleted_record_is_cancelled_and_one_that_is_brought_back_is_armed(world: World) -> None:
    world.publish({})
    deal, other = world.create("2026-02-10", "2026-02-10")
    world.delete(deal, other)
    assert world.timer(deal).reason == "deleted"
    world.undelete(deal)
    world.until("2026-03-01T00:00Z")
    assert [record for record, _, _ in world.runs()] == [deal]


def test_several_changes_in_one_transaction_count_as_one(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.update(deal, deal, closeDate="2026-02-12")
    assert world.timer(deal).generation == 2


def test_a_record_that_had_its_run_gets_another_when_its_date_moves_into_the_future(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.until("2026-03-01T00:00Z")
    world.update(deal, closeDate="2026-02-20")
    world.until("2026-03-02T00:00Z")
    assert len(world.runs()) == 1, "the new date has passed as well"
    world.update(deal, closeDate="2026-03-20")
    world.until("2026-04-01T00:00Z")
    assert [at for _, _, at in world.runs()] == ["2026-02-10T00:00:00.000Z", "2026-03-20T00:00:00.000Z"]


def test_rearm_never_means_one_run_for_good(world: World) -> None:
    world.publish({"rearm": "never"})
    (deal,) = world.create("2026-02-10")
    world.until("2026-03-01T00:00Z")
    world.update(deal, closeDate="2026-03-20")
    world.until("2026-04-01T00:00Z")
    assert len(world.runs()) == 1


def test_a_time_that_has_passed_already_is_skipped_and_said_so(world: World) -> None:
    world.publish({})
    deals = world.create("2025-12-01", "2025-12-02", "2026-02-01")
    world.until("2026-01-02T00:00Z")
    assert world.runs() == []
    assert world.timer(deals[0]).reason == "past"
    ((text, data),) = world.notices("timer_past")
    assert "2 records of Deal" in text
    assert data["records"] == deals[:2]


def test_a_time_that_has_passed_already_starts_at_once_where_the_trigger_says_so(world: World) -> None:
    world.publish({"if_past": "run"})
    (deal,) = world.create("2025-12-01")
    world.until("2026-01-02T00:00Z")
    assert world.runs() == [(deal, 1, "2026-01-01T00:00:00.000Z")]
    world.update(deal, name="Another name")
    world.until("2026-01-03T00:00Z")
    assert len(world.runs()) == 1


@pytest.mark.parametrize(
    ("offset", "date", "start"),
    [
        ("1 day", "2026-03-29T00:30Z", "2026-03-29T23:30:00.000Z"),  # 01:30 to 01:30, 23 hours
        ("1 day", "2026-03-28T01:30Z", "2026-03-29T01:30:00.000Z"),  # 02:30 does not exist that night: 03:30
        ("24 hours", "2026-03-28T08:00Z", "2026-03-29T08:00:00.000Z"),  # 09:00 to 10:00
        ("1 day", "2026-10-24T00:30Z", "2026-10-25T00:30:00.000Z"),  # 02:30 comes twice that night: the first
        ("1 day", "2026-10-24T12:00Z", "2026-10-25T13:00:00.000Z"),  # 14:00 to 14:00, 25 hours
        ("24 hours", "2026-10-24T12:00Z", "2026-10-25T12:00:00.000Z"),  # 14:00 to 13:00
    ],
)
def test_days_are_local_and_hours_absolute_in_the_nights_of_the_clock_changes(
    world: World, offset: str, date: str, start: str
) -> None:
    world.publish({"object": "Task", "field": "dueAt", "offset": offset}, zone="Europe/Berlin")
    world.create_rows("Task", {"subject": "Call", "dueAt": date})
    world.until("2026-12-01T00:00Z")
    assert [at for _, _, at in world.runs()] == [start]


def test_the_31st_plus_a_month_is_the_last_of_february(world: World) -> None:
    world.publish({"offset": "1 month"}, zone="Europe/Berlin")
    (deal,) = world.create("2026-01-31")
    world.until("2026-04-01T00:00Z")
    assert world.runs() == [(deal, 1, "2026-02-27T23:00:00.000Z")]
