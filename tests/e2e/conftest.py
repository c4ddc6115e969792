"""One browser and one server with little data for each file of stories."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import Complaints, Towpath, chromium, missing, new_context

expect.set_options(timeout=15_000)  # milliseconds until something has to be there: a busy machine is not a fault
AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")  # not longer: while Playwright runs, no other test of this process can use asyncio
def browser() -> Iterator[Browser]:
    """Chromium. Where it or the pages are missing the stories are skipped with the reason; in CI that is a failure."""
    lacking = missing()
    if lacking and "CI" in os.environ:
        pytest.fail(f"in CI every story is played, but {lacking}")
    if lacking:
        pytest.skip(f"stories are not played: {lacking}")
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Towpath]:
    """A server on an empty folder."""
    with Towpath(tmp_path_factory.mktemp("towpath")) as started:
        yield started


@pytest.fixture(scope="module")
def cookies(server: Towpath, browser: Browser) -> list[dict[str, object]]:
    """Of the owner, who came by the first link and knows the tour."""
    context = new_context(browser)
    page = context.new_page()
    page.goto(server.link)
    page.get_by_role("heading", name="Home", exact=True).wait_for()
    word = context.request.get(f"{server.url}/api/session").json()["csrf"]
    kept = context.request.put(
        f"{server.url}/api/preferences/tour", data={"value": "done"}, headers={"X-CSRF-Token": word}
    )
    assert kept.ok, kept.text()
    found = [dict(cookie) for cookie in context.cookies()]
    context.close()
    return found


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """No story may leave an error in the console, which is also where breaches of the policy are told."""
    found = Complaints()
    yield found
    assert found == []


@pytest.fixture
def context(browser: Browser, server: Towpath, cookies: list[dict[str, object]]) -> Iterator[BrowserContext]:
    """A window in which the owner is signed in."""
    made = new_context(browser)
    made.add_cookies(cookies)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Page:
    """A tab of that window."""
    made = context.new_page()
    complaints.listen(made)
    return made
