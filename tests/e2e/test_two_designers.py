"""Two people change one draft at once, or leave in the middle: nobody's work is lost without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Complaints, Towpath, new_context
from tests.e2e.office import ask

HOT = {
    "name": "Shared", "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"]}},
        "say": {"type": "notify.log", "params": {"text": "hot"}},
    }, "edges": {"1": {"source": "new", "target": "say"}},
}  # fmt: skip
REFUSED = re.compile("409")  # a refused save is no fault; the browser writes it to the console all the same


@pytest.fixture(scope="module")
def workflow(server: Towpath) -> str:
    """The id of a published workflow."""
    made: str = ask(server, "POST", "/api/workflows", {"definition": HOT})["workflow"]
    return made


@pytest.fixture(scope="module")
def grace(server: Towpath, browser: Browser) -> Iterator[Page]:
    """A colleague in a browser of her own."""
    invited = ask(server, "POST", "/api/users", {"email": "grace@example.com", "role": "designer", "name": "Grace"})
    window = new_context(browser)
    page = window.new_page()
    page.goto(invited["link"])
    page.get_by_label("Choose a password").fill("four words that fit")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Home", exact=True).wait_for()
    yield page
    window.close()


@pytest.fixture(autouse=True)
def forgive_refusals(complaints: Complaints) -> Iterator[None]:
    """The refusal itself is what these stories are about."""
    yield
    complaints[:] = [each for each in complaints if not REFUSED.search(each)]


def open_text(server: Towpath, page: Page, workflow: str) -> None:
    page.goto(f"{server.url}/app/workflows/{workflow}/design")
    page.locator(".react-flow__node").filter(has_text="say").click()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()


def stored_text(server: Towpath, workflow: str) -> str:
    draft = ask(server, "GET", f"/api/workflows/{workflow}/draft")
    return str(draft["definition"]["nodes"]["say"]["params"]["text"])


def both_change(server: Towpath, page: Page, grace: Page, workflow: str, hers: str, mine: str) -> None:
    """Both open the draft; she saves first."""
    open_text(server, page, workflow)
    open_text(server, grace, workflow)
    grace.get_by_label("Text").fill(hers)
    saved(grace)
    page.get_by_label("Text").fill(mine)


def test_who_saves_second_compares_and_takes_theirs(server: Towpath, page: Page, grace: Page, workflow: str) -> None:
    both_change(server, page, grace, workflow, "hers", "mine")
    dialog = page.get_by_role("dialog", name="Somebody else has changed this draft")
    expect(dialog).to_contain_text("Grace has saved it meanwhile")
    expect(dialog.get_by_role("row", name=re.compile("params.text mine hers"))).to_be_visible()
    assert stored_text(server, workflow) == "hers"
    dialog.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_label("Text")).to_have_value("hers")
    page.get_by_label("Text").fill("hers, and more")
    saved(page)
    assert stored_text(server, workflow) == "hers, and more"


def test_who_saves_second_keeps_theirs_on_top(server: Towpath, page: Page, grace: Page, workflow: str) -> None:
    both_change(server, page, grace, workflow, "hers again", "mine again")
    page.get_by_role("dialog").get_by_role("button", name="Keep mine").click()
    saved(page)
    assert stored_text(server, workflow) == "mine again"


def test_leaving_at_once_keeps_the_last_keystroke(server: Towpath, page: Page, workflow: str) -> None:
    open_text(server, page, workflow)
    page.get_by_label("Text").fill("typed and gone")
    page.get_by_role("link", name="Back to the workflow").click()
    expect(page.get_by_role("heading", name="Shared", level=1)).to_be_visible()
    assert stored_text(server, workflow) == "typed and gone"
    page.get_by_role("link", name="Edit").click()
    page.locator(".react-flow__node").filter(has_text="say").click()
    expect(page.get_by_label("Text")).to_have_value("typed and gone")


def test_leaving_into_a_conflict_stays_and_asks(server: Towpath, page: Page, grace: Page, workflow: str) -> None:
    both_change(server, page, grace, workflow, "hers once more", "mine once more")
    page.get_by_role("link", name="Back to the workflow").click()
    dialog = page.get_by_role("dialog", name="Somebody else has changed this draft")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")  # to decide later is no way around the question
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Back to the workflow").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Take theirs").click()
    page.get_by_role("link", name="Back to the workflow").click()
    expect(page.get_by_role("heading", name="Shared", level=1)).to_be_visible()
    assert stored_text(server, workflow) == "hers once more"
