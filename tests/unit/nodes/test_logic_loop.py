"""The loop through the real engine: every item once, in order, also across waits and inside each other."""

from __future__ import annotations

from math import ceil
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.nodes.running import advance, new_run, plan_of, stored_and_read
from towpath.engine.state import RunState

Json = dict[str, Any]


def results(run: RunState) -> list[Json]:
    return [item.json for item in run.result]


def loop_plan(size: int, done: str = "returned", body: Json | None = None) -> Any:
    nodes = {
        "loop": {"type": "logic.loop", "params": {"size": size, "done": done}},
        "body": body or {"type": "data.set", "params": {"fields": {"seen": True}}},
        "end": {"type": "logic.noop"},
        "start": {"type": "logic.noop"},
    }
    return plan_of(nodes, ["start > loop", "loop:loop > body", "body > loop", "loop:done > end"])


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(1, 12), min_size=1, max_size=4), size=st.integers(1, 5))
def test_every_item_goes_through_once_and_all_leave_in_order(counts: list[int], size: int) -> None:
    plan = loop_plan(size)
    runs = [new_run(plan, [{"n": n} for n in range(count)], f"run{i}") for i, count in enumerate(counts)]
    trace = advance(plan, *runs)
    for count, run in zip(counts, runs, strict=True):
        assert run.status == "completed"
        assert results(run) == [{"n": n, "seen": True} for n in range(count)]
        rounds = [step for step in trace.steps if step.run == run.id and step.node == "body"]
        assert len(rounds) == ceil(count / size)
        assert [json["n"] for step in rounds for json in step.inputs[0]] == list(range(count))
        assert run.loops == {}


def test_the_items_that_came_first_can_leave_instead() -> None:
    plan = loop_plan(2, "original")
    run = new_run(plan, [{"n": 1}, {"n": 2}, {"n": 3}])
    advance(plan, run)
    assert results(run) == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_loop_goes_on_after_waits_in_it() -> None:
    plan = loop_plan(2, body={"type": "wait.duration", "params": {"duration": "1 h"}})
    run = new_run(plan, [{"n": n} for n in range(5)])
    waits = 0
    advance(plan, run)
    while run.status == "waiting":
        waits += 1
        run = stored_and_read(plan, run)
        advance(plan, run)
    assert (waits, run.status) == (3, "completed")
    assert results(run) == [{"n": n} for n in range(5)]


def test_a_loop_in_a_loop_starts_anew_each_time() -> None:
    nodes = {
        "outer": {"type": "logic.loop", "params": {"size": 2}},
        "inner": {"type": "logic.loop"},
        "body": {"type": "data.set", "params": {"fields": {"times": "{{ ($json.times || 0) + 1 }}"}}},
        "end": {"type": "logic.noop"},
        "start": {"type": "logic.noop"},
    }
    edges = [
        "start > outer", "outer:loop > inner", "inner:loop > body", "body > inner", "inner:done > outer",
        "outer:done > end",
    ]  # fmt: skip
    plan = plan_of(nodes, edges)
    run = new_run(plan, [{"n": n} for n in range(5)])
    trace = advance(plan, run)
    assert results(run) == [{"n": n, "times": 1} for n in range(5)]
    assert len([step for step in trace.steps if step.node == "body"]) == 5
