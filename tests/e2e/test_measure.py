"""Somebody measures a workflow: each mark opens its runs, a figure says what it means, all can be taken along."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Towpath
from tests.e2e.office import ask


@pytest.fixture(scope="module")
def measured(server: Towpath) -> Towpath:
    """Leads came in: some were done with at once, others wait for a call."""
    ask(server, "POST", "/api/templates/lead-capture/use?sample=true")
    while len(ask(server, "GET", "/api/runs?workflow=lead-capture&status=waiting")) < 3:
        pass
    return server


def rows(page: Page) -> int:
    page.locator("tbody tr, main p").first.wait_for()
    return page.locator("tbody tr").count()


def test_a_bar_opens_as_many_runs_as_it_counts(measured: Towpath, page: Page) -> None:
    for title, status, mark in (
        ("What completed runs took", "completed", "Took under 1m"),
        ("Age of open runs", "waiting", "Open for under 1m"),
    ):
        page.goto(f"{measured.url}/app/measure/lead-capture?days=30")
        bar = page.get_by_role("list", name=title).get_by_role("link").first
        expect(bar).to_be_visible()
        count = int(bar.inner_text().split()[-1])
        assert count > 0
        bar.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"status={status}.*under=60"))
        expect(page.locator("tbody tr")).to_have_count(count)
        page.get_by_role("button", name=mark).click()
        expect(page).not_to_have_url(re.compile("under="))


def test_a_step_opens_the_runs_that_stand_there_and_a_day_those_that_began(measured: Towpath, page: Page) -> None:
    page.goto(f"{measured.url}/app/measure/lead-capture")
    waiting = page.get_by_role("region", name="Steps").get_by_role("link").first
    count = int(waiting.inner_text())
    waiting.click()
    expect(page.locator("tbody tr")).to_have_count(count)
    expect(page.get_by_role("button", name="Standing at")).not_to_contain_text("_")  # its name, not its id
    page.go_back()
    page.get_by_text("The same in numbers").click()
    page.get_by_role("region", name="Runs by day").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Began on")).to_be_visible()
    assert rows(page) == len(ask(measured, "GET", "/api/runs?workflow=lead-capture"))


def test_what_a_figure_means_is_told_by_keyboard(measured: Towpath, page: Page) -> None:
    page.goto(f"{measured.url}/app/measure/lead-capture")
    page.get_by_role("button", name="What Time used means").press("Enter")
    expect(page.get_by_role("dialog", name="Time used")).to_contain_text("T / T_max")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="What Time used means")).to_be_focused()


def test_the_figures_are_saved_as_a_table_and_the_charts_as_pictures(measured: Towpath, page: Page) -> None:
    page.goto(f"{measured.url}/app/measure/lead-capture?days=30")
    expect(page.get_by_role("list", name="Age of open runs")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export (CSV)").click()
    table = list(csv.reader(io.StringIO(saved.value.path().read_text(encoding="utf-8-sig"))))
    assert table[0] == ["part", "of", "figure", "value"]
    assert {"workflow", "step", "open runs by age in seconds", "day"} <= {row[0] for row in table}
    open_runs = len(ask(measured, "GET", "/api/runs?workflow=lead-capture&status=waiting"))
    assert sum(int(row[3]) for row in table if row[0] == "open runs by age in seconds") == open_runs
    for chart in ("Age of open runs", "Runs by day"):
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save “{chart}” as PNG").click()
        assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_team_is_chosen_and_stays_in_the_address(measured: Towpath, page: Page) -> None:
    team = ask(measured, "POST", "/api/records/Team", {"name": "Night shift"})["id"]
    ask(measured, "POST", "/api/records/User", {"name": "Nora Night", "email": "nora@example.com", "teamId": team})
    page.goto(f"{measured.url}/app/measure/lead-capture")
    page.get_by_label("Team", exact=True).select_option("Night shift")
    expect(page.get_by_role("region", name="Members")).to_contain_text("Nora Night")
    page.get_by_label("Period").select_option("Last 7 days")
    expect(page).to_have_url(re.compile(f"team={team}"))
    page.reload()
    expect(page.get_by_role("region", name="Members")).to_contain_text("Nora Night")
