"""What check says about edges and the graph: ends, ports, branches, reach, cycles, joins, calls."""

from __future__ import annotations

import pytest

from tests.unit.check.catalogue import CRM, REGISTRY, START, STEP, WRITE, node, problems
from towpath.engine.check import require_sound
from towpath.errors import WorkflowError
from towpath.formats import read_workflow
from towpath.model.problem import Problem

CHOOSE = node("choose")


def codes(found: list[Problem]) -> list[str]:
    return [problem.code for problem in found]


def test_an_empty_workflow_is_reported() -> None:
    assert codes(problems({})) == ["workflow.empty"]


def test_an_edge_to_nowhere_is_reported_at_both_ends() -> None:
    found = problems({"start": START}, ["start>stat", "x>start"])
    assert [(problem.code, problem.edge, problem.field) for problem in found] == [
        ("workflow.dangling_edge", "0", "target"),
        ("workflow.dangling_edge", "1", "source"),
    ]
    assert found[0].hint == "Did you mean 'start'?"


def test_a_port_that_does_not_exist_is_named_with_the_nearest_one() -> None:
    found = problems({"a": START, "b": CHOOSE, "c": STEP}, ["a>b", "b.yess>c"])
    assert codes(found) == ["workflow.unknown_port"]
    assert (found[0].edge, found[0].hint) == ("1", "Did you mean 'yes'?")
    assert codes(problems({"a": START, "b": STEP}, ["a>b.inn"])) == ["workflow.unknown_port"]


def test_an_edge_into_a_trigger_is_reported() -> None:
    found = problems({"a": START, "b": START}, ["a>b"])
    assert codes(found) == ["workflow.unknown_port"]
    assert "trigger" in found[0].message


def test_ports_that_depend_on_faulty_parameters_are_not_judged() -> None:
    found = problems({"a": START, "b": node("choose", rules=3), "c": STEP}, ["a>b", "b.whatever>c"])
    assert codes(found) == ["node.parameter"]


def test_an_edge_that_leaves_a_decision_without_saying_where_is_reported() -> None:
    found = problems({"a": START, "b": CHOOSE, "c": STEP}, ["a>b", "b>c"])
    assert codes(found) == ["workflow.unlabelled_branch"]
    assert found[0].hint == "Set source_port to one of: yes, no."


def test_two_edges_of_one_branch_need_labels() -> None:
    nodes = {"a": START, "b": CHOOSE, "c": STEP, "d": STEP}
    found = problems(nodes, ["a>b", "b.yes>c", "b.yes>d"])
    assert [(problem.code, problem.severity) for problem in found] == [("workflow.unlabelled_branch", "warning")]
    labelled = {
        "0": {"source": "a", "target": "b"},
        "1": {"source": "b", "source_port": "yes", "target": "c", "label": "tell sales"},
        "2": {"source": "b", "source_port": "yes", "target": "d", "label": "tell support"},
    }
    assert problems(nodes, labelled) == []


def test_an_error_edge_needs_on_error_branch_and_the_branch_needs_an_edge() -> None:
    assert codes(problems({"a": START, "b": WRITE, "c": STEP}, ["a>b", "b.error>c"])) == ["workflow.error_edge"]
    branching = {"a": START, "b": {**WRITE, "on_error": "branch"}, "c": STEP}
    assert problems(branching, ["a>b", "b.error>c"]) == []
    found = problems(branching, ["a>b", "b>c"])
    assert [(problem.code, problem.severity) for problem in found] == [("workflow.error_unhandled", "warning")]


def test_an_edge_drawn_twice_is_a_warning() -> None:
    assert codes(problems({"a": START, "b": STEP}, ["a>b", "a>b"])) == ["workflow.double_edge"]


def test_a_node_that_no_trigger_leads_to_is_unreachable() -> None:
    found = problems({"a": START, "b": STEP, "c": STEP, "d": STEP}, ["a>b", "c>d"])
    assert [(problem.code, problem.node) for problem in found] == [
        ("workflow.unreachable", "c"),
        ("workflow.unreachable", "d"),
    ]


def test_a_workflow_that_cannot_begin_is_reported() -> None:
    nodes = {"a": STEP, "b": STEP}
    edges = {"1": {"source": "a", "target": "b"}, "2": {"source": "b", "target": "a", "limit": 3}}
    assert codes(problems(nodes, edges)) == ["workflow.no_entry"]


def test_a_cycle_needs_a_bound() -> None:
    nodes = {"a": START, "b": STEP, "c": CHOOSE}
    found = problems(nodes, ["a>b", "b>c", "c.no>b"])
    assert codes(found) == ["workflow.unbounded_cycle"]
    assert "'b' -> 'c' -> 'b'" in found[0].message


def test_a_limit_on_an_edge_bounds_the_cycle() -> None:
    edges = {
        "1": {"source": "a", "target": "b"},
        "2": {"source": "b", "target": "c"},
        "3": {"source": "c", "source_port": "no", "target": "b", "limit": 5},
    }
    assert problems({"a": START, "b": STEP, "c": CHOOSE}, edges) == []


def test_a_node_may_not_lead_to_itself_for_ever() -> None:
    assert codes(problems({"a": START, "b": STEP}, ["a>b", "b>b"])) == ["workflow.unbounded_cycle"]


def test_a_loop_node_bounds_the_way_round_but_not_the_way_out() -> None:
    nodes = {"a": START, "l": node("loop"), "b": STEP}
    assert problems(nodes, ["a>l", "l.loop>b", "b>l"]) == []
    assert codes(problems(nodes, ["a>l", "l.done>b", "b>l"])) == ["workflow.unbounded_cycle"]
    disabled = {**nodes, "l": {**node("loop"), "disabled": True}}
    assert codes(problems(disabled, ["a>l", "l.loop>b", "b>l"])) == ["workflow.unbounded_cycle"]


def test_a_join_of_one_branch_is_a_warning() -> None:
    found = problems({"a": START, "j": node("join")}, ["a>j.in1"])
    assert [(problem.code, problem.severity) for problem in found] == [("workflow.join_one_input", "warning")]
    assert problems({"a": START, "b": STEP, "j": node("join")}, ["a>j.in1", "a>b", "b>j.in2"]) == []


def test_long_chains_and_large_circles_are_checked_without_recursion() -> None:
    count = 5_000
    nodes = {"s": START} | {str(number): STEP for number in range(count)}
    chain = ["s>0"] + [f"{number}>{number + 1}" for number in range(count - 1)]
    assert problems(nodes, chain) == []
    assert codes(problems(nodes, [*chain, f"{count - 1}>0"])) == ["workflow.unbounded_cycle"]


def test_errors_come_before_warnings_and_refuse_publication() -> None:
    definition = read_workflow({"name": "x", "nodes": {"j": node("join"), "b": node("wriet")}, "edges": {}})
    with pytest.raises(WorkflowError) as caught:
        require_sound(definition, REGISTRY, CRM)
    assert [problem.severity for problem in caught.value.problems] == ["error", "warning"]
    assert caught.value.code == "workflow.unknown_type"
    sound = read_workflow({"name": "x", "nodes": {"j": node("join")}})
    assert codes(require_sound(sound, REGISTRY, CRM)) == ["workflow.join_one_input"]
