"""The bell tells what asks for somebody, as it happens; a tour leads a newcomer through three pages, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Complaints, Towpath, new_context
from tests.e2e.conftest import AXE
from tests.e2e.office import ask

FIND = {
    "name": "Find",
    "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"]}},
        "find": {"type": "crm.get", "params": {"object": "Lead", "id": "{{ $json.company }}"}},
    },
    "edges": {"1": {"source": "new", "target": "find"}},
}
WORDS = "four words that fit"


@pytest.fixture
def newcomer(server: Towpath, browser: Browser, complaints: Complaints) -> Iterator[Page]:
    """Somebody who has just come in by an invitation, and sees that a workflow is there."""
    ask(server, "POST", "/api/workflows", {"definition": FIND})
    link = ask(server, "POST", "/api/users", {"email": f"new{len(people(server))}@example.com", "role": "viewer"})[
        "link"
    ]
    window = new_context(browser)
    page = window.new_page()
    complaints.listen(page)
    page.goto(link)
    page.get_by_label("Your name").fill("Nell")
    page.get_by_label("Choose a password").fill(WORDS)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    yield page
    window.close()


def people(server: Towpath) -> Any:
    return ask(server, "GET", "/api/users")


def test_a_run_that_fails_rings_and_is_a_click_away(server: Towpath, page: Page) -> None:
    ask(server, "POST", "/api/workflows", {"definition": FIND})
    page.goto(f"{server.url}/app/")
    bell = page.get_by_role("button", name="Notifications")
    expect(bell).to_have_accessible_name("Notifications")
    bell.click()
    expect(
        page.get_by_role("dialog", name="Notifications").get_by_role("link", name="Look at all tasks")
    ).to_be_visible()
    page.keyboard.press("Escape")
    ask(server, "POST", "/api/records/Lead", {"lastName": "One", "company": "nobody"})
    expect(bell).to_have_accessible_name("Notifications, 1 unread")
    bell.press("Enter")
    page.get_by_role("dialog", name="Notifications").get_by_role("link", name=re.compile("A run failed: Find")).click()
    expect(page.get_by_role("region", name="What went wrong")).to_be_visible()
    expect(bell).to_have_accessible_name("Notifications")
    page.reload()
    expect(page.get_by_role("heading", name="Steps")).to_be_visible()
    expect(bell).to_have_accessible_name("Notifications")


def test_a_task_given_to_me_opens_and_all_are_marked_as_read(server: Towpath, page: Page) -> None:
    me = next(each["id"] for each in people(server) if each["role"] == "owner")
    for subject in ("Call Ada", "Call Grace"):
        ask(server, "POST", "/api/records/Task", {"subject": subject, "ownerId": me})
    page.goto(f"{server.url}/app/")
    bell = page.get_by_role("button", name="Notifications")
    expect(bell).to_have_accessible_name(re.compile(r"[2-9] unread"))
    bell.click()
    dialog = page.get_by_role("dialog", name="Notifications")
    dialog.get_by_role("button", name="Mark all as read").click()
    expect(bell).to_have_accessible_name("Notifications")
    dialog.get_by_role("link", name=re.compile("Task: Call Grace")).click()
    expect(page.get_by_role("heading", name="Call Grace", level=2)).to_be_visible()


def test_the_tour_leads_through_three_pages_by_keyboard_and_comes_once(server: Towpath, newcomer: Page) -> None:
    tour = newcomer.get_by_role("region", name="Tour")
    expect(tour).to_contain_text("Step 1 of 3")
    if AXE.is_file():
        newcomer.evaluate(AXE.read_text(encoding="utf-8"))
        rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
        found = newcomer.evaluate("rules => axe.run(document, { runOnly: rules }).then(r => r.violations)", rules)
        assert [each["id"] for each in found] == []
    tour.get_by_role("button", name="Next").press("Enter")
    expect(newcomer).to_have_url(re.compile("/design$"))
    expect(tour.get_by_role("button", name="Next")).to_be_focused()
    newcomer.keyboard.press("Enter")
    expect(newcomer).to_have_url(re.compile("/tasks"))
    tour.get_by_role("button", name="Finish the tour").press("Enter")
    expect(tour).to_have_count(0)
    newcomer.goto(f"{server.url}/app/")
    expect(newcomer.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    newcomer.wait_for_timeout(500)
    expect(tour).to_have_count(0)
    newcomer.get_by_role("button", name=re.compile("Account of")).click()
    newcomer.get_by_role("menuitem", name="Take the tour").click()
    expect(tour).to_contain_text("Step 1 of 3")
    tour.get_by_role("button", name="Leave the tour").click()
    expect(tour).to_have_count(0)
