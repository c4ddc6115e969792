"""A draft is tried out: each step with its items, nothing leaves, and pinned items stand for what a node gives."""

from __future__ import annotations

from typing import Any

import pytest

import towpath
from tests.acceptance.flows import World, workflow
from towpath.errors import InputError, NotFoundError, WorkflowError
from towpath.service.backtest import backtest
from towpath.service.tryout import Source, Tryout, try_out


@pytest.fixture
def world() -> World:
    return World()


NODES = {
    "new": ("trigger.record", {"object": "Lead", "on": ["created"]}),
    "set": ("data.set", {"fields": {"points": "{{ $json.score * 2 }}"}}),
    "save": ("crm.update", {"object": "Lead", "fields": {"company": "changed"}}),
    "mail": ("mail.send", {"to": "{{ $json.email }}", "subject": "Hello", "text": "Hello"}),
    "rest": ("wait.duration", {"duration": "3 days"}),
    "say": ("notify.log", {"text": "said"}),
}
EDGES = ("new > set", "set > save", "save > mail", "mail:sent > rest", "rest > say")


def tried(world: World, document: Any, to: str | None = None, **source: Any) -> Tryout:
    return try_out(world.platform, towpath.load(document).definition, Source(**source), to=to)


def items(done: Tryout, node: str) -> list[Any]:
    """What the last step of a node gave."""
    return [
        item
        for step in done.steps
        if step["node"] == node
        for port in step["data"]["outputs"].values()
        for item in port
    ]


def test_a_draft_is_tried_on_a_record_over_its_waits_and_nothing_is_left_of_it(world: World) -> None:
    lead = world.create("Lead", lastName="Lovelace", score=7, email="ada@example.com")
    done = tried(world, workflow(NODES, *EDGES), record=lead)
    assert (done.status, done.error) == ("completed", None)
    assert [step["node"] for step in done.steps] == list(NODES)
    assert items(done, "set")[0]["points"] == 14
    assert (done.caught.mails, done.caught.records) == (1, 1)
    world.go()
    assert world.record("Lead", lead)["company"] is None
    assert (world.runs(), world.said()) == ([], [])


def test_run_to_here_takes_only_what_leads_there_even_where_the_rest_is_unfinished(world: World) -> None:
    lead = world.create("Lead", lastName="Lovelace", score=7)
    unfinished = {**NODES, "mail": ("mail.send", {})}
    with pytest.raises(WorkflowError):
        tried(world, workflow(unfinished, *EDGES), record=lead)
    done = tried(world, workflow(unfinished, *EDGES), record=lead, to="set")
    assert [step["node"] for step in done.steps] == ["new", "set"]


def test_pinned_items_stand_for_what_a_call_or_a_person_would_give(world: World) -> None:
    nodes = {
        "new": NODES["new"],
        "ask": ("people.task", {"subject": "Call"}, {"pinned": [{"answer": "yes"}]}),
        "call": ("http.request", {"url": "https://example.com"}, {"pinned": [{"body": "pinned"}]}),
        "say": NODES["say"],
    }
    lead = world.create("Lead", lastName="Lovelace")
    done = tried(world, workflow(nodes, "new > ask", "ask > call", "call > say"), record=lead)
    assert done.status == "completed"
    assert (items(done, "ask"), items(done, "call")) == ([{"answer": "yes"}], [{"body": "pinned"}])


def test_a_past_run_is_tried_again_with_its_record_or_with_what_was_kept_of_it(world: World) -> None:
    document = workflow({"start": ("trigger.manual", {}), "say": NODES["say"]}, "start > say", log="all")
    world.publish(document)
    run = world.start([{"a": 1}])
    assert items(tried(world, document, run=run), "start") == [{"a": 1}]


def test_a_past_run_of_which_nothing_was_kept_says_so(world: World) -> None:
    document = workflow({"start": ("trigger.manual", {}), "say": NODES["say"]}, "start > say")
    world.publish(document)
    with pytest.raises(InputError, match="no data were kept"):
        tried(world, document, run=world.start([{"a": 1}]))


def test_where_a_person_is_asked_the_way_ends(world: World) -> None:
    nodes = {"new": NODES["new"], "ask": ("people.task", {"subject": "Call"}), "say": NODES["say"]}
    done = tried(world, workflow(nodes, "new > ask", "ask > say"), record=world.create("Lead", lastName="L"))
    assert (done.status, done.waiting_at) == ("waiting", ["ask"])
    assert world.tasks() == []


def test_a_step_that_fails_is_told_with_its_error(world: World) -> None:
    nodes = {"find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"})}
    done = tried(world, workflow(nodes), items=[{"lead": "nobody"}])
    assert done.status == "failed"
    assert done.steps[0]["data"]["error"]["hint"]


def test_what_is_not_there_is_said(world: World) -> None:
    with pytest.raises(NotFoundError, match="no Lead with the id 'x'"):
        tried(world, workflow(NODES, *EDGES), record="x")
    with pytest.raises(NotFoundError, match="no node 'x'"):
        tried(world, workflow(NODES, *EDGES), to="x")


def test_a_back_test_does_not_use_pinned_items(world: World) -> None:
    world.create("Lead", lastName="Lovelace", score=7)
    pinned = {**NODES, "set": (*NODES["set"], {"pinned": [{"points": 0}, {"points": 0}]})}
    pinned["high"] = ("logic.if", {"condition": "points > 10"})
    document = workflow(
        {name: pinned[name] for name in ("new", "set", "high", "say")}, "new > set", "set > high", "high:true > say"
    )
    found = backtest(world.platform, towpath.load(document).definition, 0, world.clock.now() + 1)
    assert found.paths[0].path.endswith("say")
