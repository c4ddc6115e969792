"""The order in which imported workflows run: n8n's v1, one branch to its end before the next, and v0, side by side.

The expected orders follow n8n's own rules: v1 sorts what a node leads to by position, from the top and then from the
left, over all its outputs; v0 queues it in the order of the connections, lets empty outputs reach second inputs, and
makes the nodes run that a merge waits for.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.test_n8n import outputs, played, steps
from tests.unit.formats.n8n.building import document, line, node
from towpath.formats.n8n import Imported, read_n8n

OVER_ONE = {"conditions": {"conditions": [
    {"leftValue": "={{ $json.n }}", "rightValue": 1, "operator": {"type": "number", "operation": "gt"}}]}}  # fmt: skip


def at(name: str, y: float, kind: str = "noOp", version: float = 1, parameters: Any = None, x: float = 0,
       **more: Any) -> dict[str, Any]:  # fmt: skip
    return node(name, kind, version, parameters, position=[x, y], **more)


def flow(order: str, nodes: list[dict[str, Any]], *lines: tuple[Any, ...]) -> Imported:
    start = at("Start", 0, "manualTrigger")
    return read_n8n({**document([start, *nodes], *lines), "settings": {"executionOrder": order}})


def path(found: Imported, *numbers: int) -> list[str]:
    return steps(found, [{"n": number} for number in numbers])


def mark(letter: str) -> dict[str, Any]:
    """Parameters of a Set node that notes that an item has been there."""
    value = "={{ ($json.way || '') + '" + letter + "' }}"
    return {"assignments": {"assignments": [{"name": "way", "type": "string", "value": value}]},
            "includeOtherFields": True}  # fmt: skip


TWO_BRANCHES = (
    [at("Low", 200), at("High", 100), at("Low end", 200), at("High end", 100)],
    line("Start", "Low"),
    line("Start", "High"),
    line("Low", "Low end"),
    line("High", "High end"),
)
OVER_OUTPUTS = ([at("If", 0, "if", 2.2, OVER_ONE), at("Yes", 200), at("No", 100), at("Yes end", 200)],
                line("Start", "If"), line("If", "Yes", 0), line("If", "No", 1), line("Yes", "Yes end"))  # fmt: skip
LEFT_TO_RIGHT = ([at("Right", 0, x=300), at("Left", 0, x=100)], line("Start", "Right"), line("Start", "Left"))
DIAMOND = ([at("A", 100), at("B", 200), at("Merge", 150, "merge", 3), at("End", 150)],
           line("Start", "A"), line("Start", "B"), line("A", "Merge", 0, 0), line("B", "Merge", 0, 1),
           line("Merge", "End"))  # fmt: skip
DEEP_AND_SHORT = ([at("A", 100), at("A2", 100), at("A3", 100), at("B", 200), at("Merge", 150, "merge", 3)],
                  line("Start", "A"), line("Start", "B"), line("A", "A2"), line("A2", "A3"),
                  line("A3", "Merge", 0, 0), line("B", "Merge", 0, 1))  # fmt: skip
SAME_TARGET = ([at("If", 0, "if", 2.2, OVER_ONE), at("End", 100)],
               line("Start", "If"), line("If", "End", 0), line("If", "End", 1))  # fmt: skip


@pytest.mark.parametrize(("drawn", "numbers", "v1", "v0"), [
    (TWO_BRANCHES, [1], "High,High end,Low,Low end", "Low,High,Low end,High end"),
    (OVER_OUTPUTS, [1, 2], "If,No,Yes,Yes end", "If,Yes,No,Yes end"),
    (OVER_OUTPUTS, [2], "If,Yes,Yes end", "If,Yes,Yes end"),
    (OVER_OUTPUTS, [1], "If,No", "If,No"),
    (LEFT_TO_RIGHT, [1], "Left,Right", "Right,Left"),
    (DIAMOND, [1], "A,B,Merge,End", "A,B,Merge,End"),
    (DEEP_AND_SHORT, [1], "A,A2,A3,B,Merge", "A,B,A2,A3,Merge"),
])  # fmt: skip
def test_nodes_run_in_the_order_that_the_workflow_asks_for(drawn: Any, numbers: list[int], v1: str, v0: str) -> None:
    nodes, *lines = drawn
    assert path(flow("v1", nodes, *lines), *numbers)[1:] == v1.split(",")
    assert path(flow("v0", nodes, *lines), *numbers)[1:] == v0.split(",")


def test_of_two_lines_into_one_node_the_last_output_goes_first_in_v1() -> None:
    nodes, *lines = SAME_TARGET
    gone = outputs(played(flow("v1", nodes, *lines), [{"n": 2}, {"n": 1}]), "End")
    assert [step["out"][0]["n"] for step in gone] == [1, 2]
    gone = outputs(played(flow("v0", nodes, *lines), [{"n": 2}, {"n": 1}]), "End")
    assert [step["out"][0]["n"] for step in gone] == [2, 1]


IF_AND_MERGE = (
    [at("If", 0, "if", 2.2, OVER_ONE), at("Yes", 100, "set", 3.4, mark("y")), at("No", 200, "set", 3.4, mark("n")),
     at("Merge", 150, "merge", 3), at("End", 150)],
    line("Start", "If"), line("If", "Yes", 0), line("If", "No", 1), line("Yes", "Merge", 0, 0),
    line("No", "Merge", 0, 1), line("Merge", "End"))  # fmt: skip


def test_v1_leaves_the_branch_alone_that_nothing_came_to() -> None:
    nodes, *lines = IF_AND_MERGE
    result = played(flow("v1", nodes, *lines), [{"n": 2}])
    assert [step.name for step in result.steps] == ["Start", "If", "Yes", "Merge", "End"]
    assert outputs(result, "Merge") == [{"out": [{"n": 2, "way": "y"}]}]


def test_v0_makes_the_other_branch_of_a_merge_run_with_an_empty_item() -> None:
    nodes, *lines = IF_AND_MERGE
    result = played(flow("v0", nodes, *lines), [{"n": 2}])
    assert [step.name for step in result.steps] == ["Start", "If", "Yes", "No", "Merge", "End"]
    assert outputs(result, "Merge") == [{"out": [{"n": 2, "way": "y"}, {"way": "n"}]}]


BESIDE = (
    [at("A", 100), at("Alone", 300, "set", 3.4, mark("x")), at("After", 300), at("Merge", 200, "merge", 3)],
    line("Start", "A"),
    line("A", "Merge", 0, 0),
    line("Alone", "After"),
    line("After", "Merge", 0, 1),
)


def test_v0_makes_nodes_run_that_no_trigger_leads_to_when_a_merge_waits_for_them() -> None:
    nodes, *lines = BESIDE
    found = flow("v0", nodes, *lines)
    assert path(found, 1) == ["Start", "A", "Alone", "After", "Merge"]
    assert outputs(played(found, [{"n": 1}]), "Merge") == [{"out": [{"n": 1}, {"way": "x"}]}]


def test_v1_leaves_nodes_out_that_no_trigger_leads_to() -> None:
    nodes, *lines = BESIDE
    found = flow("v1", nodes, *lines)
    assert path(found, 1) == ["Start", "A", "Merge"]
    assert {report.name for report in found.nodes if report.status == "refused"} == {"Alone", "After"}


STRAIGHT_IN = (
    [at("If", 0, "if", 2.2, OVER_ONE), at("Merge", 0, "merge", 3), at("End", 0)],
    line("Start", "If"),
    line("If", "Merge", 0, 0),
    line("If", "Merge", 1, 1),
    line("Merge", "End"),
)


@pytest.mark.parametrize(("order", "numbers", "way"), [
    ("v1", [1], "If,Merge,End"), ("v1", [2], "If,Merge,End"), ("v1", [1, 2], "If,Merge,End"),
    ("v0", [2], "If,Merge,End"),  # an empty second output still comes to the second input
    ("v0", [1], "If,Merge"),  # in v0 a node without items at its first input gives nothing
    ("v0", [1, 2], "If,Merge,End"),
])  # fmt: skip
def test_an_if_that_leads_straight_into_a_merge(order: str, numbers: list[int], way: str) -> None:
    nodes, *lines = STRAIGHT_IN
    assert path(flow(order, nodes, *lines), *numbers)[1:] == way.split(",")


@pytest.mark.parametrize("order", ["v0", "v1"])
def test_a_dead_end_ends_only_its_branch(order: str) -> None:
    nodes = [at("Drop", 100, "filter", 2, OVER_ONE), at("Gone", 100), at("B", 200), at("End", 200)]
    found = flow(order, nodes, line("Start", "Drop"), line("Start", "B"), line("Drop", "Gone"), line("B", "End"))
    assert path(found, 1) == ["Start", "Drop", "B", "End"]


@pytest.mark.parametrize("order", ["v0", "v1"])
def test_a_loop_goes_batch_by_batch_with_a_branch_inside(order: str) -> None:
    nodes = [at("Loop", 0, "splitInBatches", 3), at("If", 100, "if", 2.2, OVER_ONE), at("Odd", 200), at("End", 0)]
    lines = [line("Start", "Loop"), line("Loop", "End", 0), line("Loop", "If", 1), line("If", "Loop", 0),
             line("If", "Odd", 1), line("Odd", "Loop")]  # fmt: skip
    assert path(flow(order, nodes, *lines), 1, 2) == ["Start", "Loop", "If", "Odd", "Loop", "If", "Loop", "End"]


@pytest.mark.parametrize("order", ["v0", "v1"])
def test_a_circle_drawn_with_an_if_goes_round_until_it_is_done(order: str) -> None:
    more = {"assignments": {"assignments": [{"name": "n", "type": "number", "value": "={{ $json.n + 1 }}"}]}}
    three = {
        "conditions": {
            "conditions": [
                {"leftValue": "={{ $json.n }}", "rightValue": 3, "operator": {"type": "number", "operation": "lt"}}
            ]
        }
    }
    nodes = [at("Add", 0, "set", 3.4, more), at("If", 0, "if", 2.2, three), at("End", 0)]
    found = flow(order, nodes, line("Start", "Add"), line("Add", "If"), line("If", "Add", 0), line("If", "End", 1))
    assert path(found, 0) == ["Start", *["Add", "If"] * 3, "End"]


@pytest.mark.parametrize("order", ["v0", "v1"])
@pytest.mark.parametrize("text", ['$node["Loop"].context["noItemsLeft"]', "$('Loop').context.noItemsLeft"])
def test_an_old_loop_ends_when_it_says_that_no_items_are_left(order: str, text: str) -> None:
    """As workflows of version 1 are drawn, whose loop has no output for its end."""
    over = {"conditions": {"boolean": [{"value1": f"={{{{ {text} }}}}", "value2": True}]}}
    index = {"values": {"number": [{"name": "i", "value": '={{ $node["Loop"].context["currentRunIndex"] }}'}]}}
    nodes = [at("Loop", 0, "splitInBatches", 1, {"batchSize": 1}), at("Add", 0, "set", 1, index),
             at("If", 0, "if", 1, over), at("End", 0)]  # fmt: skip
    lines = [line("Start", "Loop"), line("Loop", "Add"), line("Add", "If"), line("If", "End", 0), line("If", "Loop", 1)]
    result = played(flow(order, nodes, *lines), [{"n": 1}, {"n": 2}, {"n": 3}])
    assert outputs(result, "End") == [{"out": [{"n": 3, "i": 2}]}], result.error


def test_a_run_knows_how_often_it_has_been_at_a_node() -> None:
    add = {"assignments": {"assignments": [{"name": "n", "type": "number", "value": "={{ $runIndex }}"}]}}
    nodes = [at("Loop", 0, "splitInBatches", 3), at("Add", 0, "set", 3.4, add), at("End", 0)]
    lines = [line("Start", "Loop"), line("Loop", "End", 0), line("Loop", "Add", 1), line("Add", "Loop")]
    result = played(flow("v1", nodes, *lines), [{}, {}, {}])
    assert outputs(result, "End") == [{"out": [{"n": 0}, {"n": 1}, {"n": 2}]}]


def test_always_output_data_lets_the_branch_go_on_with_an_empty_item() -> None:
    drop = at("Drop", 0, "filter", 2, OVER_ONE, alwaysOutputData=True)
    found = flow("v1", [drop, at("End", 0)], line("Start", "Drop"), line("Drop", "End"))
    assert outputs(played(found, [{"n": 1}]), "End") == [{"out": [{}]}]
    assert outputs(played(found, [{"n": 1}, {"n": 2}]), "End") == [{"out": [{"n": 2}]}]


def test_always_output_data_looks_at_the_first_output_only() -> None:
    """n8n's own rule: an If whose items all went the second way gives an empty one the first way, too."""
    found = flow("v1", [at("If", 0, "if", 2.2, OVER_ONE, alwaysOutputData=True), at("Yes", 100), at("No", 200)],
                 line("Start", "If"), line("If", "Yes"), line("If", "No", 1))  # fmt: skip
    result = played(found, [{"n": 1}])
    assert [outputs(result, name) for name in ("Yes", "No")] == [[{"out": [{}]}], [{"out": [{"n": 1}]}]]


def test_a_node_that_executes_once_takes_the_first_item_of_each_input() -> None:
    nodes = [at("A", 100), at("B", 200), at("Merge", 150, "merge", 3, executeOnce=True)]
    lines = [line("Start", "A"), line("Start", "B"), line("A", "Merge"), line("B", "Merge", 0, 1)]
    assert outputs(played(flow("v1", nodes, *lines), [{"n": 1}, {"n": 2}]), "Merge") == [{"out": [{"n": 1}, {"n": 1}]}]
