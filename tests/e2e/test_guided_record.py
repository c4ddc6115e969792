"""A deal is led through its blueprint by buttons, a lead tells why a workflow starts on it, refusals are readable."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Complaints, Towpath, new_context

PLAN = {
    "object": "Deal", "field": "stage",
    "states": [{"name": name} for name in ("Prospecting", "Qualification", "Proposal")],
    "transitions": [
        {"name": "Qualify", "from": "Prospecting", "to": "Qualification"},
        {"name": "Offer", "from": "Qualification", "to": "Proposal", "criteria": "amount > 0",
         "reason": "Give the deal an amount first.",
         "during": {"required": ["closeDate"], "checklist": ["Prices are checked"], "note": True}},
    ],
}  # fmt: skip
HOT = {
    "name": "Hot leads", "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"], "condition": "score > 50"}},
        "say": {"type": "notify.log", "params": {"text": "hot"}},
    }, "edges": {"1": {"source": "new", "target": "say"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def office(server: Towpath) -> dict[str, Any]:
    """A blueprint for deals, a workflow for hot leads, one deal and one cold lead."""
    headers = {"Authorization": f"Bearer {server.token}"}

    def ask(method: str, path: str, body: Any) -> Any:
        answer = httpx.request(method, server.url + path, json=body, headers=headers, timeout=60)
        assert answer.is_success, answer.text
        return answer.json()

    ask("PUT", "/api/definitions/blueprint/Sale", PLAN)
    ask("POST", "/api/workflows", {"definition": HOT})
    deal = ask("POST", "/api/records/Deal", {"name": "Big one", "stage": "Prospecting", "amount": 100})["id"]
    lead = ask("POST", "/api/records/Lead", {"lastName": "Cold", "score": 10})["id"]
    return {"deal": deal, "lead": lead}


def test_a_deal_is_led_on_and_asked_for_what_it_needs(server: Towpath, page: Page, office: dict[str, Any]) -> None:
    page.goto(f"{server.url}/app/records/Deal/{office['deal']}")
    page.get_by_role("button", name="Qualify").click()
    page.get_by_role("dialog").get_by_role("button", name="Qualify").click()
    expect(page.get_by_text("Now in Qualification.")).to_be_visible()
    page.get_by_role("button", name="Offer").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Close date").fill("2026-12-24")
    dialog.get_by_label("Prices are checked").check()
    dialog.get_by_label("Note").fill("Sent by mail")
    dialog.get_by_role("button", name="Offer").click()
    expect(page.get_by_text("Now in Proposal.")).to_be_visible()
    expect(page.get_by_text("Dec 24, 2026").first).to_be_visible()


def test_a_lead_tells_why_a_workflow_does_not_start_on_it(server: Towpath, page: Page, office: dict[str, Any]) -> None:
    page.goto(f"{server.url}/app/records/Lead/{office['lead']}")
    page.get_by_label("Workflow").select_option("Hot leads")
    expect(page.get_by_text("It would not start")).to_be_visible()
    expect(page.get_by_text("score > 50")).to_be_visible()
    expect(page.get_by_text("is 10")).to_be_visible()


def test_a_refusal_is_told_in_the_language_of_the_reader(
    server: Towpath, browser: Browser, cookies: Any, complaints: Complaints
) -> None:
    window = new_context(browser, language="zh-CN")
    window.add_cookies(cookies)
    page = window.new_page()
    complaints.listen(page)
    page.goto(f"{server.url}/app/records/Lead/no-such-record")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("[一-鿿]"))
    complaints[:] = [each for each in complaints if "status of 404" not in each]  # the browser tells of every refusal
    window.close()
