"""Publishing over pending timers, switching off, downtime, two workers: no start is lost and none comes twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.timers_world import World, open_on, us
from towpath.engine.tables import EVENT, TIMER
from towpath.errors import StorageError, TowpathError
from towpath.ports.store import Transaction
from towpath.service.drive import drive
from towpath.service.timers import arm_existing, fire_due
from towpath.service.workflows import set_active


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "towpath.db")
    yield made
    made.platform.close()


def test_records_that_are_there_before_the_workflow_are_armed_when_it_is_published(world: World) -> None:
    deals = world.create(*["2026-02-10"] * 2_345, amount=500)
    world.create("2026-02-10", amount=5)
    world.create(None, amount=500)
    world.publish({"condition": "amount > 100"})
    assert sorted(world.timers()) == deals
    world.until("2026-02-10T00:00Z")
    assert [record for record, _, _ in world.runs()] == deals


def test_a_new_version_takes_over_a_thousand_pending_timers(world: World) -> None:
    world.publish({"offset": "-3 days"})
    deals = world.create(*["2026-02-10"] * 1_000)
    world.publish({"offset": "-1 day", "condition": "amount > 100"})
    assert {timer.reason for timer in world.timers(1).values()} == {"superseded"}
    assert world.timers(2) == {}
    world.update(*deals[:10], amount=500)
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 2, "2026-02-09T00:00:00.000Z") for deal in deals[:10]]


def test_a_new_version_that_says_the_same_changes_nothing_for_the_thousand(world: World) -> None:
    world.publish({"offset": "-3 days"})
    deals = world.create(*["2026-02-10"] * 1_000)
    world.publish({"offset": "-3 days", "late": "skip"})
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 2, "2026-02-07T00:00:00.000Z") for deal in deals]


@pytest.mark.parametrize("if_past", ["run", "skip"])
def test_a_new_version_does_not_start_again_on_a_date_that_the_old_one_started_at(world: World, if_past: str) -> None:
    world.publish({"if_past": if_past})
    (deal,) = world.create("2026-02-10")
    world.until("2026-02-11T00:00Z")
    world.publish({"if_past": if_past, "offset": "10 days"})
    world.publish({"if_past": if_past, "offset": "20 days"})
    world.until("2026-04-01T00:00Z")
    assert len(world.runs()) == 1
    world.update(deal, closeDate="2026-05-01")
    world.until("2026-06-01T00:00Z")
    assert [version for _, version, _ in world.runs()] == [1, 3]


def test_what_has_fallen_due_is_started_by_the_version_under_which_it_did(world: World) -> None:
    world.publish({"if_past": "run"})
    (deal,) = world.create("2026-02-10")
    world.clock.set(us("2026-02-10T00:01Z"))
    world.publish({"if_past": "run", "offset": "0 days", "late": "skip"})
    drive(world.platform)
    assert world.runs() == [(deal, 1, "2026-02-10T00:01:00.000Z")]


def test_what_has_fallen_due_under_an_old_version_and_then_moves_starts_once_under_the_new_one(world: World) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.clock.set(us("2026-02-10T00:01Z"))
    world.publish({"late": "skip"})
    world.update(deal, closeDate="2026-02-20")
    world.until("2026-03-01T00:00Z")
    assert world.runs() == [(deal, 2, "2026-02-20T00:00:00.000Z")]


def test_a_workflow_that_is_switched_off_starts_nothing(world: World) -> None:
    made = world.publish({})
    (deal,) = world.create("2026-02-10")
    set_active(world.platform, made.workflow, None)
    assert world.timer(deal).reason == "off"
    world.until("2026-03-01T00:00Z")
    assert world.runs() == []


def test_arming_a_version_again_takes_up_what_is_to_come_and_repeats_nothing(world: World) -> None:
    made = world.publish({})
    started, waiting = world.create("2026-02-10", "2026-03-10")
    world.until("2026-02-11T00:00Z")
    set_active(world.platform, made.workflow, None)
    set_active(world.platform, made.workflow, made.number)
    platform = world.platform
    for _ in range(2):  # arming is idempotent
        platform.store.write(lambda tx: arm_existing(platform, tx, platform.published.plan(tx, made.number)))
    world.until("2026-04-01T00:00Z")
    assert [(record, at[:10]) for record, _, at in world.runs()] == [(started, "2026-02-10"), (waiting, "2026-03-10")]


@pytest.mark.parametrize(("late", "starts"), [("run", 1), ("skip", 0)])
def test_what_fell_due_while_nothing_was_running_starts_late_or_is_skipped_and_said_so(
    world: World, late: str, starts: int
) -> None:
    world.publish({"late": late})
    (deal,) = world.create("2026-02-10")
    world.until("2026-02-09T00:00Z")
    world.down_until("2026-02-12T00:00Z")
    assert len(world.runs()) == starts
    assert len(world.notices("timer_late")) == 1 - starts
    assert world.timer(deal).state == ("fired" if starts else "cancelled")


def test_a_short_restart_is_no_reason_to_skip(world: World) -> None:
    world.publish({"late": "skip"})
    world.create("2026-02-10")
    world.until("2026-02-09T23:59Z")
    world.down_until("2026-02-10T00:02Z")
    assert len(world.runs()) == 1


def test_two_workers_take_one_timer_once(world: World) -> None:
    world.publish({})
    deals = world.create(*["2026-02-10"] * 500)
    world.clock.set(us("2026-02-10T00:00Z"))
    other = open_on(world.file, world.clock)
    ready, fired, errors = threading.Barrier(2), [], []

    def work(platform: Any) -> None:
        try:
            ready.wait()
            while (count := fire_due(platform, limit=20)) > 0:
                fired.append(count)
        except TowpathError as error:  # the thread's end must not hide it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(platform,)) for platform in (world.platform, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert not errors
    assert sum(fired) == len(deals)
    drive(world.platform)
    assert [record for record, _, _ in world.runs()] == deals


def test_a_failed_commit_leaves_the_timer_pending_and_no_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish({})
    (deal,) = world.create("2026-02-10")
    world.clock.set(us("2026-02-10T00:00Z"))
    write = world.platform.store.write

    def broken(work: Any) -> Any:
        def then_fail(tx: Transaction) -> Any:
            work(tx)
            raise StorageError("the disk is full")

        return write(then_fail)

    monkeypatch.setattr(world.platform.store, "write", broken)
    with pytest.raises(StorageError):
        fire_due(world.platform)
    monkeypatch.undo()
    assert world.timer(deal).state == "pending"
    assert world.read(EVENT, ("id",)) == []
    drive(world.platform)
    assert len(world.runs()) == 1


def test_a_record_that_does_not_match_when_the_time_comes_is_stale(world: World) -> None:
    """A write that went past the service, as an import into the tables would: the timer did not hear of it."""
    world.publish({"condition": "amount > 100"})
    (deal,) = world.create("2026-02-10", amount=500)
    table = world.platform.catalogue.plan("Deal").table
    world.platform.store.write(lambda tx: tx.update(table, ("amount",), [(5.0, deal)]))
    world.until("2026-03-01T00:00Z")
    assert world.runs() == []
    assert world.timer(deal).reason == "stale"


class Counting:
    """A transaction that counts its statements."""

    def __init__(self, tx: Transaction, calls: list[str]) -> None:
        self._tx = tx
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)

        def call(table: Any, *args: Any, **named: Any) -> Any:
            if table is TIMER:
                self._calls.append(name)
            return method(table, *args, **named)

        return call


def test_a_thousand_changes_cost_one_select_and_one_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish({})
    write, calls = world.platform.store.write, list[str]()
    monkeypatch.setattr(world.platform.store, "write", lambda work: write(lambda tx: work(Counting(tx, calls))))
    deals = world.create(*["2026-02-10"] * 1_000)
    assert calls == ["get", "insert"]
    calls.clear()
    world.update(*deals, closeDate="2026-02-11")
    assert calls == ["get", "update"]
    calls.clear()
    world.update(*deals, name="Another name")
    assert calls == []
    world.clock.set(us("2026-02-11T00:00Z"))
    calls.clear()
    assert fire_due(world.platform) == 1_000
    assert calls == ["claim", "update"]
