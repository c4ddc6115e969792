"""All the shapes that n8n's files come in, and the errors for what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.formats.n8n.building import chain, document, line, node
from towpath.errors import FormatError
from towpath.formats.n8n import is_n8n, read_n8n, survey_n8n

FLOW = chain(node("Start", "manualTrigger"), node("End", "noOp"))


@pytest.mark.parametrize(
    "wrapped",
    [FLOW, [FLOW], {"workflow": FLOW}, {"data": FLOW}, {"template": {"workflow": FLOW}}, {"data": [FLOW]},
     {"nodes": FLOW["nodes"], "connections": FLOW["connections"]}],
)  # fmt: skip
def test_a_workflow_is_found_in_every_wrapper(wrapped: Any) -> None:
    definition = read_n8n(json.dumps(wrapped)).definition
    assert [each.type for each in definition.nodes.values()] == ["trigger.manual", "logic.noop"]
    assert is_n8n(wrapped)


def test_a_wrapper_gives_its_name_to_a_workflow_without_one() -> None:
    inner = {name: value for name, value in FLOW.items() if name != "name"}
    assert read_n8n({"name": "Outer", "workflow": inner}).definition.name == "Outer"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_passed_over(encoding: str) -> None:
    assert read_n8n(json.dumps(FLOW).encode(encoding)).definition.name == "Case"


def test_a_list_of_workflows_gives_them_all() -> None:
    assert len(survey_n8n(json.dumps([FLOW, FLOW]))) == 2
    with pytest.raises(FormatError, match="2 workflows"):
        read_n8n(json.dumps([FLOW, FLOW]))


def test_null_lists_of_connections_are_empty() -> None:
    flow = {**FLOW, "connections": {"Start": {"main": [None, [None, {"node": "End"}]], "ai_tool": None}, "End": None}}
    found = read_n8n(flow)
    assert not found.definition.edges
    assert "no output 2" in found.warnings[0]


def test_only_nodes_are_needed() -> None:
    assert list(read_n8n({"nodes": [{"type": "n8n-nodes-base.start"}]}).definition.nodes) == ["node-1"]


def test_a_connection_to_a_node_that_is_missing_is_a_warning_with_the_nearest_name() -> None:
    found = read_n8n(document([node("Start", "manualTrigger"), node("Finish", "noOp")], line("Start", "Finsh")))
    assert "'Finish'" in " ".join(found.warnings)


@pytest.mark.parametrize("part", ["name", "id"])
def test_two_nodes_with_one_name_or_id_are_refused(part: str) -> None:
    nodes = [node("A", "noOp"), {**node("B", "noOp"), part: {"name": "A", "id": "id-A"}[part]}]
    with pytest.raises(FormatError) as caught:
        read_n8n(document(nodes))
    assert caught.value.code == "format.n8n_duplicate"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"nodes": [' + "{}," * 999_999 + "{}]}", "format.too_large"),
        ('{"nodes": [' + '{"type":"a"},' * 20_000 + '{"type":"a"}]}', "format.too_large"),
        (" " * 10_000_001, "format.too_large"),
        ("[" * 100_000 + "]" * 100_000, "format.too_deep"),
        ('{"nodes": [{"type": "a", "x": NaN}]}', "format.json"),
        ('{"nodes": [], "nodes": []}', "format.json"),
        ('{"nodes": [', "format.json"),
        ("{}", "format.n8n"),
        ('{"nodes": [1]}', "format.n8n"),
        ("[]", "format.n8n"),
        (b"\xff\x00\xff", "format.n8n"),
    ],
    ids=["a million nodes", "too many nodes", "too many bytes", "too deep", "NaN", "a key twice", "cut off", "no nodes",
         "numbers", "nothing", "no text"],
)  # fmt: skip
def test_what_is_no_workflow_gets_a_clear_error(text: str | bytes, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        survey_n8n(text)
    assert caught.value.code == code


def test_a_circle_of_ai_parts_is_refused() -> None:
    parts = [node("Agent", "@n8n/n8n-nodes-langchain.agent"), node("A", "x.a"), node("B", "x.b")]
    lines = [line("A", "B", kind="ai_tool"), line("B", "A", kind="ai_tool"), line("A", "Agent", kind="ai_tool")]
    start = node("Start", "manualTrigger")
    with pytest.raises(FormatError) as caught:
        read_n8n(document([start, *parts], line("Start", "Agent"), *lines))
    assert caught.value.code == "format.n8n_cycle"
