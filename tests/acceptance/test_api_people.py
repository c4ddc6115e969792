"""People's work over the API: inbox, forms, decisions, and answering by the link of a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.api_server import Server, wait_for

DECIDE: dict[str, Any] = {
    "name": "Decide",
    "nodes": {
        "ask": {"type": "trigger.manual"},
        "boss": {
            "type": "people.approve",
            "params": {"subject": "Discount <b>?", "approver": "Ada", "submitter": "Sam", "mail": True},
        },
    },
    "edges": {"1": {"source": "ask", "target": "boss"}},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("people"), TOWPATH_BASE_URL="https://crm.example.com/") as server:
        for name in ("Ada", "Sam"):
            server.ok("POST", "/api/records/User", {"name": name, "email": f"{name.lower()}@example.com"})
        server.ok("POST", "/api/workflows", {"definition": DECIDE})
        yield server


def ask(server: Server) -> str:
    """Start the workflow; the path of the link in the mail that it leads to."""
    outbox: Path = server.folder / "outbox"
    before = set(outbox.glob("*.eml"))
    server.ok("POST", "/api/workflows/decide/runs", {})
    wait_for(lambda: bool(set(outbox.glob("*.eml")) - before))
    (mail,) = set(outbox.glob("*.eml")) - before
    text = mail.read_text(encoding="utf-8").replace("=\n", "")
    found = re.search(r"https://crm\.example\.com(/answer/[\w-]+)", text)
    assert found is not None, text
    return found[1]


def test_a_person_decides_by_the_link_of_a_mail_once(server: Server) -> None:
    path = ask(server)
    nobody = {"Authorization": ""}
    page = server.client.get(path, headers=nobody)
    assert (page.status_code, "Discount &lt;b&gt;?" in page.text) == (200, True)
    assert server.client.get(path, headers=nobody).status_code == 200  # a scanner that looks decides nothing
    answer = server.client.post(path, data={"outcome": "approved"}, headers=nobody)
    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    again = server.client.post(path, data={"outcome": "rejected"}, headers=nobody)
    assert (again.status_code, again.json()["code"]) == (409, "task.closed")
    wait_for(lambda: server.runs(workflow="Decide")[0]["status"] == "completed")
    server.fails(404, "POST", path[:-3] + "xyz", {"outcome": "approved"})


def test_a_request_is_listed_shown_and_recalled(server: Server) -> None:
    ask(server)
    (pending,) = server.ok("GET", "/api/approvals")
    shown = server.ok("GET", f"/api/approvals/{pending['id']}")
    assert [task["status"] for task in shown["tasks"]] == ["Open"]
    assert server.ok("GET", "/api/inbox/Ada")["mine"][0]["approvalId"] == pending["id"]
    path = f"/api/approvals/{pending['id']}/recall"
    server.fails(403, "POST", path, {"who": "Ada"})
    assert server.ok("POST", path, {"who": "Sam"})["status"] == "Recalled"
    server.fails(409, "POST", path, {"who": "Sam"})


def test_a_decision_about_a_record_locks_its_fields(server: Server) -> None:
    deal = server.ok("POST", "/api/records/Deal", {"name": "Quote", "amount": 5})["id"]
    steps = [{"name": "boss", "approvers": [{"user": "Ada"}], "locks": ["amount"]}]
    server.ok("POST", "/api/approvals", {"subject": "Quote", "steps": steps, "object": "Deal", "record": deal})
    assert server.fails(409, "PATCH", f"/api/records/Deal/{deal}", {"amount": 9})["code"] == "record.locked"
    task = server.ok("GET", "/api/tasks", params={"record": deal})[0]
    assert (
        server.fails(422, "POST", f"/api/tasks/{task['id']}/complete", {"outcome": "maybe"})["code"] == "task.outcome"
    )
    server.ok("POST", f"/api/tasks/{task['id']}/complete", {"who": "Ada", "outcome": "approved"})
    server.ok("PATCH", f"/api/records/Deal/{deal}", {"amount": 9})
