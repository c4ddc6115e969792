"""CSV files over HTTP, and the days of a workflow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.api_server import Server, wait_for

FILE = b"Last name,E-mail,Firma\nLovelace,ada@example.com,Analytical\nHopper,no address,Navy\n"
PATH = "/api/records/Lead/import"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("api")) as server:
        yield server


def test_a_file_is_looked_at_without_being_loaded(server: Server) -> None:
    seen = server.ok("POST", f"{PATH}/preview", content=FILE, headers={"Content-Type": "text/csv"})
    assert seen["header"] == ["Last name", "E-mail", "Firma"]
    assert (seen["columns"]["Last name"], seen["columns"]["E-mail"]) == ("lastName", "email")
    assert seen["sample"][0] == ["Lovelace", "ada@example.com", "Analytical"]
    assert server.ok("GET", "/api/records/Lead")["records"] == []


def test_a_trial_keeps_nothing_and_the_loading_keeps_what_is_good(server: Server) -> None:
    query = {"column": ["Firma=company"], "dry_run": "true"}
    tried = server.ok("POST", PATH, content=FILE, params=query)
    assert (tried["created"], tried["left_out"]) == (1, 1)
    assert server.ok("GET", "/api/records/Lead")["records"] == []
    loaded = server.ok("POST", PATH, content=FILE, params={**query, "dry_run": "false"})
    assert (loaded["rows"], loaded["created"], loaded["left_out"]) == (2, 1, 1)
    (refused,) = loaded["refused"]
    assert (refused["line"], refused["cells"]) == (3, ["Hopper", "no address", "Navy"])
    (record,) = server.ok("GET", "/api/records/Lead")["records"]
    assert record["company"] == "Analytical"
    again = server.ok("POST", PATH, content=FILE, params={"column": ["Firma=company"], "key": "email"})
    assert (again["created"], again["unchanged"]) == (0, 1)


def test_a_column_that_is_not_there_is_refused(server: Server) -> None:
    problem = server.fails(422, "POST", PATH, content=FILE, params={"column": ["Frima=company"]})
    assert problem["code"] == "load.unknown_column"


def test_the_days_of_a_workflow_are_those_of_the_reader(server: Server) -> None:
    server.ok("POST", "/api/templates/lead-capture/use?sample=true")
    wait_for(lambda: bool(server.runs(workflow="lead-capture", status="completed")))
    path = "/api/metrics/workflows/lead-capture/daily"
    days = server.ok("GET", path, params={"days": 7, "zone": "Asia/Shanghai"})
    assert len(days) == 7
    assert sum(day["started"] for day in days) == len(server.runs(workflow="lead-capture"))
    assert days[-1]["completed"] >= 1
    assert server.fails(422, "GET", path, params={"zone": "Mars/Olympus"})["code"] == "request.zone"
    assert server.fails(404, "GET", "/api/metrics/workflows/nothing/daily")["code"] == "workflow.unknown"
