"""Looking at a run: each step with its items, in and out, and where the run stands with what."""

from __future__ import annotations

import pytest

from tests.acceptance.flows import World, workflow


@pytest.fixture
def world() -> World:
    return World()


NODES = {
    "new": ("trigger.record", {"object": "Lead", "on": ["created"]}),
    "set": ("data.set", {"fields": {"points": "{{ $json.score * 2 }}"}}),
    "high": ("logic.if", {"condition": "points > 10"}),
    "ask": ("people.task", {"subject": "Call"}),
}


def test_a_run_whose_data_are_kept_shows_the_items_of_every_step_by_port(world: World) -> None:
    world.publish(workflow(NODES, "new > set", "set > high", "high:true > ask", log="all"))
    world.create("Lead", lastName="Lovelace", score=7)
    world.go()
    (run,) = world.runs()
    steps = {step.node: step.data or {} for step in world.show(run.id).steps}
    assert [item["points"] for item in steps["set"]["outputs"]["out"]] == [14]
    assert [item["points"] for item in steps["high"]["outputs"]["true"]] == [14]
    assert [item["lastName"] for items in steps["set"]["inputs"].values() for item in items] == ["Lovelace"]


def test_a_failed_step_is_shown_with_its_input_and_the_hint_of_its_error(world: World) -> None:
    world.publish(workflow({"find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"})}))
    (step,) = world.show(world.start([{"lead": "nobody"}])).steps
    assert step.data is not None
    assert list(step.data["inputs"].values()) == [[{"lead": "nobody"}]]
    assert step.data["error"]["code"] == step.error
    assert step.data["error"]["hint"]


def test_the_attempts_of_a_step_keep_their_own_data_apart(world: World) -> None:
    retried = {"retry": {"attempts": 2, "delay": 1}}
    world.publish(workflow({"find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"}, retried)}))
    run = world.start([{"lead": "nobody"}])
    world.until(60)
    assert [(step.attempt, bool(step.data)) for step in world.show(run).steps] == [(1, True), (2, True)]


def test_a_run_that_waits_shows_the_record_that_it_waits_with_as_it_is_now(world: World) -> None:
    world.publish(workflow({name: NODES[name] for name in ("new", "ask")}, "new > ask"))
    lead = world.create("Lead", lastName="Lovelace")
    world.go()
    world.update("Lead", lead, company="Analytical Engines")
    view = world.show(world.runs()[0].id)
    (place,) = view.waiting_at
    assert (view.object, place["node"], place["count"]) == ("Lead", "ask", 1)
    assert place["items"][0]["company"] == "Analytical Engines"
