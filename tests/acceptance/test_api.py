"""The API as a program uses it, against a real server on a real folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.api_server import Server, wait_for

WELCOME: dict[str, Any] = {
    "name": "Welcome",
    "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"], "condition": "score > 50"}},
        "mark": {"type": "crm.update", "params": {"object": "Lead", "fields": {"status": "Qualified"}}},
    },
    "edges": {"1": {"source": "new", "target": "mark"}},
}
APPROVE: dict[str, Any] = {
    "name": "Approve a discount",
    "nodes": {
        "ask": {"type": "trigger.manual"},
        "boss": {"type": "people.approve", "params": {"subject": "Discount?", "approver": "Ada"}},
    },
    "edges": {"1": {"source": "ask", "target": "boss"}},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("api")) as server:
        yield server


def lead(server: Server, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = server.ok("POST", "/api/records/Lead", {"lastName": "Lovelace", **values})
    return made


def publish(server: Server, definition: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = server.ok("POST", "/api/workflows", {"definition": {**definition, **changes}})
    return made


def test_a_record_created_over_the_api_runs_the_workflow_that_waits_for_it(server: Server) -> None:
    published = publish(server, WELCOME)
    assert (published["workflow"], published["version"], published["unchanged"]) == ("welcome", 1, False)
    made = lead(server, score=70)
    path = f"/api/records/Lead/{made['id']}"
    wait_for(lambda: server.ok("GET", path)["status"] == "Qualified")
    (run,) = server.runs(workflow="Welcome", record=made["id"])
    assert run["status"] == "completed"
    shown = server.ok("GET", f"/api/runs/{run['id']}")
    assert [step["node"] for step in shown["steps"]] == ["new", "mark"]
    assert shown["summary"]["started_at"].endswith("Z")
    changes = [change for change in server.ok("GET", f"{path}/history") if change["field"] == "status"]
    assert (changes[-1]["new"], changes[-1]["cause"]["run"]) == ("Qualified", run["id"])


def test_publishing_the_same_again_makes_no_version(server: Server) -> None:
    publish(server, WELCOME, name="Twice")
    assert publish(server, WELCOME, name="Twice")["unchanged"] is True
    assert len(server.ok("GET", "/api/workflows/twice/versions")) == 1


def test_a_definition_with_faults_is_refused_with_all_of_them(server: Server) -> None:
    broken = {"name": "Broken", "nodes": {"a": {"type": "crm.updat"}, "b": {"type": "logic.if"}}, "edges": {}}
    problem = server.fails(422, "POST", "/api/workflows", {"definition": broken})
    assert len(problem["problems"]) >= 2
    checked = server.ok("POST", "/api/workflows/check", broken)
    assert checked["ok"] is False
    assert [each["code"] for each in checked["problems"]] == [each["code"] for each in problem["problems"]]


def test_the_faults_of_a_definition_are_told_in_the_language_of_the_reader(server: Server) -> None:
    broken = {"name": "Broken", "nodes": {"a": {"type": "crm.updat"}}, "edges": {}}
    chinese = {"accept-language": "zh-CN"}
    checked = server.ok("POST", "/api/workflows/check", broken, headers=chinese)
    refused = server.fails(422, "POST", "/api/workflows", {"definition": broken}, headers=chinese)
    for found in (checked["problems"][0], refused["problems"][0]):
        assert found["message"] == "没有这种节点类型。 there is no node type 'crm.updat'"
        assert found["hint"] == "您是不是想写 'crm.update'？"


def test_a_workflow_is_switched_off_and_on_and_paused_and_resumed(server: Server) -> None:
    publish(server, WELCOME, name="Switched")
    assert server.ok("POST", "/api/workflows/Switched/off")["status"] == "off"
    assert server.ok("POST", "/api/workflows/switched/on")["status"] == "on"
    paused = server.ok("POST", "/api/workflows/switched/pause", {"why": "a reason"})
    assert (paused["status"], paused["paused"]) == ("paused", "a reason")
    assert server.ok("POST", "/api/workflows/switched/resume")["paused"] is None
    assert server.ok("GET", "/api/workflows/switched")["definition"]["name"] == "Switched"
    server.ok("POST", "/api/workflows/switched/off")


def test_the_second_of_two_people_who_edit_one_draft_is_told(server: Server) -> None:
    path = "/api/workflows/shared/draft"
    first = server.ok("PUT", path, {"definition": {"name": "Shared"}, "revision": 0})
    assert first["revision"] == 1
    server.ok("PUT", path, {"definition": {**WELCOME, "name": "Shared"}, "revision": 1})
    problem = server.fails(409, "PUT", path, {"definition": {"name": "Lost"}, "revision": 1})
    assert problem["code"] == "draft.conflict"
    assert problem["params"] == {"revision": 2, "yours": 1}
    assert server.ok("GET", path)["definition"]["nodes"].keys() == {"new", "mark"}
    server.fails(409, "POST", f"{path}/publish", {"revision": 1})
    assert server.ok("POST", f"{path}/publish", {"revision": 2})["workflow"] == "shared"
    assert server.ok("GET", "/api/workflows/shared")["has_draft"] is True
    server.ok("DELETE", path, params={"revision": 2})
    assert server.fails(404, "GET", path)["code"] == "draft.not_found"
    assert server.ok("GET", "/api/workflows/shared")["has_draft"] is False
    server.ok("POST", "/api/workflows/shared/off")


def test_records_are_changed_deleted_and_brought_back(server: Server) -> None:
    made = lead(server, company="Acme")
    path = f"/api/records/Lead/{made['id']}"
    assert server.ok("PATCH", path, {"company": "Analytical"})["company"] == "Analytical"
    server.ok("DELETE", path)
    assert server.fails(404, "GET", path)["code"] == "record.not_found"
    assert server.ok("POST", f"{path}/restore")["company"] == "Analytical"


def test_records_are_found_by_written_and_by_structured_conditions(server: Server) -> None:
    for score in (10, 20, 30):
        lead(server, company="Query Ltd", score=score)
    written = {"where": "company == 'Query Ltd' and score >= 20", "order": "-score", "fields": "score", "count": "true"}
    found = server.ok("GET", "/api/records/Lead", params=written)
    assert [record["score"] for record in found["records"]] == [30, 20]
    assert all(record.keys() == {"id", "score"} for record in found["records"])
    assert found["total"] == 2
    company = {"field": "company", "operator": "==", "value": "Query Ltd"}
    structured = {"where": [company, {"field": "score", "operator": "<", "value": 15}], "limit": 5}
    assert len(server.ok("POST", "/api/records/Lead/query", structured)["records"]) == 1


def test_a_misspelt_field_is_refused_with_the_nearest_one(server: Server) -> None:
    problem = server.fails(422, "POST", "/api/records/Lead", {"lastNam": "Lovelace"})
    assert "lastName" in problem["hint"]
    assert problem["where"]["field"] == "lastNam"
    assert "score" in server.fails(422, "GET", "/api/records/Lead", params={"fields": "skore"})["hint"]
    assert "Lead" in server.fails(422, "GET", "/api/records/Leed")["hint"]


def test_bad_rows_of_a_bulk_are_told_and_the_others_saved(server: Server) -> None:
    rows = [{"lastName": f"Bulk {n}", "email": f"bulk{n}@example.com"} for n in range(3)]
    rows[1] = {"lastName": "Bad", "email": "not an address"}
    answer = server.ok("POST", "/api/records/Lead/bulk", {"rows": rows})
    assert answer["saved"] == 2
    assert [error["row"] for error in answer["errors"]] == [1]
    rows = [{"email": "bulk0@example.com", "lastName": "Bulk 0", "company": "Upserted"}]
    assert server.ok("POST", "/api/records/Lead/bulk", {"rows": rows, "key": "email", "dry_run": True})["saved"] == 1
    query = {"where": "email == 'bulk0@example.com'"}
    assert server.ok("POST", "/api/records/Lead/query", query)["records"][0]["company"] is None
    server.ok("POST", "/api/records/Lead/bulk", {"rows": rows, "key": "email"})
    found = server.ok("POST", "/api/records/Lead/query", query)["records"]
    assert [record["company"] for record in found] == ["Upserted"]


def test_custom_objects_and_fields_are_added_and_used(server: Server) -> None:
    field = {"name": "planet", "type": "text"}
    assert server.ok("POST", "/api/objects/Lead/fields", [field])["fields"][-1]["name"] == "planet"
    assert lead(server, planet="Mars")["planet"] == "Mars"
    assert "Lead" in [each["name"] for each in server.ok("GET", "/api/objects")]


def test_an_approval_is_claimed_and_completed_and_the_run_goes_on(server: Server) -> None:
    server.ok("POST", "/api/records/User", {"name": "Ada", "email": "ada@example.com", "hourlyCost": 40})
    publish(server, APPROVE)
    run = server.ok("POST", "/api/workflows/approve-a-discount/runs", {"items": [{"deal": "D-1"}]})["run"]
    wait_for(lambda: bool(server.ok("GET", "/api/tasks", params={"run": run})))
    (task,) = server.ok("GET", "/api/tasks", params={"run": run})
    assert server.ok("POST", f"/api/tasks/{task['id']}/claim", {"who": "Ada"})["status"] == "Claimed"
    problem = server.fails(422, "POST", f"/api/tasks/{task['id']}/complete", {"outcome": "perhaps"})
    assert problem["code"] == "task.outcome"
    server.ok("POST", f"/api/tasks/{task['id']}/complete", {"outcome": "approved", "who": "Ada"})
    assert (
        server.fails(409, "POST", f"/api/tasks/{task['id']}/complete", {"outcome": "rejected"})["code"] == "task.closed"
    )
    wait_for(lambda: server.ok("GET", f"/api/runs/{run}")["summary"]["status"] == "completed")
    figures = server.ok("GET", "/api/metrics/workflows/approve-a-discount", params={"since": "2020-01-01"})
    assert figures["figures"]["counts"]["completed"] == 1
    assert server.ok("GET", "/api/metrics/people/Ada")["steps_done"] == 1


def test_a_waiting_run_is_cancelled_once(server: Server) -> None:
    publish(server, APPROVE, name="Cancelled")
    run = server.ok("POST", "/api/workflows/cancelled/runs")["run"]
    wait_for(lambda: any(each["id"] == run for each in server.runs(status="waiting")))
    assert server.ok("POST", f"/api/runs/{run}/cancel")["summary"]["status"] == "cancelled"
    assert server.fails(409, "POST", f"/api/runs/{run}/cancel")["code"] == "run.not_waiting"
    assert server.ok("GET", "/api/runs/counts")["Cancelled"] == {"cancelled": 1}


def test_an_event_wakes_the_run_that_waits_for_it(server: Server) -> None:
    wait = {"event": "paid", "key": "{{ $json.order }}"}
    nodes = {"start": {"type": "trigger.manual"}, "wait": {"type": "wait.event", "params": wait}}
    publish(server, {"name": "Paid", "nodes": nodes, "edges": {"1": {"source": "start", "target": "wait"}}})
    run = server.ok("POST", "/api/workflows/paid/runs", {"items": [{"order": "17"}]})["run"]
    wait_for(lambda: any(each["id"] == run for each in server.runs(status="waiting")))
    assert server.ok("POST", "/api/events/paid", {"key": "18"}) == {"woken": 0}
    assert server.ok("POST", "/api/events/paid", {"key": "17", "payload": {"amount": 40}}) == {"woken": 1}
    wait_for(lambda: server.ok("GET", f"/api/runs/{run}")["summary"]["status"] == "completed")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"lastName": NaN}', "request.json"),
        (b'{"lastName": "\\ud800"}', "request.json"),
        (b"{" * 100, "request.json"),
        (b"[" * 100_000 + b"]" * 100_000, "request.json"),
        (b"\xff\xfe", "request.json"),
        (b"[1, 2]", "request.invalid"),
    ],
)
def test_a_body_that_is_no_proper_json_is_refused_with_its_fault(server: Server, body: bytes, code: str) -> None:
    headers = {"content-type": "application/json"}
    answer = server.client.post("/api/records/Lead", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == code


@pytest.mark.parametrize("value", [b'"score": 1e400', b'"score": %d' % 10**400, b'"totalVisits": %d' % 2**64])
def test_numbers_that_no_column_holds_are_refused_and_not_a_fault_of_the_server(server: Server, value: bytes) -> None:
    body = b'{"lastName": "Big", %s}' % value
    answer = server.client.post("/api/records/Lead", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text


def test_unknown_addresses_and_methods_are_problems_too(server: Server) -> None:
    assert server.fails(404, "GET", "/api/nothing")["code"] == "request.unknown_address"
    assert "GET" in str(server.fails(405, "DELETE", "/api/workflows")["hint"])
    assert server.fails(404, "GET", "/api/runs/none")["code"] == "run.not_found"
    assert server.fails(422, "GET", "/api/runs", params={"limit": 5000})["code"] == "request.invalid"
    assert server.fails(422, "GET", "/api/metrics/people/Ada", params={"since": "soon"})["code"] == "request.time"


def test_a_misspelt_key_of_a_body_is_refused_and_not_lost(server: Server) -> None:
    problem = server.fails(422, "POST", "/api/records/Lead/query", {"wher": "score > 1"})
    assert problem["problems"][0]["field"] == "body.wher"


def test_a_condition_nested_a_thousand_deep_is_an_error_and_not_a_crash(server: Server) -> None:
    where: Any = {"field": "score", "operator": ">", "value": 1}
    for _ in range(400):
        where = {"not": where}
    assert server.fails(422, "POST", "/api/records/Lead/query", {"where": where})["code"] == "condition.too_deep"


def test_notices_and_effects_are_listed(server: Server) -> None:
    assert isinstance(server.ok("GET", "/api/notices"), list)
    assert server.ok("GET", "/api/effects", params={"state": "unknown"}) == []
    assert server.fails(404, "POST", "/api/effects/none/resolve", {"happened": True})["code"] == "effect.not_found"


def test_a_body_over_the_limit_is_refused_before_it_is_read_whole(tmp_path: Path, server: Server) -> None:
    answer = server.client.post(
        "/api/records/Lead/bulk", content=b" " * (17 << 20), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "request.too_large"
