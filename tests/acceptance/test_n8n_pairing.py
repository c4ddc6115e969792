"""``$('Node').item`` finds the item that the present one comes from, through every node in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.acceptance.flows import World, workflow
from tests.acceptance.test_n8n import outputs, played
from tests.unit.formats.n8n.building import document, line, node
from towpath.formats.n8n import read_n8n

ITEMS = [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Cy"}]


def look(*expressions: str) -> dict[str, Any]:
    """Parameters of a Set node that reads."""
    rows = [{"name": f"r{n}", "type": "string", "value": f"={{{{ {text} }}}}"} for n, text in enumerate(expressions)]
    return {"assignments": {"assignments": rows}}


def found_behind(*between: dict[str, Any], items: list[dict[str, Any]] | None = None) -> list[Any]:
    """What ``$('Start').item.json.name`` gives behind these nodes, natively and in the sandbox; an error's code."""
    native, foreign = "$('Start').item.json.name", "((x) => x)($('Start').item.json.name)"
    nodes = [node("Start", "manualTrigger"), *between, node("Read", "set", 3.4, look(native, foreign))]
    names = [each["name"] for each in nodes]
    result = played(read_n8n(document(nodes, *map(line, names, names[1:]))), items or ITEMS)
    if result.error is not None:
        return [result.error["code"]]
    (gone,) = outputs(result, "Read")
    assert all(item["r0"] == item["r1"] for item in gone["out"]), gone
    return [item["r0"] for item in gone["out"]]


def conditions(left: str, right: Any, operation: str) -> dict[str, Any]:
    row = {"leftValue": left, "rightValue": right, "operator": {"type": "number", "operation": operation}}
    return {"conditions": {"conditions": [row]}}


PAIRS = "return [2, { item: 0 }].map((pairedItem) => ({ json: {}, pairedItem }))"
CODE = "return $input.all().map((item) => ({ json: { x: item.json.id } }))"
NODES: Mapping[str, tuple[tuple[Any, ...], list[Any]]] = {
    "nothing": ((), ["Ann", "Bob", "Cy"]),
    "set": (("set", 3.4, look("1")), ["Ann", "Bob", "Cy"]),
    "filter": (("filter", 2, conditions("={{ $json.id }}", 1, "gt")), ["Bob", "Cy"]),
    "sort": (("sort", 1, {"sortFieldsUi": {"sortField": [{"fieldName": "id", "order": "descending"}]}}),
             ["Cy", "Bob", "Ann"]),
    "limit": (("limit", 1, {"maxItems": 2, "keep": "lastItems"}), ["Bob", "Cy"]),
    "remove duplicates": (("removeDuplicates", 1), ["Ann", "Bob", "Cy"]),
    "rename keys": (("renameKeys", 1, {"keys": {"key": [{"currentKey": "id", "newKey": "no"}]}}),
                    ["Ann", "Bob", "Cy"]),
    "no operation": (("noOp", 1), ["Ann", "Bob", "Cy"]),
    "code that keeps the number": (("code", 2, {"jsCode": CODE}), ["Ann", "Bob", "Cy"]),
    "code that says the pair": (("code", 2, {"jsCode": PAIRS}),
                                ["Cy", "Ann"]),
    "code for each item": (("code", 2, {"mode": "runOnceForEachItem", "jsCode": "return { json: {} }"}),
                           ["Ann", "Bob", "Cy"]),
    "code that makes items of nowhere": (("code", 2, {"jsCode": "return [{}, {}]"}), ["expression.no_item"]),
    "aggregate": (("aggregate", 1, {"aggregate": "aggregateAllItemData"}), ["expression.no_item"]),
    "summarize": (("summarize", 1, {"fieldsToSummarize": {"values": [{"field": "id"}]}, "fieldsToSplitBy": "id"}),
                  ["Ann", "Bob", "Cy"]),
}  # fmt: skip


@pytest.mark.parametrize("name", NODES)
def test_an_item_of_an_earlier_node_is_found_through(name: str) -> None:
    given, names = NODES[name]
    assert found_behind(*([node("Between", *given)] if given else [])) == names


def test_an_item_is_found_through_several_nodes_that_change_the_order() -> None:
    sort = {"sortFieldsUi": {"sortField": [{"fieldName": "id", "order": "descending"}]}}
    nodes = [node("Sort", "sort", 1, sort), node("Filter", "filter", 2, conditions("={{ $json.id }}", 3, "lt")),
             node("Set", "set", 3.4, look("$json.id"))]  # fmt: skip
    assert found_behind(*nodes) == ["Bob", "Ann"]


def test_the_elements_of_lists_belong_to_the_item_that_held_the_list() -> None:
    items = [{"name": "Ann", "tags": ["a", "b"]}, {"name": "Bob", "tags": ["c"]}]
    split = node("Split", "splitOut", 1, {"fieldToSplitOut": "tags"})
    assert found_behind(split, items=items) == ["Ann", "Ann", "Bob"]


def test_an_item_is_found_through_both_branches_of_a_merge() -> None:
    nodes = [node("Start", "manualTrigger"),
             node("If", "if", 2.2, conditions("={{ $json.id }}", 1, "gt"), position=[0, 0]),
             node("Merge", "merge", 3), node("Read", "set", 3.4, look("$('Start').item.json.name"))]  # fmt: skip
    lines = [line("Start", "If"), line("If", "Merge", 0, 0), line("If", "Merge", 1, 1), line("Merge", "Read")]
    result = played(read_n8n(document(nodes, *lines)), ITEMS)
    assert outputs(result, "Read") == [{"out": [{"r0": "Bob"}, {"r0": "Cy"}, {"r0": "Ann"}]}]


def test_an_item_made_of_two_finds_one_of_each_branch_and_none_where_they_differ() -> None:
    parameters = {"mode": "combine", "combineBy": "combineByPosition"}
    nodes = [
        node("Start", "manualTrigger"),
        node("A", "set", 3.4, look("'a' + $json.id"), position=[0, 0]),
        node("B", "sort", 1, {"sortFieldsUi": {"sortField": [{"fieldName": "id", "order": "descending"}]}}),
        node("Merge", "merge", 3, parameters),
        node("Read", "set", 3.4, look("$('A').item.json.r0", "$('B').item.json.id")),
        node("Also", "set", 3.4, look("$itemIndex === 1 ? $('Start').item.json.id : 0")),
        node("None", "set", 3.4, look("$('Start').item.json.id")),
    ]
    lines = [line("Start", "A"), line("Start", "B"), line("A", "Merge", 0, 0), line("B", "Merge", 0, 1),
             line("Merge", "Read"), line("Merge", "Also"), line("Also", "None")]  # fmt: skip
    result = played(read_n8n(document(nodes, *lines)), ITEMS)
    pairs = [{"r0": "a1", "r1": "3"}, {"r0": "a2", "r1": "2"}, {"r0": "a3", "r1": "1"}]
    assert outputs(result, "Read")[0]["out"] == pairs
    assert outputs(result, "Also")[0]["out"] == [{"r0": "0"}, {"r0": "2"}, {"r0": "0"}]
    assert result.error is not None
    assert result.error["code"] == "expression.no_item"
    assert result.error["where"]["node"] == "id-None"


def test_each_round_of_a_loop_finds_its_own_items() -> None:
    nodes = [node("Start", "manualTrigger"), node("Loop", "splitInBatches", 3),
             node("Work", "set", 3.4, look("'w' + $('Start').item.json.name")),
             node("Read", "set", 3.4, look("$('Work').item.json.r0", "$('Loop').item.json.name"))]  # fmt: skip
    lines = [line("Start", "Loop"), line("Loop", "Work", 1), line("Work", "Loop"), line("Loop", "Read", 0)]
    result = played(read_n8n(document(nodes, *lines)), ITEMS)
    assert [item["r0"] for item in outputs(result, "Read")[0]["out"]] == ["wAnn", "wBob", "wCy"]


def test_code_reads_other_nodes_though_no_expression_names_them() -> None:
    code = "return [{ first: $('Start').first().json.name, all: $items('Start').length, old: $node['Start'].json.id }]"
    nodes = [
        node("Start", "manualTrigger"),
        node("Set", "set", 3.4, look("1")),
        node("Read", "code", 2, {"jsCode": code}),
    ]
    result = played(read_n8n(document(nodes, line("Start", "Set"), line("Set", "Read"))), ITEMS)
    assert outputs(result, "Read") == [{"out": [{"first": "Ann", "all": 3, "old": 1}]}]


def test_what_items_come_from_is_known_after_a_wait() -> None:
    world = World()
    world.publish(workflow({
        "start": ("trigger.manual", {}),
        "sort": ("data.sort", {"by": [{"field": "id", "descending": True}]}),
        "wait": ("wait.duration", {"duration": 60}),
        "read": ("data.set", {"fields": {"name": "{{ $('start').item.json.name }}"}, "keep": False}),
        "say": ("notify.log", {"text": "{{ $json.name }} {{ $('sort').item.json.id }}"}),
    }, "start > sort", "sort > wait", "wait > read", "read > say"))  # fmt: skip
    world.start(ITEMS)
    assert world.said() == []
    world.until(61)
    assert world.said() == ["Cy 3", "Bob 2", "Ann 1"]
