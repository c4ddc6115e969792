"""A run is moved by hand: out of where it waits or failed, on to another node, and nothing of the old place is left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.flows import HOUR, World, workflow
from towpath.errors import ConflictError, InputError, NotFoundError
from towpath.service import tasks
from towpath.service.metrics import workflow_metrics
from towpath.service.move_run import move_run


@pytest.fixture
def world() -> World:
    return World()


NODES = {
    "new": ("trigger.record", {"object": "Lead", "on": ["created"]}),
    "call": ("people.task", {"subject": "Call"}),
    "rest": ("wait.duration", {"duration": "1 h"}),
    "say": ("notify.log", {"text": "say {{ $json.lastName }}"}),
}
EDGES = ("new > call", "call > rest", "rest > say")


def waiting(world: World) -> str:
    """A run that waits for a person."""
    world.publish(workflow(NODES, *EDGES))
    world.create("Lead", lastName="Lovelace")
    world.go()
    return world.runs()[0].id


def test_a_waiting_run_goes_on_elsewhere_with_its_items_and_its_task_is_closed(world: World) -> None:
    run = waiting(world)
    move_run(world.platform, run, "say", actor="ada")
    world.go()
    assert world.status(run) == "completed"
    assert world.said() == ["say Lovelace"]
    assert [task["status"] for task in world.records("Task")] == ["Cancelled"]
    assert world.steps(run, "call") == [("cancelled", 1, None)]


def test_the_step_that_was_left_counts_as_cancelled_in_the_figures(world: World) -> None:
    run = waiting(world)
    world.until(HOUR)
    move_run(world.platform, run, "say")
    world.go()
    steps = workflow_metrics(world.platform, "Flow").as_json()["steps"]
    assert steps["call"]["counts"]["cancelled"] == 1
    assert steps["say"]["counts"]["ok"] == 1


def test_a_run_can_be_moved_back_and_waits_there_anew(world: World) -> None:
    run = waiting(world)
    tasks.complete_task(world.platform, world.tasks()[0]["id"])
    world.go()
    assert [place["node"] for place in world.show(run).waiting_at] == ["rest"]
    move_run(world.platform, run, "call")
    world.go()
    assert [place["node"] for place in world.show(run).waiting_at] == ["call"]
    world.until(2 * HOUR)
    assert world.status(run) == "waiting"  # the time of the wait that it left wakes it no more


def test_a_failed_run_is_moved_past_the_step_that_failed_with_other_items(world: World) -> None:
    nodes = {"find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"}), "say": NODES["say"]}
    world.publish(workflow(nodes, "find > say"))
    run = world.start([{"lead": "nobody"}])
    move_run(world.platform, run, "say", items=[{"lastName": "Hopper"}])
    world.go()
    assert world.status(run) == "completed"
    assert world.said() == ["say Hopper"]


def branches() -> Any:
    """Two people are asked at once."""
    nodes = {
        "split": ("logic.split", {"branches": ["a", "b"]}),
        "first": NODES["call"],
        "second": NODES["call"],
        "say": NODES["say"],
    }
    return workflow(nodes, "split:a > first", "split:b > second", "first > say")


def test_a_run_that_stands_at_several_nodes_is_moved_from_the_one_that_is_named(world: World) -> None:
    world.publish(branches())
    run = world.start([{"lastName": "Lovelace"}])
    with pytest.raises(InputError, match="several nodes"):
        move_run(world.platform, run, "say")
    move_run(world.platform, run, "say", place="first")
    world.go()
    assert world.said() == ["say Lovelace"]
    assert [place["node"] for place in world.show(run).waiting_at] == ["second"]
    assert [task["nodeId"] for task in world.tasks(status="Open")] == ["second"]


def test_of_two_branches_at_one_node_only_the_one_that_leaves_loses_its_task(world: World) -> None:
    document = branches()
    document["nodes"].pop("second")
    document["edges"] = {key: edge for key, edge in document["edges"].items() if edge["target"] != "second"}
    document["edges"]["b"] = {"source": "split", "source_port": "b", "target": "first"}
    world.publish(document)
    run = world.start([{"lastName": "Lovelace"}])
    move_run(world.platform, run, "say", place="first")
    world.go()
    assert sorted(task["status"] for task in world.records("Task")) == ["Cancelled", "Open"]
    assert [place["node"] for place in world.show(run).waiting_at] == ["first"]


def test_an_approval_is_recalled_as_its_run_moves_on(world: World) -> None:
    ada = world.create("User", name="Ada", email="ada@example.com")
    nodes = {**NODES, "call": ("people.approve", {"subject": "OK?", "approver": ada})}
    world.publish(workflow({key: nodes[key] for key in ("new", "call", "say")}, "new > call", "call:approved > say"))
    world.create("Lead", lastName="Lovelace")
    world.go()
    run = world.runs()[0].id
    move_run(world.platform, run, "say")
    world.go()
    assert world.status(run) == "completed"
    assert [approval["status"] for approval in world.records("Approval")] == ["Recalled"]
    assert {task["status"] for task in world.records("Task")} == {"Cancelled"}


def test_what_cannot_be_is_refused_and_changes_nothing(world: World) -> None:
    run = waiting(world)
    with pytest.raises(NotFoundError, match="no node 'sya'"):
        move_run(world.platform, run, "sya")
    with pytest.raises(InputError, match="cannot be moved to"):
        move_run(world.platform, run, "new")
    with pytest.raises(NotFoundError, match="does not stand at"):
        move_run(world.platform, run, "say", place="rest")
    assert [task["status"] for task in world.tasks()] == ["Open"]
    move_run(world.platform, run, "say")
    world.go()
    with pytest.raises(ConflictError, match="completed"):
        move_run(world.platform, run, "call")
