"""Control flow: branches, splits, merges, loops, as written in YAML, with the builder and as data; mocks and pins."""

from __future__ import annotations

from typing import Any

import pytest

import towpath
from tests.acceptance.flows import DAY, HOUR, World, workflow
from towpath.errors import NodeError
from towpath.service.events import NamedEvent, send_events
from towpath.storage.system import VirtualClock


@pytest.fixture
def world() -> World:
    return World()


YAML = """
name: Qualify
nodes:
  begin: {type: trigger.manual}
  good: {type: logic.if, params: {condition: score > 50}}
  hot: {type: data.set, params: {fields: {rating: Hot}}}
  cold: {type: data.set, params: {fields: {rating: Cold}}}
  say: {type: notify.log, params: {text: "{{ $json.name }} is {{ $json.rating }}"}}
edges:
  a: {source: begin, target: good}
  b: {source: good, source_port: "true", target: hot}
  c: {source: good, source_port: "false", target: cold}
  d: {source: hot, target: say}
  e: {source: cold, target: say}
"""


def test_a_yaml_text_runs_and_says_what_it_did() -> None:
    result = towpath.run(YAML, [{"name": "A", "score": 60}, {"name": "B", "score": 10}], store=":memory:")
    assert result.status == "completed"
    assert [step.node for step in result.steps] == ["begin", "good", "hot", "say", "cold", "say"]
    assert result.log == ("A is Hot", "B is Cold")
    assert result.step("good").outputs["true"] == [{"name": "A", "score": 60}]
    assert result.step("good").outputs["false"] == [{"name": "B", "score": 10}]


def test_an_expression_may_call_an_earlier_node_by_its_name_or_its_id() -> None:
    first = {"type": "data.set", "name": "Ask first", "params": {"fields": {"asked": "yes"}}}
    texts = {"by_id": "{{ $('first').first().json.asked }}", "by_name": "{{ $('Ask first').item.json.asked }}"}
    then = {"type": "data.set", "params": {"fields": texts}}
    definition = {
        "name": "Two",
        "nodes": {"first": first, "then": then},
        "edges": {"e": {"source": "first", "target": "then"}},
    }
    result = towpath.run(definition, [{}], store=":memory:")
    assert result.items == [{"asked": "yes", "by_id": "yes", "by_name": "yes"}]


def test_waits_pass_at_once_on_a_virtual_clock_and_are_measured() -> None:
    wait = workflow(
        {"wait": ("wait.duration", {"duration": "3 days"}), "log": ("notify.log", {"text": "done"})}, "wait > log"
    )
    clock = VirtualClock()
    begin = clock.now()
    result = towpath.run(wait, [{}], clock=clock)
    assert (result.status, result.log) == ("completed", ("done",))
    assert clock.now() - begin == 3 * 86_400_000_000


def test_without_a_clock_that_moves_a_run_stands_at_its_wait() -> None:
    wait = workflow(
        {"wait": ("wait.duration", {"duration": "3 days"}), "log": ("notify.log", {"text": "done"})}, "wait > log"
    )
    result = towpath.run(wait, [{}], store=":memory:")
    assert (result.status, result.ok, result.log) == ("waiting", True, ())


def test_the_builder_draws_the_same_workflow() -> None:
    wf = towpath.Workflow("Qualify")
    wf.on_create("Lead") >> wf.when("score > 50").then(wf.notify.log(text="hot")).otherwise(wf.notify.log(text="cold"))
    result = wf.run([{"lastName": "A", "score": 60}, {"lastName": "B", "score": 10}], store=":memory:")
    assert [run.log for run in result.runs] == [("hot",), ("cold",)]


CALL = workflow(
    {
        "call": ("http.request", {"url": "https://api.example.com/{{ $json.name }}"}, {"on_error": "branch"}),
        "log": ("notify.log", {"text": "{{ $json.body }}"}),
        "bad": ("notify.log", {"text": "{{ $json.name }}: {{ $json.error.message }}"}),
    },
    "call > log",
    "call:error > bad",
)


@pytest.mark.parametrize("name", ["call", "http.request"])
def test_a_mock_stands_in_for_a_node_by_id_or_type(name: str) -> None:
    result = towpath.run(CALL, [{"name": "acme"}], mocks={name: {"body": "from the mock"}})
    assert (result.status, result.log) == ("completed", ("from the mock",))


def test_a_mock_can_be_a_function_of_the_item() -> None:
    result = towpath.run(CALL, [{"name": "a"}, {"name": "b"}], mocks={"call": lambda item: {"body": item["name"] * 2}})
    assert result.log == ("aa", "bb")


def test_a_mock_can_fail_as_the_node_would() -> None:
    def flaky(item: dict[str, Any]) -> dict[str, Any]:
        if item["name"] == "b":
            raise NodeError("the service is down", code="http.failed")
        return {"body": item["name"]}

    result = towpath.run(CALL, [{"name": "a"}, {"name": "b"}], mocks={"call": flaky})
    assert result.status == "completed"
    assert sorted(result.log) == ["a", "b: the service is down"]


def test_a_mock_can_be_an_error() -> None:
    result = towpath.run(CALL, [{"name": "a"}], mocks={"call": NodeError("the service is down")})
    assert result.log == ("a: the service is down",)


def test_pinned_items_are_used_instead_of_running_the_node_in_a_trial_run() -> None:
    document = workflow(
        {
            **_nodes(),
            "call": ("http.request", {"url": "https://api.example.com"}, {"pinned": [{"body": 1}, {"body": 2}]}),
        },
        "call > log",
    )
    result = towpath.run(document, [{}], store=":memory:")
    assert (result.status, result.log) == ("completed", ("1", "2"))


def _nodes() -> dict[str, Any]:
    return {"log": ("notify.log", {"text": "{{ $json.body }}"})}


def test_branches_run_from_top_to_bottom_and_each_to_its_end(world: World) -> None:
    nodes = {
        "split": ("logic.split", {"branches": ["a", "b", "c"]}),
        "low": ("notify.log", {"text": "low"}, {"position": {"x": 0, "y": 300}}),
        "high": ("notify.log", {"text": "high"}, {"position": {"x": 500, "y": 100}}),
        "left": ("notify.log", {"text": "left"}, {"position": {"x": 0, "y": 200}}),
        "right": ("notify.log", {"text": "right"}, {"position": {"x": 100, "y": 200}}),
        "after": ("notify.log", {"text": "after high"}),
    }
    one_port = workflow(nodes, "split:a > low", "split:a > right", "split:a > left", "split:a > high", "high > after")
    world.publish(one_port)
    world.start([{}])
    assert world.said() == ["high", "after high", "left", "right", "low"]


def test_a_merge_runs_when_one_branch_can_bring_nothing_any_more(world: World) -> None:
    nodes = {
        "split": "logic.split",
        "never": ("logic.filter", {"condition": "n > 100"}),
        "b": ("data.set", {"fields": {"n": "b"}}),
        "merge": "logic.merge",
        "log": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(
        workflow(nodes, "split:a > never", "split:b > b", "never > merge:in1", "b > merge:in2", "merge > log")
    )
    run = world.start([{"n": 1}])
    assert (world.status(run), world.said()) == ("completed", ["b"])


def test_a_merge_waits_for_the_branch_that_waits(world: World) -> None:
    nodes = {
        "split": "logic.split",
        "slow": ("wait.duration", {"duration": "1 day"}),
        "b": ("data.set", {"fields": {"n": "b"}}),
        "merge": "logic.merge",
        "log": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(workflow(nodes, "split:a > slow", "split:b > b", "slow > merge:in1", "b > merge:in2", "merge > log"))
    run = world.start([{"n": 1}])
    assert (world.status(run), world.said()) == ("waiting", [])
    world.until(DAY)
    assert (world.status(run), world.said()) == ("completed", ["1", "b"])


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, ["a1", "a2", "b1"]),
        ({"mode": "position"}, ["b1", "a2"]),
        ({"mode": "position", "unpaired": False}, ["b1"]),
        ({"mode": "key", "keys": ["key"]}, ["b1"]),
        ({"mode": "key", "keys": ["key"], "join": "unmatched"}, ["a1"]),
        ({"mode": "choose", "choose": 2}, ["b1"]),
        ({"mode": "all"}, ["b1", "b1"]),
    ],
)
def test_a_merge_brings_two_streams_together(world: World, params: dict[str, Any], said: list[str]) -> None:
    a = [{"name": "a1", "key": 1}, {"name": "a2", "key": 2}]
    nodes = {
        "split": "logic.split",
        "as": ("data.split_out", {"fields": ["a"]}),
        "bs": ("data.split_out", {"fields": ["b"]}),
        "merge": ("logic.merge", params),
        "log": ("notify.log", {"text": "{{ $json.name || $json.a.name || $json.b.name }}"}),
    }
    world.publish(workflow(nodes, "split:a > as", "split:b > bs", "as > merge:in1", "bs > merge:in2", "merge > log"))
    run = world.start([{"a": a, "b": [{"name": "b1", "key": 2}]}])
    assert (world.status(run), world.said()) == ("completed", said)


def loop(body: Any, *more: str, size: int = 2, **nodes: Any) -> dict[str, Any]:
    every = {
        "go": "trigger.manual",
        "loop": ("logic.loop", {"size": size}),
        "body": body,
        "end": ("notify.log", {"text": "end {{ $json.n }}"}),
        **nodes,
    }
    return workflow(every, "go > loop", "loop:loop > body", "loop:done > end", *(more or ("body > loop",)))


def items(count: int) -> list[dict[str, Any]]:
    return [{"n": n} for n in range(count)]


def test_a_loop_takes_the_items_in_batches_and_gives_all_back(world: World) -> None:
    world.publish(loop(("notify.log", {"text": "{{ $json.n }} of {{ $input.all().length }}"})))
    run = world.start(items(5))
    assert world.path(run) == ["go", "loop", "body", "loop", "body", "loop", "body", "loop", "end"]
    assert world.said() == ["0 of 2", "1 of 2", "2 of 2", "3 of 2", "4 of 1", *(f"end {n}" for n in range(5))]


def test_a_loop_goes_on_after_a_round_that_brings_nothing(world: World) -> None:
    world.publish(loop(("logic.filter", {"condition": "n >= 2 and n < 4"})))
    run = world.start(items(6))
    assert (world.status(run), world.said()) == ("completed", ["end 2", "end 3"])


def test_a_loop_in_a_loop_goes_through_every_pair(world: World) -> None:
    nodes = {
        "go": "trigger.manual",
        "outer": ("logic.loop", {}),
        "list": ("data.split_out", {"fields": ["list"]}),
        "inner": ("logic.loop", {}),
        "say": ("notify.log", {"text": "{{ $json.list ?? $json.x }}"}),
        "end": ("notify.log", {"text": "end"}),
    }
    world.publish(workflow(
        nodes, "go > outer", "outer:loop > list", "list > inner", "inner:loop > say", "say > inner",
        "inner:done > outer", "outer:done > end",
    ))  # fmt: skip
    run = world.start([{"list": [{"x": "a"}, {"x": "b"}]}, {"list": [{"x": "c"}]}])
    assert world.status(run) == "completed"
    assert world.said() == ["a", "b", "c", "end", "end", "end"]


def test_a_loop_with_a_wait_in_it_takes_its_time(world: World) -> None:
    world.publish(loop(("wait.duration", {"duration": "1 h"}), size=1))
    run = world.start(items(3))
    world.until(2 * HOUR)
    assert world.status(run) == "waiting"
    world.until(3 * HOUR)
    assert (world.status(run), world.said()) == ("completed", ["end 0", "end 1", "end 2"])


def test_a_loop_does_not_stand_still_for_another_branch_that_waits(world: World) -> None:
    nodes = {
        "split": "logic.split",
        "loop": ("logic.loop", {}),
        "none": ("logic.filter", {"condition": "n > 100"}),
        "end": ("notify.log", {"text": "loop is done"}),
        "wait": ("wait.duration", {"duration": "30 days"}),
        "body": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(
        workflow(
            nodes,
            "split:b > loop",
            "split:a > wait",
            "loop:loop > body",
            "body > none",
            "none > loop",
            "loop:done > end",
        )
    )
    run = world.start(items(2))
    assert (world.status(run), world.said()) == ("waiting", ["0", "1"])
    world.until(30 * DAY)
    assert world.status(run) == "completed"


def test_a_run_of_many_items_waits_for_each_and_goes_on_once(world: World) -> None:
    nodes = {
        "ask": ("wait.event", {"event": "paid", "key": "{{ $json.n }}"}),
        "log": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(workflow(nodes, "ask > log"))
    run = world.start(items(3))
    send_events(world.platform, [NamedEvent("paid", "2"), NamedEvent("paid", "0")])
    world.go()
    assert world.status(run) == "waiting"
    send_events(world.platform, [NamedEvent("paid", "1")])
    world.go()
    assert (world.status(run), world.said()) == ("completed", ["0", "1", "2"])


def test_a_batch_of_one_and_of_a_thousand_give_the_same() -> None:
    outcomes = []
    for size in (1, 1000):
        world = World(batch_size=size, next_size=size)
        nodes = {
            "lead": ("trigger.record", {"object": "Lead", "on": ["created"]}),
            "if": ("logic.if", {"condition": "score > 50"}),
            "wait": ("wait.duration", {"duration": "1 h"}),
            "hot": ("crm.update", {"object": "Lead", "fields": {"rating": "Hot"}}),
            "cold": ("crm.update", {"object": "Lead", "fields": {"rating": "Cold"}}),
        }
        world.publish(workflow(nodes, "lead > if", "if:true > wait", "wait > hot", "if:false > cold"))
        for n in range(30):
            world.create("Lead", lastName=f"{n:02}", score=n * 5)
        world.until(HOUR)
        leads = sorted((lead["lastName"], lead["rating"], lead["updatedAt"]) for lead in world.records("Lead"))
        outcomes.append((leads, [world.path(run.id) for run in world.runs()]))
    assert outcomes[0] == outcomes[1]
