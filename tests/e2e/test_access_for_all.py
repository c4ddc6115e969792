"""Every page, in both themes and languages, has no fault that axe knows (WCAG 2.2 A and AA); phones scroll one way."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Complaints, Towpath, new_context
from tests.e2e.conftest import AXE

NEW = 'records/Lead?view=all&filters=[{"field":"status","operator":"in","value":["New"]}]'
ADDRESSES = (
    "", "measure/lead-capture", "tasks?who=all", "records/Lead", "records/Lead?board=status", NEW, "runs", "workflows",
    "workflows/lead-capture", "workflows/lead-capture/design", "workflows/lead-capture/design?counts=all",
    "templates", "templates/lead-capture", "settings/profile", "settings/people", "settings/objects", "settings/tokens",
    "settings/audit", "no/such/page",
)  # fmt: skip
# Colours are read from what was painted: two frames later the new theme is everywhere.
SWITCH = """theme => new Promise(done => {
  document.documentElement.dataset.theme = theme;
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not here: python3 hatch_build.py run types installs the tools of ui/")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def filled(server: Towpath) -> Towpath:
    """A server with a workflow, records, runs and tasks."""
    headers = {"Authorization": f"Bearer {server.token}"}
    url = f"{server.url}/api/templates/lead-capture/use?sample=true"
    assert httpx.post(url, headers=headers, timeout=30).status_code == 201
    return server


def settle(page: Page) -> None:
    page.locator("h1, main p").first.wait_for()
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)


def open_run(server: Towpath, page: Page) -> None:
    """The newest run, with its canvas drawn."""
    page.goto(f"{server.url}/app/runs")
    page.locator("tbody a").first.click()
    page.locator(".react-flow__node").first.wait_for()


def faults(page: Page) -> list[Any]:
    """What axe finds. It comes in through the debugger, past the policy that forbids foreign scripts."""
    found = page.evaluate("rules => axe.run(document, { runOnly: rules }).then(r => r.violations)", RULES)
    return [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_page_has_a_fault_that_axe_knows_in_either_theme(
    filled: Towpath, browser: Browser, cookies: Any, axe: str, complaints: Complaints, language: str
) -> None:
    window = new_context(browser, language=language)
    page = window.new_page()
    complaints.listen(page)
    found: dict[str, Any] = {}

    def look(name: str) -> None:
        settle(page)
        page.evaluate(axe)
        for theme in ("light", "dark"):
            page.evaluate(SWITCH, theme)
            found[f"{name} {theme}"] = faults(page)

    page.goto(f"{filled.url}/app/sign-in")
    look("sign-in")
    window.add_cookies(cookies)
    for address in ADDRESSES:
        page.goto(f"{filled.url}/app/{address}")
        look(address)
    page.goto(f"{filled.url}/app/{NEW}")
    page.locator("main button[aria-expanded]").filter(has_text="(1)").click()
    page.locator("[role=row] input").first.check()
    look("filter and chosen rows")
    page.goto(f"{filled.url}/app/records/Lead")
    page.locator("[role=row] a").first.click()
    page.get_by_role("heading", level=2).first.wait_for()
    look("record")
    page.locator("main header button").first.click()
    page.locator("dialog select").select_option(index=1)
    page.locator("dialog table").wait_for()
    look("merge")
    open_run(filled, page)
    look("run")
    page.locator(".react-flow__node").last.click()
    look("run, another node")
    page.goto(f"{filled.url}/app/workflows/lead-capture/design")
    page.locator(".react-flow__node").last.click()
    look("designer, a node")
    window.close()
    assert {name: each for name, each in found.items() if each} == {}


def test_nothing_is_wider_than_a_phone(filled: Towpath, browser: Browser, cookies: Any, complaints: Complaints) -> None:
    window = new_context(browser, width=390)
    window.add_cookies(cookies)
    page = window.new_page()
    complaints.listen(page)
    for address in ADDRESSES:
        page.goto(f"{filled.url}/app/{address}")
        settle(page)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= 390, f"{address} is {width} wide"
    open_run(filled, page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    page.goto(f"{filled.url}/app/")
    page.get_by_role("button", name="Open navigation").click()
    page.get_by_role("dialog").get_by_role("link", name="Tasks").click()
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    window.close()
