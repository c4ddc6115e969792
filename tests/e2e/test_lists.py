"""Lists of records: filters that can be linked and undone, saved views, many records at once, a board."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Complaints, Towpath

Ask = Callable[[str, str, Any], Any]
PLAN = {
    "object": "Deal", "field": "stage",
    "states": [{"name": name} for name in ("Prospecting", "Qualification", "Proposal")],
    "transitions": [{"name": "Qualify", "from": "Prospecting", "to": "Qualification"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def ask(server: Towpath) -> Ask:
    """The API, for what a story needs before it begins."""

    def request(method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {server.token}"}
        answer = httpx.request(method, server.url + path, json=body, headers=headers, timeout=60)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return request


@pytest.fixture(scope="module")
def leads(ask: Ask) -> None:
    """Twelve leads: four from Oslo with high scores, one of them without a company."""
    rows = [{"lastName": f"Lead {n:02}", "city": "Oslo" if n < 4 else "Rome", "score": 90 - n, "company": "Acme",
             "status": "New"} for n in range(12)]  # fmt: skip
    ask("POST", "/api/records/Lead/bulk", {"rows": rows})


def rows(page: Page) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("cell"))


def test_a_long_list_draws_and_reads_only_what_is_seen(server: Towpath, page: Page, ask: Ask) -> None:
    ask("POST", "/api/records/Contact/bulk", {"rows": [{"lastName": f"Contact {n:03}"} for n in range(900)]})
    page.goto(f"{server.url}/app/records/Contact")
    table = page.get_by_role("table")
    expect(table).to_have_attribute("aria-rowcount", "201")
    page.wait_for_load_state("networkidle")
    assert rows(page).count() < 60
    table.focus()
    page.keyboard.press("End")
    expect(table).to_have_attribute("aria-rowcount", "401")


def add_condition(page: Page, field: str, operator: str, place: int = 0) -> None:
    page.get_by_role("button", name="Add a condition").press("Enter")
    expect(page.get_by_label("Field").nth(place)).to_be_focused()
    page.get_by_label("Field").nth(place).select_option(field)
    page.get_by_label("Comparison").nth(place).select_option(operator)


def test_a_filter_is_part_of_the_address_and_undone_by_going_back(server: Towpath, page: Page, leads: None) -> None:
    page.goto(f"{server.url}/app/records/Lead")
    expect(rows(page)).to_have_count(12)
    page.get_by_role("button", name="Filter", exact=True).click()
    add_condition(page, "City", "contains")
    page.get_by_label("Value").fill("oslo")  # whatever its case
    expect(rows(page)).to_have_count(4)
    add_condition(page, "Score", "between", 1)
    page.get_by_label("From").fill("88")
    page.get_by_label("To").fill("100")
    expect(rows(page)).to_have_count(3)
    linked = page.url
    page.go_back()
    expect(rows(page)).to_have_count(4)
    page.goto(linked)
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_role("list", name="Filter")).to_contain_text("City contains oslo")
    page.get_by_role("button", name="Remove the condition on Score").click()
    expect(rows(page)).to_have_count(4)


def test_a_view_is_saved_and_the_list_begins_with_it(server: Towpath, page: Page, leads: None) -> None:
    page.goto(f"{server.url}/app/records/Lead")
    page.get_by_role("button", name="Filter", exact=True).click()
    add_condition(page, "City", "is")
    page.get_by_label("Value").fill("Oslo")
    expect(rows(page)).to_have_count(4)
    page.get_by_role("button", name="View: All Leads").click()
    page.get_by_role("menuitem", name="Save as a view…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("From Oslo")
    dialog.get_by_label("Everybody sees it").check()
    dialog.get_by_label("The list begins with it").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="View: From Oslo")).to_be_visible()
    page.goto(f"{server.url}/app/records/Lead")
    expect(page.get_by_role("button", name="View: From Oslo")).to_be_visible()
    expect(rows(page)).to_have_count(4)
    page.get_by_role("button", name="View: From Oslo").click()
    page.get_by_role("menuitem", name="All Leads").click()
    expect(rows(page)).to_have_count(12)
    page.get_by_role("button", name="View: All Leads").click()
    page.get_by_role("menuitem", name="From Oslo").click()
    page.get_by_role("columnheader", name="Score").get_by_role("button").click()
    page.get_by_role("button", name="View: From Oslo *").click()
    page.get_by_role("menuitem", name=re.compile("Save changes")).click()
    expect(page.get_by_role("button", name="View: From Oslo", exact=True)).to_be_visible()
    page.get_by_role("button", name="View: From Oslo").click()
    page.get_by_role("menuitem", name="Delete “From Oslo”").click()
    expect(rows(page)).to_have_count(12)


def test_many_records_are_changed_with_the_keyboard_and_undone(server: Towpath, page: Page, leads: None) -> None:
    page.goto(f"{server.url}/app/records/Lead?view=all")
    page.get_by_role("checkbox", name="Choose Lead 00").focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name="Choose Lead 01").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_role("button", name="Choose all 12 that match").press("Enter")
    expect(page.get_by_text("12 chosen")).to_be_visible()
    page.get_by_role("button", name="Set a field").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Field").select_option("Rating")
    dialog.get_by_label("New value").select_option("Hot")
    dialog.get_by_role("button", name="Set it for 12").press("Enter")
    expect(page.get_by_text("12 records are changed.")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("12 records are changed.").last).to_be_visible()
    page.get_by_role("checkbox", name="Choose all rows shown").press("Space")
    page.get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_text("No Leads yet")).to_be_visible()
    page.get_by_role("button", name="Undo").last.press("Enter")
    expect(rows(page)).to_have_count(12)


def test_records_that_cannot_be_changed_are_told_one_by_one(server: Towpath, page: Page, leads: None, ask: Ask) -> None:
    rule = {"object": "Lead", "refuse": "city == 'Oslo' and status == 'Qualified'", "message": "Oslo is not ours."}
    ask("PUT", "/api/definitions/validation/Oslo", rule)
    page.goto(f"{server.url}/app/records/Lead?view=all")
    page.get_by_role("checkbox", name="Choose all rows shown").check()
    page.get_by_role("button", name="Set a field").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Field").select_option("Status")
    dialog.get_by_label("New value").select_option("Qualified")
    dialog.get_by_role("button", name="Set it for 12").click()
    told = page.get_by_role("dialog", name="4 records were left as they are")
    expect(told).to_contain_text("Oslo is not ours.")
    expect(told).to_contain_text("8 others were changed.")
    expect(told.get_by_role("listitem")).to_have_count(4)
    told.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("chosen")).to_have_count(0)
    ask("DELETE", "/api/definitions/validation/Oslo")


def test_deals_move_on_a_board_by_dragging_and_by_keys_unless_a_blueprint_guards_them(
    server: Towpath, page: Page, ask: Ask, complaints: Complaints
) -> None:
    for name, amount in (("Small", 1000), ("Large", 250_000)):
        ask("POST", "/api/records/Deal", {"name": name, "stage": "Prospecting", "amount": amount})
    page.goto(f"{server.url}/app/records/Deal")
    page.get_by_role("button", name="List", exact=True).click()
    page.get_by_role("menuitem", name="Board by Stage").click()

    def column(name: str) -> Any:
        return page.get_by_role("region", name=name, exact=True)

    expect(column("Prospecting")).to_contain_text("251K")
    column("Prospecting").get_by_role("listitem").filter(has_text="Large").drag_to(column("Engaging"))
    expect(column("Engaging").get_by_role("link", name="Large")).to_be_visible()
    expect(column("Engaging")).to_contain_text("250K")
    expect(column("Prospecting")).to_contain_text("1K")
    column("Engaging").get_by_role("link", name="Large").press("Shift+ArrowLeft")
    moved = column("Prospecting").get_by_role("link", name="Large")
    expect(moved).to_be_focused()
    column("Prospecting").get_by_role("button", name="Move Small").press("Enter")
    page.get_by_role("menuitem", name="Proposal").press("Enter")
    expect(column("Proposal").get_by_role("link", name="Small")).to_be_visible()
    ask("PUT", "/api/definitions/blueprint/Sale", PLAN)
    column("Prospecting").get_by_role("button", name="Move Large").click()
    page.get_by_role("menuitem", name="Proposal").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Sale")
    expect(moved).to_be_visible()
    complaints[:] = [each for each in complaints if "status of 409" not in each]  # the browser tells of every refusal
