"""What holds for every node: ids, options, parts, reports."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.formats.n8n.building import chain, document, line, node, one
from towpath.formats.n8n import Imported, read_n8n, write_n8n

HUBSPOT = {"resource": "contact", "operation": "get", "contactId": "={{ $json.id }}", "note": "{{ plain }}"}


def statuses(found: Imported) -> dict[str, str]:
    return {report.name: report.status for report in found.nodes}


def test_edges_join_ids_and_names_stay_names() -> None:
    definition = read_n8n(chain(node("Start", "manualTrigger"), node("The end", "noOp"))).definition
    (edge,) = definition.edges.values()
    assert (edge.source, edge.target) == ("id-Start", "id-The end")
    assert definition.node_name("id-The end") == "The end"


def test_an_unknown_node_is_kept_whole_and_texts_that_are_no_expressions_stay_texts() -> None:
    found = one("hubspot", 2.1, HUBSPOT, credentials={"hubspotApi": {"id": "7", "name": "Sales"}})
    made = found.definition.nodes["id-Node"]
    assert made.type == "service.call"
    assert made.params == {
        "service": "n8n-nodes-base.hubspot", "service_version": 2.1, "resource": "contact", "operation": "get",
        "parameters": {"contactId": "={{ $json.id }}", "note": "\\{{ plain \\}}"},
    }  # fmt: skip
    assert made.connections == ("Sales",)
    assert [(each.name, each.kind) for each in found.connections] == [("Sales", "hubspotApi")]
    assert statuses(found)["Node"] == "generic"


def test_nodes_that_run_commands_or_touch_files_are_refused_with_a_reason() -> None:
    for kind in ("executeCommand", "ssh", "ftp", "readWriteFile", "editImage"):
        report = one(kind).nodes[1]
        assert (report.status, report.towpath) == ("refused", "service.call")
        assert report.reason


def test_an_unknown_trigger_starts_runs_by_hand() -> None:
    found = read_n8n(chain(node("In", "typeformTrigger"), node("End", "noOp")))
    assert found.definition.nodes["id-In"].type == "service.trigger"


def test_ai_parts_are_kept_with_the_node_they_are_parts_of() -> None:
    agent = node("Agent", "@n8n/n8n-nodes-langchain.agent", 1.7, {"text": "={{ $json.q }}"})
    nodes = [node("Start", "manualTrigger"), agent, node("Model", "@n8n/n8n-nodes-langchain.lmChatOpenAi")]
    tool, inner = node("Tool", "x.tool"), node("Inner", "x.inner")
    found = read_n8n(
        document([*nodes, tool, inner], line("Start", "Agent"), line("Model", "Agent", kind="ai_languageModel"),
                 line("Tool", "Agent", kind="ai_tool"), line("Inner", "Tool", kind="ai_embedding"))
    )  # fmt: skip
    assert list(found.definition.nodes) == ["id-Start", "id-Agent"]
    attached = found.definition.nodes["id-Agent"].params["attached"]
    assert [part["kind"] for part in attached] == ["ai_languageModel", "ai_tool"]
    assert attached[1]["attached"][0]["name"] == "Inner"
    assert set(statuses(found)) == {"Start", "Agent", "Model", "Tool", "Inner"}


def test_options_of_a_node_become_ours() -> None:
    more: dict[str, Any] = {"retryOnFail": True, "maxTries": 4, "waitBetweenTries": 2500, "disabled": True,
        "notes": "N",
                            "onError": "continueRegularOutput"}  # fmt: skip
    made = one("noOp", **more).definition.nodes["id-Node"]
    assert made.retry is not None
    assert (made.retry.attempts, made.retry.delay, made.retry.factor) == (4, 2.5, 1)
    assert (made.disabled, made.notes, made.on_error) == (True, "N", "continue")
    assert one("noOp", continueOnFail=True).definition.nodes["id-Node"].on_error == "continue"


def test_the_error_output_is_the_one_after_the_nodes_own() -> None:
    nodes = [node("Start", "manualTrigger"), node("If", "if", 2, onError="continueErrorOutput"), node("Oh", "noOp")]
    found = read_n8n(document(nodes, line("Start", "If"), line("If", "Oh", 2)))
    assert [edge.source_port for edge in found.definition.edges.values()] == ["out", "error"]


def test_execute_once_and_always_output_data_are_options_of_the_node() -> None:
    made = one("noOp", executeOnce=True, alwaysOutputData=True).definition.nodes["id-Node"]
    assert (made.once, made.always_output) == (True, True)


@pytest.mark.parametrize(("settings", "order"), [({}, "breadth"), ({"executionOrder": "v0"}, "breadth"),
                                                 ({"executionOrder": "v1"}, "depth"), (None, "breadth")])  # fmt: skip
def test_the_order_of_execution_is_taken_over(settings: object, order: str) -> None:
    document = {**chain(node("Start", "manualTrigger")), "settings": settings}
    assert read_n8n(document).definition.settings.order == order


def test_pinned_items_go_with_their_node() -> None:
    start, end = node("Start", "manualTrigger"), node("End", "noOp")
    found = read_n8n(chain(start, end, pinData={"End": [{"json": {"a": 1}}, {"b": 2}], "Start": None}))
    assert found.definition.nodes["id-End"].pinned == ({"a": 1}, {"b": 2})
    assert found.definition.nodes["id-Start"].pinned is None


def test_settings_become_ours() -> None:
    nodes = [node("Start", "manualTrigger"), node("A", "noOp"), node("B", "noOp")]
    settings = {"timezone": "Europe/Berlin", "errorWorkflow": "w9", "executionTimeout": 60}
    found = read_n8n(document(nodes, line("Start", "A"), line("Start", "B"), settings=settings))
    assert found.definition.settings.timezone == "Europe/Berlin"
    assert found.definition.settings.error_workflow == "w9"
    assert found.definition.settings.limits.wall_time == 60
    assert found.definition.settings.order == "breadth"
    assert [warning for warning in found.warnings if "'w9'" in warning and "settings.error_workflow" in warning]
    assert not read_n8n(write_n8n(found.definition).document).warnings
    assert not read_n8n(chain(*nodes, settings={})).warnings


def test_who_may_call_a_webhook_is_not_taken_over_in_silence() -> None:
    open_to = {"path": "x", "authentication": "headerAuth", "options": {"ipWhitelist": "10.0.0.1"}}
    (report,) = read_n8n(document([node("Hook", "webhook", 2, open_to)])).nodes
    assert ["secret" in each for each in report.warnings] == [False, True, False]
    assert "addresses that may call" in report.warnings[2]


def test_notes_on_the_canvas_become_the_description() -> None:
    nodes = [node("Start", "manualTrigger"), node("Note", "stickyNote", 1, {"content": "Mind the gap"})]
    found = read_n8n(document(nodes))
    assert found.definition.description == "Mind the gap"
    assert list(found.definition.nodes) == ["id-Start"]


def test_nodes_that_no_trigger_leads_to_are_left_out_and_reported() -> None:
    found = read_n8n(document([node("Start", "manualTrigger"), node("Alone", "noOp")]))
    assert list(found.definition.nodes) == ["id-Start"]
    assert statuses(found) == {"Start": "native", "Alone": "refused"}


def test_a_circle_that_nothing_bounds_gets_a_limit() -> None:
    nodes = [node("Start", "manualTrigger"), node("If", "if", 2), node("Again", "noOp")]
    found = read_n8n(document(nodes, line("Start", "If"), line("If", "Again"), line("Again", "If")))
    assert [edge.limit for edge in found.definition.edges.values()] == [None, None, 1000]
    assert any("circle" in warning for warning in found.warnings)


def test_a_loop_node_bounds_its_circle() -> None:
    nodes = [
        node("Start", "manualTrigger"),
        node("Loop", "splitInBatches", 3),
        node("Work", "noOp"),
        node("End", "noOp"),
    ]
    found = read_n8n(
        document(nodes, line("Start", "Loop"), line("Loop", "End"), line("Loop", "Work", 1), line("Work", "Loop"))
    )
    assert [edge.source_port for edge in found.definition.edges.values()] == ["out", "done", "loop", "out"]
    assert all(edge.limit is None for edge in found.definition.edges.values())


def test_a_later_version_is_read_as_the_last_known_with_a_warning() -> None:
    report = one("if", 9).nodes[1]
    assert report.status == "native"
    assert "version 9" in report.warnings[0]
