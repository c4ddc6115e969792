"""Two records of one person are made one from the record's page."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.browser import Towpath


def test_a_duplicate_is_compared_and_merged_after_saying_what_happens(server: Towpath, page: Page) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}

    def ask(method: str, path: str, body: Any) -> Any:
        answer = httpx.request(method, server.url + path, json=body, headers=headers, timeout=60)
        assert answer.is_success, answer.text
        return answer.json()

    rule = {"object": "Lead", "match": [{"field": "email", "as": "mail"}], "limit": 1}
    ask("PUT", "/api/definitions/duplicates/Same%20mail", rule)
    ada = {"lastName": "Lovelace", "email": "ada@example.com"}
    first = ask("POST", "/api/records/Lead", {**ada, "firstName": "Ada", "city": "London", "company": "Acme"})["id"]
    second = ask("POST", "/api/records/Lead", {**ada, "firstName": "A.", "city": "Oslo", "phone": "+4721000000"})["id"]
    ask("POST", "/api/records/Task", {"subject": "Call", "relatedObject": "Lead", "relatedId": first})
    page.goto(f"{server.url}/app/records/Lead/{first}")
    expect(page.get_by_text("Possible duplicates")).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="A. Lovelace (record 2) stays").check()
    expect(dialog.get_by_role("list", name="What happens")).to_contain_text("Tasks: 1")
    expect(dialog.get_by_role("radio", name="Phone of record 2")).to_be_checked()
    expect(dialog.get_by_role("radio", name="Company of record 1")).to_be_checked()  # the other has none
    dialog.get_by_role("radio", name="First name of record 1").check()
    dialog.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("Lead is merged.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Ada Lovelace")).to_be_visible()
    assert page.url.endswith(second)
    kept = httpx.get(f"{server.url}/api/records/Lead/{first}", headers=headers, timeout=60).json()
    assert {name: kept[name] for name in ("id", "firstName", "city", "company", "phone")} == {
        "id": second, "firstName": "Ada", "city": "Oslo", "company": "Acme", "phone": "+4721000000",
    }  # fmt: skip
