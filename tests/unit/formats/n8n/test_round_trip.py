"""What is exported to n8n and imported again is the same, whatever it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.formats.n8n.building import document, line, node, one
from towpath.formats.n8n import read_n8n, write_n8n
from towpath.formats.n8n.types import DIALECTS
from towpath.model.workflow import WorkflowDefinition
from towpath.nodes import BUILT_IN

GOLDEN = Path(__file__).parents[3] / "golden" / "n8n"
TEXTS = st.sampled_from(
    ["", "a", "={{ $json.a }}", "={{ $json.a }} and b", "{{ $json.b }}", "plain {{ x }}", "=", "\\{{ q \\}}"]
)
SETTINGS: list[dict[str, Any]] = [{}, {"timezone": "Asia/Tokyo", "limits": {"wall_time": 90}}, {"priority": 2}]
NAMES = st.sampled_from(["a", "b.c", "first name", "é"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)


def back(definition: WorkflowDefinition) -> WorkflowDefinition:
    """Through the text of a file."""
    return read_n8n(json.dumps(write_n8n(definition).document)).definition


def examples() -> list[tuple[str, dict[str, Any]]]:
    return [(node_type.name, example) for node_type in BUILT_IN for example in node_type.examples]


@st.composite
def definitions(draw: st.DrawFn) -> WorkflowDefinition:
    """Workflows of any node types with any parameters, joined anyhow: no more than a definition has to be."""
    ids = draw(st.lists(st.sampled_from(["a", "b", "n 1", "c-once", "e1"]), min_size=1, max_size=4, unique=True))
    nodes = {}
    for node_id in ids:
        kind, example = draw(st.sampled_from(examples()))
        nodes[node_id] = {
            "type": kind,
            "params": draw(st.just(example) | st.just({}) | st.dictionaries(NAMES, VALUES, max_size=2)),
            "name": draw(st.none() | st.sampled_from(["A", "B", "", "a"])),
            "on_error": draw(st.sampled_from(["stop", "continue", "branch"])),
            "disabled": draw(st.booleans()),
            "once": draw(st.booleans()),
            "always_output": draw(st.booleans()),
            "cost": draw(st.sampled_from([0, 1.5])),
            "retry": draw(st.none() | st.just({"attempts": 4, "delay": 3.0})),
            "connections": draw(st.lists(st.sampled_from(["Sales", "Mail"]), max_size=2)),
            "pinned": draw(st.none() | st.lists(st.dictionaries(NAMES, VALUES, max_size=1), max_size=2)),
            "notes": draw(st.none() | st.sampled_from(["", "N"])),
        }
    ports = st.sampled_from(["out", "in", "true", "false", "error", "in2", "loop"])
    edges = {
        edge_id: {
            "source": draw(st.sampled_from(ids)), "target": draw(st.sampled_from(ids)), "source_port": draw(ports),
            "target_port": draw(ports), "label": draw(st.none() | st.just("L")), "limit": draw(st.none() | st.just(3)),
        }
        for edge_id in draw(st.lists(st.sampled_from(["e1", "e2", "x"]), max_size=3, unique=True))
    }  # fmt: skip
    whole = {
        "name": draw(st.sampled_from(["W", " ", "={{ x }}"])), "id": draw(st.none() | st.just("w1")), "nodes": nodes,
        "edges": edges, "description": draw(st.none() | st.just("D")),
        "settings": draw(st.sampled_from(SETTINGS)),
        "lanes": draw(st.sampled_from([{}, {"sales": {"name": "Sales"}}])),
    }  # fmt: skip
    return WorkflowDefinition.model_validate(whole)


@settings(max_examples=200, deadline=None)
@given(definitions())
def test_any_definition_comes_back_equal(definition: WorkflowDefinition) -> None:
    assert back(definition).as_json() == json.loads(json.dumps(definition.as_json()))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_was_imported_comes_back_equal(path: Path) -> None:
    for case in yaml.safe_load(path.read_text("utf-8")):
        for version in case.get("versions", [1]):
            definition = one(
                case.get("type", path.stem), version, case.get("parameters"), **case.get("node", {})
            ).definition
            assert back(definition) == definition


def test_ai_parts_come_back_as_nodes_of_their_own() -> None:
    nodes = [node("Start", "manualTrigger"), node("Agent", "x.agent"), node("Model", "x.model", 1, {"t": "{{ no }}"})]
    flow = document(nodes, line("Start", "Agent"), line("Model", "Agent", kind="ai_languageModel"))
    definition = read_n8n(flow).definition
    written = write_n8n(definition).document
    assert written["connections"]["Model"] == {
        "ai_languageModel": [[{"node": "Agent", "type": "ai_languageModel", "index": 0}]]
    }
    assert written["nodes"][2]["parameters"] == {"t": "{{ no }}"}
    assert read_n8n(written).definition == definition


def test_what_n8n_has_a_node_for_is_exported_as_that_node() -> None:
    definition = WorkflowDefinition.model_validate({
        "name": "W", "nodes": {
            "t": {"type": "trigger.schedule", "params": {"cron": "0 9 * * 1"}},
            "s": {"type": "data.set", "params": {"fields": {"a": "{{ $json.b }}", "n": 1}, "types": {"a": "number"}}},
            "h": {"type": "http.request", "params": {"url": "https://example.com", "method": "POST", "give": "body",
                                                     "body": {"a": "{{ $json.a }}"}}},
            "c": {"type": "crm.create", "params": {"object": "Lead", "fields": {"lastName": "X"}}},
        }, "edges": {"e1": {"source": "t", "target": "s"}, "e2": {"source": "s", "target": "h"},
                     "e3": {"source": "h", "target": "c"}}})  # fmt: skip
    written = write_n8n(definition)
    kinds = [each["type"].removeprefix("n8n-nodes-") for each in written.document["nodes"]]
    assert kinds == ["base.scheduleTrigger", "base.set", "base.httpRequest", "towpath.crm.create"]
    assert written.foreign == ("c",)
    assert back(definition) == definition


def test_nodes_that_were_taken_out_in_n8n_stay_out() -> None:
    definition = WorkflowDefinition.model_validate({
        "name": "W", "nodes": {"a": {"type": "trigger.manual", "cost": 2}, "b": {"type": "logic.noop", "cost": 3}},
        "edges": {"x": {"source": "a", "target": "b", "label": "L"}}})  # fmt: skip
    written = write_n8n(definition).document
    written["nodes"].pop()
    found = read_n8n(written).definition
    assert list(found.nodes) == ["a"]
    assert found.nodes["a"].cost == 2
    assert not found.edges


FILES = {"body_type": "multipart", "body": {"who": "={{ $json.who }}"}, "files": {"doc": "report"}, "method": "POST"}
BY_NUMBER = {"query": {"page": "={{ $pageCount + 1 }}"}, "done": "={{ $response.body.length < 9 }}", "most": 5}


@pytest.mark.parametrize("more", [
    FILES, {"pages": BY_NUMBER}, {"pages": {"next_url": "={{ $response.body.next }}", "pause": 1.5}},
    {"pages": {"headers": {"X-Page": "={{ $pageCount }}"}, "body": {"n": "1"}, "done_statuses": [404, 410]}},
])  # fmt: skip
def test_calls_with_files_and_pages_go_to_n8n_and_come_back_the_same(more: dict[str, Any]) -> None:
    params = {"url": "https://example.com", "give": "body", **more}
    written = DIALECTS["n8n-nodes-base.httpRequest"].write
    assert written is not None
    theirs = written(params)
    assert theirs is not None
    assert one("httpRequest", 4.2, dict(theirs)).definition.nodes["id-Node"].params == params


@pytest.mark.parametrize("pages", [
    {"next_url": "={{ 1 }}", "query": {"a": "1"}}, {"query": {"a": "1"}, "done": "={{ true }}", "done_statuses": [404]},
])  # fmt: skip
def test_pages_that_n8n_cannot_say_are_not_written_as_something_else(pages: dict[str, Any]) -> None:
    written = DIALECTS["n8n-nodes-base.httpRequest"].write
    assert written is not None
    assert written({"url": "https://example.com", "give": "body", "pages": pages}) is None
