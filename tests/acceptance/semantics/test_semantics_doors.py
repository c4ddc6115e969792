"""The semantics of the CRM as people and programs reach them: the command line, and the API on a real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.api_server import Server, wait_for
from towpath.cli.main import main
from towpath.main import DOORS

ROUTE = {
    "name": "Route",
    "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"], "condition": "score > 50"}},
        "give": {"type": "crm.assign", "params": {"object": "Lead", "pool": "inbound"}},
    },
    "edges": {"1": {"source": "new", "target": "give"}},
}
POOL = {"object": "Lead", "members": [{"user": "ada@x.co", "capacity": 1}]}
RULE = {"object": "Lead", "refuse": "score > 100", "message": "A score is at most 100.", "field": "score"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("api")) as server:
        server.ok("POST", "/api/records/User", {"name": "Ada", "email": "ada@x.co"})
        yield server


def test_over_the_api_rules_pools_why_and_backtests_work_together(server: Server) -> None:
    server.ok("PUT", "/api/definitions/assignment/inbound", POOL)
    server.ok("PUT", "/api/definitions/validation/score", RULE)
    assert [d["kind"] for d in server.ok("GET", "/api/definitions")] == ["assignment", "validation"]
    server.ok("POST", "/api/workflows", {"definition": ROUTE})
    leads = [server.ok("POST", "/api/records/Lead", {"lastName": "L", "score": score})["id"] for score in (60, 70, 10)]
    wait_for(lambda: server.ok("GET", "/api/pools")[0]["queued"] == {"full": 1})
    (pool,) = server.ok("GET", "/api/pools")
    assert [(m["name"], m["load"], m["capacity"]) for m in pool["members"]] == [("Ada", 1, 1)]
    problem = server.fails(422, "POST", "/api/records/Lead", {"lastName": "L", "score": 101})
    assert problem["code"] == "record.validation"
    answer = server.ok("GET", f"/api/workflows/route/why/{leads[2]}")
    assert (answer["starts"], answer["triggers"][0]["clauses"][0]["value"]) == (False, 10)
    assert server.ok("GET", f"/api/workflows/route/why/{leads[0]}")["starts"]
    steps = [step["name"] for step in server.ok("GET", "/api/objects/Lead/pipeline") if step["kind"] != "system"]
    assert steps == ["score", "Route"]
    result = server.ok("POST", "/api/backtests", {"definition": ROUTE, "since": "2020-01-01"})
    assert (result["starts"], result["published_starts"], result["only_draft"]) == (2, 2, 0)
    assert server.ok("GET", "/api/workflows/route/preview")["enter_now"] == 2
    server.ok("DELETE", "/api/definitions/validation/score")
    assert server.ok("POST", "/api/records/Lead", {"lastName": "L", "score": 101})["score"] == 101


def test_over_the_api_a_write_to_a_guarded_field_is_blocked_and_a_transition_moves_it(server: Server) -> None:
    states = [{"name": name} for name in ("Prospecting", "Qualification", "Won")]
    ways = [{"name": "qualify", "from": "Prospecting", "to": "Qualification", "during": {"required": ["closeDate"]}}]
    plan = {"object": "Deal", "field": "stage", "states": states, "transitions": ways}
    server.ok("PUT", "/api/definitions/blueprint/Sale", plan)
    deal = f"Deal/{server.ok('POST', '/api/records/Deal', {'name': 'A', 'stage': 'Prospecting'})['id']}"
    problem = server.fails(409, "PATCH", f"/api/records/{deal}", {"stage": "Won"})
    assert problem["code"] == "blueprint.direct_write"
    way = f"/api/records/{deal}/transitions/qualify"
    missing = server.fails(422, "POST", way, {"expected_state": "Prospecting"})
    assert (missing["code"], list(missing["params"]["faults"])) == ("blueprint.during", ["closeDate"])
    given = {"expected_state": "Prospecting", "values": {"closeDate": "2026-03-01"}}
    server.ok("POST", way, given)
    assert server.ok("GET", f"/api/records/{deal}")["stage"] == "Qualification"
    assert server.fails(409, "POST", way, given)["code"] == "blueprint.state"


def test_over_the_api_an_enrolment_shows_its_arms_and_who_left_and_why(server: Server) -> None:
    rules = {"goal": "score > 90", "suppress": 'status == "Unqualified"'}
    wait = {"type": "wait.duration", "params": {"duration": "5 days"}}
    document = {
        "name": "Drip", "settings": {"enrolment": rules},
        "nodes": {"new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"]}}, "wait": wait,
                  "log": {"type": "notify.log", "params": {"text": "on"}}},
        "edges": {"1": {"source": "new", "target": "wait"}, "2": {"source": "wait", "target": "log"}},
    }  # fmt: skip
    server.ok("POST", "/api/workflows", {"definition": document})
    assert server.ok("GET", "/api/workflows/Drip/enrolment") == {"workflow": "drip", "arms": [], "states": {}}
    leads = sorted(server.ok("POST", "/api/records/Lead", {"lastName": "L", "score": 1})["id"] for _ in range(3))
    wait_for(lambda: server.ok("GET", "/api/workflows/Drip/enrolment")["states"] == {"inside": 3})
    server.ok("PATCH", f"/api/records/Lead/{leads[0]}", {"score": 95})
    found = server.ok("GET", "/api/workflows/Drip/enrolment")
    assert found["arms"] == [{"arm": "treated", "entered": 3, "goals": 1, "rate": 1 / 3}]
    rows = server.ok("GET", "/api/workflows/Drip/enrolment/records?state=inside&limit=2")
    assert [(row["record"], row["state"], row["times"]) for row in rows] == [(lead, "inside", 1) for lead in leads[:2]]
    assert rows[0]["goal_at"] is not None
    last = server.ok("GET", f"/api/workflows/Drip/enrolment/records?after={rows[-1]['record']}")
    assert [row["record"] for row in last] == [leads[2]]
    server.ok("POST", "/api/workflows/Drip/off")
    assert server.ok("GET", "/api/workflows/Drip/enrolment")["arms"] == found["arms"]
    assert server.fails(404, "GET", "/api/workflows/Nobody/enrolment")["code"] == "workflow.unknown"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def call(*words: str) -> tuple[int, str]:
        code = main(["--folder", str(tmp_path / "data"), *words], DOORS)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return call


def test_on_the_command_line_a_definition_is_applied_explained_and_taken_away(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    files = {"pool": {"kind": "assignment", "name": "inbound", **POOL}, "route": ROUTE,
             "rules": [{"kind": "validation", "name": "score", **RULE}]}  # fmt: skip
    paths = {name: tmp_path / f"{name}.json" for name in files}
    for name, path in paths.items():
        path.write_text(json.dumps(files[name]), encoding="utf-8")
    run("users", "add", "Ada", "--email", "ada@x.co")
    assert run("definitions", "apply", str(paths["pool"]), str(paths["rules"]))[0] == 0
    assert "validation" in run("definitions", "list")[1]
    assert run("publish", str(paths["route"]))[0] == 0
    assert "A score is at most 100." in run("explain", "Lead")[1]
    assert "Ada" in run("pools")[1]
    assert run("backtest", str(paths["route"]))[0] == 0
    assert "enter now" in run("workflows", "preview", "Route")[1]
    assert run("definitions", "remove", "validation", "score")[0] == 0
    code, shown = run("definitions", "show", "validation", "score")
    assert code != 0
    assert "definition.unknown" in shown
    code, shown = run("definitions", "show", "validatoin", "score")
    assert "definition.unknown_kind" in shown


def test_on_the_command_line_an_enrolment_shows_its_arms_and_states(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    document = {**ROUTE, "settings": {"enrolment": {"goal": "score > 90"}}}
    document["nodes"] = {**ROUTE["nodes"], "give": {"type": "logic.noop"}}  # type: ignore[dict-item]
    file, leads = tmp_path / "route.json", tmp_path / "leads.csv"
    file.write_text(json.dumps(document), encoding="utf-8")
    leads.write_text("lastName,score\nDoe,60\nRoe,95\n", encoding="utf-8")
    assert run("publish", str(file))[0] == 0
    assert "Nobody has entered" in run("workflows", "enrolment", "Route")[1]
    assert run("load", "Lead", str(leads))[0] == 0
    shown = json.loads(run("--json", "workflows", "enrolment", "Route")[1])
    assert shown["arms"] == [{"arm": "treated", "entered": 1, "goals": 0}]
    assert shown["states"] == {"completed": 1}
    assert "treated" in run("workflows", "enrolment", "Route")[1]
