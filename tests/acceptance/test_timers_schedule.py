"""Schedules on real SQLite and a virtual clock: times, record sets, what is missed, new versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.timers_world import World, us
from towpath.engine.journal import decode_event
from towpath.engine.tables import EVENT, RUN
from towpath.engine.timer_table import NO_RECORD
from towpath.service.timers import fire_due
from towpath.service.workflows import pause, resume, set_active


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "towpath.db")
    yield made
    made.platform.close()


def publish(world: World, cron: str, zone: str = "UTC", **params: Any) -> str:
    return world.publish({"cron": cron, **params}, name="Morning", zone=zone, kind="schedule").workflow


def starts(world: World) -> list[str]:
    return [at for _, _, at in world.runs()]


def test_a_schedule_starts_one_run_at_each_time_in_its_zone(world: World) -> None:
    publish(world, "0 9 * * MON-FRI", "Europe/Berlin")
    world.until("2026-01-06T12:00Z")
    days = ["2026-01-01", "2026-01-02", "2026-01-05", "2026-01-06"]
    assert starts(world) == [f"{day}T08:00:00.000Z" for day in days]


def test_nine_in_the_morning_stays_nine_through_both_clock_changes(world: World) -> None:
    publish(world, "0 9 * * SUN", "Europe/Berlin")
    world.until("2026-11-01T12:00Z")
    hours = {at[5:16] for at in starts(world)}
    assert {"03-22T08:00", "03-29T07:00", "10-18T07:00", "10-25T08:00"} <= hours
    assert len(hours) == 44


def test_the_night_of_the_clock_change_has_each_scheduled_time_once(world: World) -> None:
    publish(world, "30 2 * * *", "Europe/Berlin")
    world.until("2026-12-01T00:00Z")
    times = starts(world)
    assert "2026-03-29T01:00:00.000Z" in times, "02:30 does not exist that night: it comes at the end of the gap"
    assert [at for at in times if at.startswith(("2026-10-24", "2026-10-25"))] == [
        "2026-10-24T00:30:00.000Z",
        "2026-10-25T00:30:00.000Z",
    ]
    assert len(times) == 334


def test_a_record_set_is_enrolled_as_bulk_events_of_a_thousand(world: World) -> None:
    deals = world.create(*["2026-02-10"] * 2_500, amount=500)
    world.create("2026-02-10", amount=5)
    world.delete(deals[7])
    publish(world, "0 9 * * *", object="Deal", where="amount > 100")
    world.clock.set(us("2026-01-01T09:00Z"))
    assert fire_due(world.platform) == 1
    events = [decode_event(row) for row in world.read(EVENT, ("id", "kind", "version", "payload"))]
    assert [(event.object, event.bulk, len(event.starts)) for event in events] == [
        ("Deal", True, 1_000), ("Deal", True, 1_000), ("Deal", True, 499),
    ]  # fmt: skip
    world.until("2026-01-01T10:00Z")
    assert [record for record, _, _ in world.runs()] == [deal for deal in deals if deal != deals[7]]


def test_a_bulk_enrolment_does_not_set_off_the_start_brake(world: World) -> None:
    world.create(*["2026-02-10"] * 900)
    publish(world, "0 9 * * *", object="Deal")
    world.until("2026-01-01T10:00Z")
    assert world.notices("start_brake") == []
    assert world.platform.published.paused == {}


def test_a_limit_takes_the_oldest_records(world: World) -> None:
    deals = world.create(*["2026-02-10"] * 1_500)
    publish(world, "0 9 1 1 *", object="Deal", limit=1_200)
    world.until("2026-01-02T00:00Z")
    assert [record for record, _, _ in world.runs()] == deals[:1_200]


def test_a_record_set_may_ask_for_the_time_of_the_start(world: World) -> None:
    world.create_rows(
        "Task", {"subject": "Late", "dueAt": "2026-01-01T08:00Z"}, {"subject": "Early", "dueAt": "2026-01-03T08:00Z"}
    )
    publish(world, "0 9 1 1 *", object="Task", where='dueAt < "{{ $now }}"')
    world.until("2026-01-02T00:00Z")
    assert len(world.runs()) == 1


def test_an_empty_record_set_starts_nothing_and_the_schedule_goes_on(world: World) -> None:
    publish(world, "0 9 * * *", object="Deal")
    world.until("2026-01-02T00:00Z")
    world.create("2026-02-10")
    world.until("2026-01-03T00:00Z")
    assert starts(world) == ["2026-01-02T09:00:00.000Z"]


@pytest.mark.parametrize(("missed", "count"), [("all", 4), ("last", 1), ("none", 0)])
def test_times_that_passed_while_nothing_was_running_are_made_up_for_as_the_trigger_says(
    world: World, missed: str, count: int
) -> None:
    publish(world, "0 9 * * *", missed=missed)
    world.until("2026-01-01T12:00Z")
    world.down_until("2026-01-06T08:00Z")
    assert len(world.runs()) == 1 + count
    world.until("2026-01-06T12:00Z")
    assert len(world.runs()) == 1 + count + 1
    assert starts(world)[-1] == "2026-01-06T09:00:00.000Z"


def test_more_missed_times_than_one_transaction_takes_are_all_made_up_for(world: World) -> None:
    publish(world, "* * * * *", missed="all")
    world.until("2026-01-01T00:10Z")
    world.down_until("2026-01-02T01:00Z")
    assert len(world.runs()) == 25 * 60


def test_a_run_is_told_the_time_that_it_starts_for(world: World) -> None:
    publish(world, "0 9 * * *")
    world.clock.set(us("2026-01-01T09:02Z"))
    fire_due(world.platform)
    (event,) = [decode_event(row) for row in world.read(EVENT, ("id", "kind", "version", "payload"))]
    assert event.starts[0].items == [{"scheduledAt": "2026-01-01T09:00:00.000Z"}]


def test_a_new_version_takes_over_the_schedule(world: World) -> None:
    publish(world, "0 9 * * *")
    world.until("2026-01-01T12:00Z")
    publish(world, "0 10 * * *")
    world.until("2026-01-02T12:00Z")
    assert [(version, at) for _, version, at in world.runs()] == [
        (1, "2026-01-01T09:00:00.000Z"), (2, "2026-01-02T10:00:00.000Z"),
    ]  # fmt: skip


def test_a_time_that_has_come_is_not_lost_to_a_new_version_published_in_the_same_instant(world: World) -> None:
    publish(world, "0 9 * * *")
    world.clock.set(us("2026-01-01T09:00Z"))
    publish(world, "0 9 * * *", missed="all")
    world.until("2026-01-03T00:00Z")
    assert [(version, at[:10]) for _, version, at in world.runs()] == [(1, "2026-01-01"), (2, "2026-01-02")]


def test_a_schedule_that_is_switched_off_does_not_start(world: World) -> None:
    workflow = publish(world, "0 9 * * *")
    set_active(world.platform, workflow, None)
    assert world.timer(NO_RECORD).reason == "off"
    world.until("2026-01-05T00:00Z")
    assert world.runs() == []


def test_a_paused_workflow_keeps_its_starts(world: World) -> None:
    workflow = publish(world, "0 9 * * *")
    pause(world.platform, workflow)
    world.until("2026-01-03T00:00Z")
    assert world.read(RUN, ("id",)) == []
    resume(world.platform, workflow)
    world.until("2026-01-03T00:00Z")
    assert len(world.runs()) == 2
