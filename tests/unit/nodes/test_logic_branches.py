"""Branches through the real engine: splits, merges, shares and early ends."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.unit.nodes.running import advance, new_run, plan_of
from towpath.engine.plan import Plan


def outcome(plan: Plan, *items: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    run = new_run(plan, items)
    advance(plan, run)
    return run.status, [item.json for item in run.result]


def test_branches_that_split_come_together_again() -> None:
    nodes = {
        "split": {"type": "logic.split"},
        "a": {"type": "data.set", "params": {"fields": {"a": 1}}},
        "b": {"type": "data.set", "params": {"fields": {"b": 2}}},
        "merge": {"type": "logic.merge", "params": {"mode": "position"}},
    }
    plan = plan_of(nodes, ["split:a > a", "split:b > b", "a > merge:in1", "b > merge:in2"])
    assert outcome(plan, {"n": 1}, {"n": 2}) == ("completed", [{"n": 1, "a": 1, "b": 2}, {"n": 2, "a": 1, "b": 2}])


def test_a_merge_does_not_wait_for_a_branch_that_was_not_taken() -> None:
    nodes = {
        "if": {"type": "logic.if", "params": {"condition": "n > 1"}},
        "merge": {"type": "logic.merge"},
        "end": {"type": "data.set", "params": {"fields": {"end": True}}},
    }
    plan = plan_of(nodes, ["if:true > merge:in1", "if:false > merge:in2", "merge > end"])
    assert outcome(plan, {"n": 2}) == ("completed", [{"n": 2, "end": True}])
    assert outcome(plan, {"n": 1}, {"n": 2}) == ("completed", [{"n": 2, "end": True}, {"n": 1, "end": True}])


def test_stop_ends_all_branches_of_the_run_and_no_other_run() -> None:
    nodes = {
        "split": {"type": "logic.split"},
        "wait": {"type": "wait.duration", "params": {"duration": "1 h"}},
        "if": {"type": "logic.if", "params": {"condition": "n > 1"}},
        "stop": {"type": "logic.stop", "params": {"outcome": "complete"}},
    }
    plan = plan_of(nodes, ["split:a > wait", "split:b > if", "if:true > stop"])
    stopped, other = new_run(plan, [{"n": 2}], "run1"), new_run(plan, [{"n": 1}], "run2")
    advance(plan, stopped, other)
    assert (stopped.status, [item.json for item in stopped.result]) == ("completed", [{"n": 2}])
    assert other.status == "waiting"


def test_stop_with_a_message_takes_the_error_branch_where_there_is_one() -> None:
    nodes = {
        "stop": {"type": "logic.stop", "params": {"message": "no {{ $json.n }}"}, "on_error": "branch"},
        "end": {"type": "logic.noop"},
    }
    plan = plan_of(nodes, ["stop:error > end"])
    status, (item,) = outcome(plan, {"n": 1})
    assert (status, item["n"], item["error"]["code"], item["error"]["message"]) == (
        "completed", 1, "node.stopped", "no 1",
    )  # fmt: skip


def test_shares_are_kept_over_many_records_and_a_second_split_is_independent() -> None:
    branches = [{"name": "new", "share": 20}, {"name": "old", "share": 80}]
    nodes = {
        "first": {"type": "logic.random_split", "params": {"branches": branches}},
        "second": {"type": "logic.random_split", "params": {"branches": branches}},
        "end": {"type": "logic.noop"},
    }
    plan = plan_of(nodes, ["first:new > second", "second:new > end"])
    run = new_run(plan, [{"id": f"lead{n}"} for n in range(5000)])
    trace = advance(plan, run)
    counts = [Counter({port: len(items) for port, items in step.outputs.items()}) for step in trace.steps[:2]]
    assert 900 < counts[0]["new"] < 1100
    assert 150 < counts[1]["new"] < 250
