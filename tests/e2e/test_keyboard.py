"""Without a mouse: from the front page to a template in use, a run, a task done, and back out."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import Towpath


def tab_to(page: Page, name: str, *, most: int = 80) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(most):
        focused = page.evaluate(
            "document.activeElement?.matches('a, button, input, select') ? document.activeElement.innerText.trim() : ''"
        )
        if re.search(name, focused):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name!r}")


def test_a_template_is_used_and_its_task_done_with_the_keyboard_alone(server: Towpath, page: Page) -> None:
    page.goto(f"{server.url}/app/")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "Choose a template")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Templates", exact=True)).to_be_visible()
    tab_to(page, r"Use it\s*Lead capture")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "^Use it$", most=8)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=re.compile("Lead capture"))).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("tasks")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    tab_to(page, "Everybody")
    page.keyboard.press("Enter")
    tasks = page.locator("main li button")
    expect(tasks.first).to_be_visible()
    tasks.first.focus()
    page.keyboard.press("Enter")
    tab_to(page, "Mark as done")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The run goes on.").first).to_be_visible()


def test_escape_closes_a_dialog_and_gives_the_focus_back(server: Towpath, page: Page) -> None:
    page.goto(f"{server.url}/app/records/Lead")
    new = page.get_by_role("button", name="New Lead")
    new.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(new).to_be_focused()
