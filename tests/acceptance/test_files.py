"""Files of runs: kept beside the items, gone when what the run carried is erased, and with it only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import towpath
from tests.acceptance.api_server import wait_for
from tests.acceptance.flows import DAY, World, workflow
from towpath.app import open_platform
from towpath.engine.files import PART
from towpath.engine.tables import FILE, FILE_PART, OUTBOX
from towpath.errors import ConflictError, InputError, NotFoundError
from towpath.ports.time import SECOND
from towpath.service import runs
from towpath.service.erasing import Erased, erase_ended, erase_old, erase_run
from towpath.service.run_files import open_file, open_run_file
from towpath.worker.loop import Worker

MAKE = ("file.convert", {"format": "text", "field": "text", "file_name": "{{ $json.text.slice(0, 9) }}.txt"})


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.platform.close()


def kept(world: World) -> list[tuple[str, int]]:
    """The run of every kept file and its parts, after a look that no part is without its file."""
    rows = world.platform.store.read(lambda tx: tx.select(FILE, ("run", "parts")))
    parts = world.platform.store.read(lambda tx: int(tx.count(FILE_PART)[0][0]))
    assert parts == sum(number for _, number in rows)
    return sorted(rows)


def publish(world: World) -> None:
    nodes = {"make": MAKE, "log": ("notify.log", {"text": "made {{ $binary.data.fileName }}"})}
    world.publish(workflow(nodes, "make > log", log="all"))


def test_a_file_goes_with_its_run_and_that_of_another_run_stays(world: World) -> None:
    publish(world)
    first, second = world.start([{"text": "first"}]), world.start([{"text": "second"}])
    assert kept(world) == sorted([(first, 1), (second, 1)])
    assert erase_run(world.platform, first) == Erased(1, 1)
    assert kept(world) == [(second, 1)]
    assert world.said() == ["made second.txt"]
    assert erase_run(world.platform, first) == Erased(0, 0)


def test_what_is_left_of_an_erased_run_is_its_way(world: World) -> None:
    publish(world)
    run = world.start([{"text": "Ada"}])
    steps, counts = [replace(step, data=None) for step in world.show(run).steps], runs.count_runs(world.platform)
    erase_run(world.platform, run)
    view = world.show(run)
    assert (view.steps, view.data, view.notices, view.globals) == (steps, [], [], {})
    assert (view.summary.status, runs.count_runs(world.platform)) == ("completed", counts)
    assert "Ada" not in repr(view)


def test_a_run_that_goes_on_keeps_what_it_carries(world: World) -> None:
    nodes = {"make": MAKE, "wait": ("wait.duration", {"duration": DAY}), "log": ("notify.log", {"text": "x"})}
    world.publish(workflow(nodes, "make > wait", "wait > log"))
    run = world.start([{"text": "a"}])
    with pytest.raises(ConflictError, match="waiting"):
        erase_run(world.platform, run)
    with pytest.raises(NotFoundError):
        erase_run(world.platform, "nobody")
    assert erase_ended(world.platform, world.clock.now() + 1) == Erased(0, 0)
    assert kept(world) == [(run, 1)]
    runs.cancel_run(world.platform, run)
    assert erase_run(world.platform, run) == Erased(1, 1)


def test_runs_that_ended_long_ago_are_erased_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("towpath.service.erasing.PAGE", 2)
    publish(world)
    for text in "abcde":
        world.start([{"text": text}])
    world.until(3 * DAY)
    young = world.start([{"text": "young"}])
    assert erase_ended(world.platform, world.clock.now() - round(DAY * SECOND)) == Erased(5, 5)
    assert kept(world) == [(young, 1)]
    assert erase_ended(world.platform, world.clock.now() - round(DAY * SECOND)) == Erased(0, 0)


def test_the_operator_says_how_long_runs_keep_what_they_carry(world: World) -> None:
    publish(world)
    old = world.start([{"text": "old"}])
    assert erase_old(world.platform) == Erased()  # nothing was said
    world.platform.keep_runs = 2 * DAY
    world.until(DAY)
    young = world.start([{"text": "young"}])
    assert erase_old(world.platform) == Erased()
    world.until(2.5 * DAY)
    assert erase_old(world.platform) == Erased(1, 1)
    assert kept(world) == [(young, 1)]
    assert world.status(old) == "completed"
    world.until(4 * DAY)
    assert erase_old(world.platform) == Erased(1, 1)
    assert kept(world) == []


def test_a_worker_erases_what_is_kept_no_longer(world: World) -> None:
    publish(world)
    world.start([{"text": "old"}])
    world.platform.keep_runs = DAY
    world.until(2 * DAY)
    worker = Worker(world.platform)
    worker.start()
    try:
        wait_for(lambda: kept(world) == [])
    finally:
        worker.stop()


@pytest.mark.parametrize("written", ["soon", "5 min", "-1 day"])
def test_a_setting_that_would_erase_at_once_or_means_nothing_is_refused(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWPATH_KEEP_RUNS", written)
    with pytest.raises(InputError):
        open_platform(memory=True)


def test_a_failed_run_that_was_erased_cannot_be_retried(world: World) -> None:
    nodes = {"make": MAKE, "get": ("crm.get", {"object": "Lead", "id": "{{ $json.text }}"})}
    world.publish(workflow(nodes, "make > get"))
    run = world.start([{"text": "secret"}])
    assert world.status(run) == "failed"
    erase_run(world.platform, run)
    with pytest.raises(ConflictError, match="kept nothing"):
        runs.retry_run(world.platform, run)
    assert "secret" not in repr(world.show(run))
    assert world.platform.store.read(lambda tx: tx.select(OUTBOX)) == []


def test_a_run_names_its_files_and_who_looks_at_it_gets_their_bytes(world: World) -> None:
    publish(world)
    run, other = world.start([{"text": "first"}]), world.start([{"text": "second"}])
    (file,) = world.show(run).files
    assert (file.name, file.media_type, file.bytes) == ("first.txt", "text/plain", 5)
    assert b"".join(open_run_file(world.platform, run, file.id)) == b"first"
    with pytest.raises(NotFoundError, match="no longer kept"):
        open_run_file(world.platform, other, file.id)
    made = next(step["data"] for step in world.show(run).data if step["node"] == "make")
    assert [item["data"]["fileName"] for item in made["files"]["0"]] == ["first.txt"]


def test_a_file_that_is_erased_while_it_is_read_is_not_given_as_if_it_were_whole(world: World) -> None:
    publish(world)
    run = world.start([{"text": "x" * (PART + 1)}])
    reading = iter(open_file(world.platform, world.show(run).files[0].id))
    assert len(next(reading)) == PART
    erase_run(world.platform, run)
    with pytest.raises(NotFoundError, match="no longer kept"):
        next(reading)


def test_running_once_gives_references_of_files_beside_the_items() -> None:
    document = workflow({"make": MAKE, "log": ("notify.log", {"text": "x"})}, "make > log")
    result = towpath.run(document, [{"text": "one"}], store=":memory:")
    assert [file["name"] for file in result.files] == ["one.txt"]
    (carried,) = result.step("make").files["out"]
    assert (carried["data"]["fileName"], carried["data"]["bytes"]) == ("one.txt", 3)
    assert "one.txt" not in repr(result.step("make").items)
