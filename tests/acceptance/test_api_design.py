"""What a designer asks of the API: node types with their forms, problems with ports, the gallery."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.api_server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("design")) as running:
        yield running


def test_every_node_type_comes_with_the_schema_of_its_form(server: Server) -> None:
    found = {row["name"]: row for row in server.ok("GET", "/api/node-types")}
    assert {"crm.update", "logic.if", "people.task", "trigger.record"} <= set(found)
    update = found["crm.update"]
    assert (update["title"], update["icon"], update["touches"]) == ("Update record", "edit", "crm")
    assert update["params"]["properties"]["object"]["description"]
    assert [port["name"] for port in found["logic.if"]["outputs"]] == ["true", "false"]
    assert found["logic.switch"]["outputs"] is None, "they depend on the cases"
    assert found["trigger.record"]["inputs"] == []


def test_a_check_says_which_ports_each_node_has(server: Server) -> None:
    cases = [{"label": "hot", "when": "score > 50"}, {"label": "warm", "when": "score > 10"}]
    definition = {
        "name": "Drawn",
        "nodes": {
            "start": {"type": "trigger.manual"},
            "how": {"type": "logic.switch", "params": {"cases": cases, "fallback": "cold"}, "on_error": "branch"},
            "what": {"type": "no.such"},
        },
        "edges": {"e": {"source": "start", "target": "how"}},
    }
    answer = server.ok("POST", "/api/workflows/check", definition)
    assert not answer["ok"]
    assert "workflow.unknown_type" in {problem["code"] for problem in answer["problems"]}
    assert [port["name"] for port in answer["nodes"]["how"]["outputs"]] == ["hot", "warm", "cold", "error"]
    assert answer["nodes"]["start"]["inputs"] == []
    assert answer["nodes"]["what"] == {"inputs": None, "outputs": None}


def test_a_template_is_looked_at_and_used_with_its_sample(server: Server) -> None:
    rows = server.ok("GET", "/api/templates")
    assert len(rows) == 20
    assert rows[0]["titles"]["zh"]
    one = server.ok("GET", "/api/templates/lead-capture")
    assert one["nodes"] == len(one["definition"]["nodes"])
    assert one["sample"]["Lead"]
    assert (one["connections"], one["lasts"], one["expected"]["completed"]) == ([], "2 days", 7)
    used = server.ok("POST", "/api/templates/lead-capture/use", params={"sample": True})
    assert (used["workflow"], used["version"]) == ("lead-capture", 1)
    assert len(server.ok("GET", "/api/records/Lead")["records"]) == 7


def test_an_unknown_template_is_named_with_the_nearest(server: Server) -> None:
    problem = server.fails(404, "GET", "/api/templates/lead-captur")
    assert problem["code"] == "template.unknown"
    assert "lead-capture" in problem["hint"]
