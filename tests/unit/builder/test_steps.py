"""The fluent builder: steps joined by ``>>``, branches, joins, loops, names and places."""

from __future__ import annotations

import pytest

from towpath import Workflow
from towpath.errors import InputError


def edges(workflow: Workflow) -> set[str]:
    """The edges as "source.port>target.port", ports only where they are not the usual ones."""
    drawn = set()
    for edge in workflow.definition.edges.values():
        out = "" if edge.source_port == "out" else f".{edge.source_port}"
        into = "" if edge.target_port == "in" else f".{edge.target_port}"
        drawn.add(f"{edge.source}{out}>{edge.target}{into}")
    return drawn


def step(workflow: Workflow, name: str):  # type: ignore[no-untyped-def]
    return workflow.data.set({"x": 1}, name=name)


def test_the_example_of_the_issue() -> None:
    wf = Workflow("Score")
    start = wf.on_create("Lead", name="start")
    hot = wf.crm.update("Lead", fields={"rating": "Hot"}, name="hot")
    cold = wf.crm.update("Lead", fields={"rating": "Cold"}, name="cold")
    _ = start >> wf.when("score > 50", name="when").then(hot).otherwise(cold)
    assert edges(wf) == {"start>when", "when.true>hot", "when.false>cold"}
    assert [problem for problem in wf.check() if problem.severity == "error"] == []


def test_only_what_differs_from_the_defaults_is_written() -> None:
    wf = Workflow("x")
    wf.on_create("Lead")
    (node,) = wf.definition.nodes.values()
    assert (node.type, node.params) == ("trigger.record", {"object": "Lead", "on": ["created"]})


def test_null_is_kept_where_it_means_something_else_than_the_default() -> None:
    wf = Workflow("x")
    wf.crm.find("Deal", limit=None)
    (node,) = wf.definition.nodes.values()
    assert node.params == {"object": "Deal", "limit": None}


def test_ids_are_made_of_names_and_names_of_titles() -> None:
    wf = Workflow("x")
    for _ in range(2):
        wf.crm.create("Lead", fields={})
    wf.crm.create("Lead", fields={}, name="Neuer Kunde: 客户!")
    assert list(wf.definition.nodes) == ["create_record", "create_record_2", "neuer_kunde_客户"]
    assert [node.name for node in wf.definition.nodes.values()][:2] == ["Create record", "Create record 2"]


def test_what_follows_a_decision_comes_after_the_branches_that_were_given() -> None:
    wf = Workflow("x")
    _ = wf.when("a > 1", name="w").then(step(wf, "a")).otherwise(step(wf, "b")) >> step(wf, "c")
    assert edges(wf) == {"w.true>a", "w.false>b", "a>c", "b>c"}


def test_an_empty_branch_goes_straight_on_and_a_missing_one_ends() -> None:
    wf = Workflow("x")
    _ = wf.when("a > 1", name="w").then(step(wf, "a")).otherwise() >> step(wf, "c")
    assert edges(wf) == {"w.true>a", "w.false>c", "a>c"}
    other = Workflow("y")
    _ = other.when("a > 1", name="w") >> step(other, "c")
    assert edges(other) == {"w.true>c"}


def test_a_branch_takes_several_steps_and_nested_decisions() -> None:
    wf = Workflow("x")
    inner = wf.when("b > 1", name="v").then(step(wf, "b"))
    _ = wf.when("a > 1", name="w").then(step(wf, "a"), inner) >> step(wf, "c")
    assert edges(wf) == {"w.true>a", "a>v", "v.true>b", "b>c"}


def test_a_switch_has_a_way_out_for_each_case() -> None:
    wf = Workflow("x")
    switch = wf.switch("{{ $json.country }}", name="s")
    switch.case("DE", step(wf, "a")).case("near", step(wf, "b"), equals=["FR", "PL"]).otherwise(step(wf, "c"))
    assert edges(wf) == {"s.DE>a", "s.near>b", "s.other>c"}
    assert wf.definition.nodes["s"].params["cases"] == [
        {"label": "DE", "equals": "DE"},
        {"label": "near", "equals": ["FR", "PL"]},
    ]


def test_a_switch_by_conditions() -> None:
    wf = Workflow("x")
    wf.switch(name="s").case("hot", step(wf, "a"), when="score >= 80").case("warm", step(wf, "b"), when="score >= 50")
    assert edges(wf) == {"s.hot>a", "s.warm>b"}
    assert [problem.code for problem in wf.check()] == []


def test_named_ways_out_of_any_node_are_cases() -> None:
    wf = Workflow("x")
    wf.people.approve("Discount?", approver="boss@example.com", name="p").then(step(wf, "a")).otherwise(step(wf, "b"))
    assert edges(wf) == {"p.approved>a", "p.rejected>b"}
    with pytest.raises(InputError) as caught:
        wf.people.approve("Again?").case("aproved")
    assert caught.value.hint == "Did you mean 'approved'?"


def test_parallel_parts_and_lists_split_and_come_together() -> None:
    wf = Workflow("x")
    _ = step(wf, "s") >> [step(wf, "a"), step(wf, "b")] >> step(wf, "e")
    _ = [step(wf, "u"), step(wf, "v")] >> step(wf, "w")
    assert edges(wf) == {"s>a", "s>b", "a>e", "b>e", "u>w", "v>w"}


def test_a_join_waits_for_each_branch_at_its_own_input() -> None:
    wf = Workflow("x")
    parts = [step(wf, name) for name in "abc"]
    _ = step(wf, "s") >> wf.join(*parts, name="j") >> step(wf, "e")
    assert edges(wf) == {"s>a", "s>b", "s>c", "a>j.in1", "b>j.in2", "c>j.in3", "j>e"}
    assert wf.definition.nodes["j"].params == {"inputs": 3}


def test_for_each_leads_back_to_the_loop_and_goes_on_when_done() -> None:
    wf = Workflow("x")
    _ = step(wf, "s") >> wf.for_each(step(wf, "a"), step(wf, "b"), size=10, name="l") >> step(wf, "e")
    assert edges(wf) == {"s>l", "l.loop>a", "a>b", "b>l", "l.done>e"}
    assert [problem.code for problem in wf.check()] == []


def test_an_error_branch_does_not_come_back() -> None:
    wf = Workflow("x")
    _ = step(wf, "a").on_error(step(wf, "h")) >> step(wf, "b")
    assert edges(wf) == {"a.error>h", "a>b"}
    assert wf.definition.nodes["a"].on_error == "branch"


def test_options_set_what_every_node_has() -> None:
    wf = Workflow("x").lane("sales", "Sales", assignee="{{ $json.ownerId }}")
    step(wf, "a").options(lane="sales", time_limit="2h", retry={"attempts": 5, "delay": "1 min"}, notes="why")
    node = wf.definition.nodes["a"]
    assert node.retry is not None
    assert (node.lane, node.time_limit, node.retry.attempts, node.retry.delay) == ("sales", 7200, 5, 60)


def test_lists_and_steps_may_be_mixed() -> None:
    wf = Workflow("x").nodes([{"id": "a", "type": "trigger.manual"}])
    step(wf, "b")
    wf.edges([{"source": "a", "target": "b"}])
    assert edges(wf) == {"a>b"}


def test_nothing_follows_on_nothing() -> None:
    wf = Workflow("x")
    with pytest.raises(InputError):
        _ = step(wf, "a") >> []
