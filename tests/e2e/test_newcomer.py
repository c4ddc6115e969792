"""A newcomer's first minutes: in by the link, a template, its runs, a record, a task; a password and a colleague."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Complaints, Towpath, new_context

WORDS = "four words that fit"


@pytest.fixture(scope="module")
def used(server: Towpath) -> Towpath:
    """The discount template with its sample records: it asks people for approval."""
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = httpx.post(f"{server.url}/api/templates/lead-capture/use?sample=true", headers=headers, timeout=30)
    assert answer.status_code == 201, answer.text
    return server


@pytest.fixture(scope="module")
def password(server: Towpath, browser: Browser, cookies: Any) -> str:
    """The owner's, set on the page of the profile."""
    window = new_context(browser)
    window.add_cookies(cookies)
    page = window.new_page()
    page.goto(f"{server.url}/app/settings/profile")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("New password").fill(WORDS)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    window.close()
    return WORDS


@pytest.mark.parametrize("place", ["", "tasks", "tasks?who=all", "runs", "runs?status=failed", "workflows"])
def test_a_page_with_nothing_on_it_leads_somewhere(server: Towpath, page: Page, place: str) -> None:
    page.goto(f"{server.url}/app/{place}")
    way = page.locator("main section p.font-semibold ~ div").get_by_role("link")
    expect(way).to_be_visible()
    before = page.url
    way.press("Enter")
    expect(page).not_to_have_url(before)
    expect(page.locator("h1")).to_be_visible()


def test_an_empty_house_shows_the_way_to_a_first_workflow(server: Towpath, page: Page) -> None:
    page.goto(f"{server.url}/")
    expect(page.get_by_text("Nothing runs yet")).to_be_visible()
    page.get_by_role("link", name="Choose a template").click()
    page.get_by_role("button", name="Support", exact=True).click()
    page.get_by_role("button", name=re.compile("Use it ?Case triage")).click()
    page.get_by_role("dialog").get_by_role("button", name="Use it").click()
    expect(page.get_by_role("heading", name="Case triage and solution", level=1)).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Case triage")).first).to_be_visible()


def test_a_template_is_looked_at_before_it_is_used(server: Towpath, page: Page) -> None:
    page.goto(f"{server.url}/app/templates")
    page.get_by_role("link", name="Preview Discount approval").press("Enter")
    expect(page.get_by_role("heading", name="Discount approval", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="The workflow").locator(".react-flow__node").first).to_be_visible()
    expect(page.locator("section", has_text="What it needs").last).to_contain_text("Records: Deals, Users")
    expect(page.locator("section", has_text="What its sample weeks come to").last).to_contain_text("14.2%")
    expect(page.get_by_role("region", name="Deals")).to_contain_text("→ sam@example.com")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("dialog", name="Discount approval")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Use it")).to_be_focused()


def test_a_run_that_appears_is_shown_without_asking(used: Towpath, page: Page) -> None:
    page.goto(f"{used.url}/app/runs?workflow=lead-capture")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    before = rows.count()
    lead = {"lastName": "Live", "email": "live@example.com", "source": "Web"}
    headers = {"Authorization": f"Bearer {used.token}"}
    assert httpx.post(f"{used.url}/api/records/Lead", json=lead, headers=headers).status_code == 201
    expect(rows).to_have_count(before + 1, timeout=10_000)
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Steps")).to_be_visible()


def test_a_record_is_made_found_changed_and_the_change_taken_back(used: Towpath, page: Page) -> None:
    page.goto(f"{used.url}/app/records/Lead")
    page.get_by_role("button", name="New Lead").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("Grace")
    dialog.get_by_label("Last name").fill("Hopper")
    dialog.get_by_label("Company").fill("Navy")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
    expect(page.get_by_text("Lead is made.")).to_be_visible()
    page.get_by_role("link", name="Leads", exact=True).first.click()
    page.get_by_role("searchbox", name="Find").fill("hopp")
    row = page.get_by_role("row", name=re.compile("Grace Hopper"))
    expect(row).to_be_visible()
    row.get_by_role("cell", name="Navy").dblclick()
    page.get_by_role("textbox", name="Company").fill("US Navy")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("US Navy")
    page.get_by_role("button", name="Undo").click()
    expect(row).not_to_contain_text("US Navy")
    row.get_by_role("link", name="Grace Hopper").click()
    expect(page.get_by_text("US Navy").first).to_be_visible()  # the timeline keeps both changes


def test_a_task_is_done_and_leaves_the_list(used: Towpath, page: Page) -> None:
    page.goto(f"{used.url}/app/tasks?who=all")
    tasks = page.locator("main li button")
    expect(tasks.first).to_be_visible()
    before = tasks.count()
    name = tasks.first.locator("span span").first.inner_text()
    tasks.first.click()
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()
    page.get_by_role("button", name=re.compile("Mark as done|Approve")).click()
    expect(page.get_by_text(re.compile("The run goes on"))).to_be_visible()
    expect(tasks).to_have_count(before - 1)


def test_the_palette_finds_pages_and_people_from_the_keyboard(used: Towpath, page: Page) -> None:
    page.goto(f"{used.url}/app/")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("templ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Templates", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Hopper")
    option = page.get_by_role("option", name=re.compile("Grace Hopper"))
    expect(option).to_be_visible()
    option.click()
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()


def test_a_figure_shows_what_it_is_made_of(used: Towpath, page: Page) -> None:
    page.goto(f"{used.url}/app/")
    page.get_by_role("link", name=re.compile("Lead capture")).click()
    expect(page.get_by_text("On time", exact=True).first).to_be_visible()
    page.get_by_text("What these figures are made of").click()
    expect(page.get_by_text("E = T / T_max")).to_be_visible()


def test_the_language_is_switched_without_loading_and_kept(used: Towpath, page: Page) -> None:
    page.goto(f"{used.url}/app/workflows")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitemcheckbox", name="简体中文").click()
    expect(page.get_by_role("heading", name="工作流", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="工作流", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_owner_invites_a_colleague_who_may_less(
    used: Towpath, page: Page, browser: Browser, complaints: Complaints
) -> None:
    page.goto(f"{used.url}/app/settings/people")
    page.get_by_role("button", name="Invite somebody").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("bob@example.com")
    dialog.get_by_label("Role").select_option("viewer")
    dialog.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_role("textbox", name="bob@example.com is invited").input_value()
    window = new_context(browser)
    guest = window.new_page()
    complaints.listen(guest)
    guest.goto(link)
    expect(guest.get_by_text("bob@example.com")).to_be_visible()
    guest.get_by_label("Your name").fill("Bob")
    guest.get_by_label("Choose a password").fill(WORDS)
    guest.get_by_role("button", name="Begin").click()
    expect(guest.get_by_text("Hello Bob")).to_be_visible()
    guest.goto(f"{used.url}/app/records/Lead")
    expect(guest.get_by_role("row").nth(1)).to_be_visible()
    expect(guest.get_by_role("button", name="New Lead")).to_have_count(0)
    guest.goto(f"{used.url}/app/settings/people")
    expect(guest.get_by_role("link", name="Audit log")).to_have_count(0)
    window.close()


def test_signing_out_leads_to_the_sign_in_and_back_to_where_one_was_going(
    used: Towpath, password: str, browser: Browser
) -> None:
    window = new_context(browser)
    page = window.new_page()
    page.goto(f"{used.url}/app/workflows")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Workflows", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Account of")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    window.close()
