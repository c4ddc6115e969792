"""Many runs are retried or cancelled at once, and lists of runs are narrowed to a record and a time."""

from __future__ import annotations

import pytest

from tests.acceptance.flows import HOUR, World, workflow
from towpath.insight import Window
from towpath.ports.time import SECOND
from towpath.service import bulk_runs, runs


@pytest.fixture
def world() -> World:
    return World()


def failed(world: World, count: int) -> list[str]:
    """Runs that fail as long as there is no such lead."""
    find = {"find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"})}
    world.publish(workflow(find, name="Find"))
    return [world.start([{"lead": "nobody"}], "Find") for _ in range(count)]


def waiting(world: World) -> str:
    world.publish(workflow({"new": ("trigger.manual", {}), "ask": ("people.task", {"subject": "?"})}, "new > ask"))
    return world.start()


def test_chosen_runs_are_retried_and_one_that_cannot_be_says_why(world: World) -> None:
    one, other = failed(world, 2)
    open_run = waiting(world)
    result = bulk_runs.do_to_runs(world.platform, "retry", [one, open_run, "nonsense"])
    assert result.done == 1
    assert [(each.run, each.code) for each in result.refused] == [
        (open_run, "run.not_failed"), ("nonsense", "run.not_found"),
    ]  # fmt: skip
    world.go()
    assert [len(world.show(run).steps) for run in (one, other)] == [2, 1]


def test_all_that_match_are_cancelled_and_no_others(world: World) -> None:
    left = failed(world, 1)
    ids = [waiting(world) for _ in range(3)]
    result = bulk_runs.do_to_all(world.platform, "cancel", workflow="Flow")
    assert (result.done, result.refused, result.next) == (3, [], None)
    assert [world.status(run) for run in ids] == ["cancelled"] * 3
    assert world.status(left[0]) == "failed"
    assert {task["status"] for task in world.records("Task")} == {"Cancelled"}


def test_what_one_call_leaves_the_next_takes_and_no_run_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_runs, "MOST", 2)
    ids = failed(world, 3)
    first = bulk_runs.do_to_all(world.platform, "retry")
    world.go()  # they fail again
    assert (first.done, first.next) == (2, ids[1])
    second = bulk_runs.do_to_all(world.platform, "retry", after=first.next or "")
    world.go()
    assert (second.done, second.next) == (1, None)
    assert [len(world.show(run).steps) for run in ids] == [2, 2, 2]


def test_lists_and_counts_are_narrowed_to_a_time_and_a_record(world: World) -> None:
    new = {"new": ("trigger.record", {"object": "Lead", "on": ["created"]}), "say": ("notify.log", {"text": "x"})}
    world.publish(workflow(new, "new > say"))
    first = world.create("Lead", lastName="First")
    world.go()
    world.until(2 * HOUR)
    world.create("Lead", lastName="Second")
    world.go()
    early = Window(None, world.begin + round(HOUR * SECOND))
    assert [run.record for run in runs.list_runs(world.platform, began=early)] == [first]
    assert runs.count_runs(world.platform, began=early) == {"Flow": {"completed": 1}}
    assert runs.count_runs(world.platform, record=first) == {"Flow": {"completed": 1}}
    assert runs.count_runs(world.platform) == {"Flow": {"completed": 2}}
