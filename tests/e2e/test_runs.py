"""Somebody looks at a run on the canvas: its way is lit, each node tells what came in and what went out."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Towpath
from tests.e2e.office import ask

POINTS = {
    "name": "Points", "settings": {"log": "all"},
    "nodes": {
        "new": {"type": "trigger.record", "name": "New lead", "params": {"object": "Lead", "on": ["created"]}},
        "points": {"type": "data.set", "name": "Count", "params": {"fields": {"points": "{{ $json.score * 2 }}"}}},
        "high": {"type": "logic.if", "name": "Many points", "params": {"condition": "points > 10"}},
        "call": {"type": "people.task", "name": "Call the lead", "params": {"subject": "Call"}},
        "find": {"type": "crm.get", "name": "Find the owner", "params": {"object": "Lead", "id": "{{$json.company}}"}},
        "say": {"type": "notify.log", "name": "Say so", "params": {"text": "found {{ $json.lastName }}"}},
    },
    "edges": {
        "1": {"source": "new", "target": "points"}, "2": {"source": "points", "target": "high"},
        "3": {"source": "high", "target": "call", "source_port": "true"},
        "4": {"source": "high", "target": "find", "source_port": "false"}, "5": {"source": "find", "target": "say"},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def workflow(server: Towpath) -> str:
    """A workflow whose runs wait for a call, or fail as they look for somebody who is not there."""
    made: str = ask(server, "POST", "/api/workflows", {"definition": POINTS})["workflow"]
    return made


def run_of(server: Towpath, workflow: str, **lead: object) -> str:
    """The run that a new lead starts, once it stands still."""
    record = ask(server, "POST", "/api/records/Lead", lead)["id"]
    while True:
        found = ask(server, "GET", f"/api/runs?workflow={workflow}&record={record}")
        if found and (found[0]["due"] is None or found[0]["ended_at"]):
            return str(found[0]["id"])
        time.sleep(0.05)


def test_a_waiting_run_shows_its_way_and_what_each_node_did(server: Towpath, page: Page, workflow: str) -> None:
    run = run_of(server, workflow, lastName="Lovelace", score=7)
    page.goto(f"{server.url}/app/runs/{run}")
    path = page.get_by_role("region", name="Path")
    nodes = path.locator(".react-flow__node")
    expect(nodes).to_have_count(6)
    expect(path.locator(".react-flow__edge-path.is-lit")).to_have_count(3)
    expect(nodes.filter(has_text="waits here")).to_contain_text("Call the lead")
    expect(path.locator(".step-mark").filter(has_text="done")).to_have_count(3)
    expect(path.get_by_role("heading", name="Call the lead")).to_be_visible()

    nodes.filter(has_text="Count").click()
    output = path.get_by_role("region", name="Output")
    expect(output.get_by_role("cell", name="14", exact=True)).to_be_visible()
    path.get_by_role("tablist", name="Output").get_by_role("tab", name="Schema").click()
    expect(output.get_by_role("row", name=re.compile("points number 14"))).to_be_visible()
    path.get_by_role("tablist", name="Output").get_by_role("tab", name="JSON").click()
    expect(path.get_by_text('"points": 14')).to_be_visible()


def test_a_failed_run_opens_at_the_node_that_failed_and_says_what_to_do(
    server: Towpath, page: Page, workflow: str
) -> None:
    run = run_of(server, workflow, lastName="Nobody", score=1, company="no-such-id")
    page.goto(f"{server.url}/app/runs/{run}")
    path = page.get_by_role("region", name="Path")
    expect(path.locator(".react-flow__node").filter(has_text="failed here")).to_contain_text("Find the owner")
    expect(path.get_by_role("heading", name="Find the owner")).to_be_visible()
    expect(path.get_by_role("region", name="Input")).to_contain_text("Nobody")
    expect(page.get_by_role("region", name="What went wrong")).to_contain_text("It may have been deleted")


def test_the_keyboard_alone_goes_from_the_list_of_steps_to_a_node(server: Towpath, page: Page, workflow: str) -> None:
    run = run_of(server, workflow, lastName="Keys", score=7)
    page.goto(f"{server.url}/app/runs/{run}")
    page.get_by_role("button", name="Many points").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Path").get_by_role("heading", name="Many points")).to_be_visible()


def test_a_failed_step_is_retried_with_input_that_was_put_right(server: Towpath, page: Page, workflow: str) -> None:
    ada = ask(server, "POST", "/api/records/Lead", {"lastName": "Ada", "score": 1, "company": "none"})["id"]
    run = run_of(server, workflow, lastName="Nobody", score=1, company="no-such-id")
    page.goto(f"{server.url}/app/runs/{run}")
    page.get_by_role("button", name="Retry with other input").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Items (JSON)").fill("[1]")
    expect(dialog.get_by_role("button", name="Retry from here")).to_be_disabled()
    dialog.get_by_label("Items (JSON)").fill(f'{{"company": "{ada}"}}')
    dialog.get_by_role("button", name="Retry from here").click()
    expect(page.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text("Completed")
    path = page.get_by_role("region", name="Path")
    expect(path.locator(".react-flow__node").filter(has_text="Find the owner")).to_contain_text("2×")
    expect(page.get_by_text("found Ada")).to_be_visible()


def test_a_waiting_run_is_moved_to_another_node_and_its_task_is_closed(
    server: Towpath, page: Page, workflow: str
) -> None:
    run = run_of(server, workflow, lastName="Moved", score=7)
    page.goto(f"{server.url}/app/runs/{run}")
    path = page.get_by_role("region", name="Path")
    path.locator(".react-flow__node").filter(has_text="Say so").click()
    path.get_by_role("button", name="Go on from here").click()
    dialog = page.get_by_role("dialog", name="Go on at Say so")
    expect(dialog).to_contain_text("The run leaves Call the lead")
    dialog.get_by_role("button", name="Go on from here").click()
    expect(page.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text("Completed")
    expect(page.get_by_role("row", name=re.compile("Call the lead cancelled"))).to_be_visible()


def test_the_designer_counts_the_runs_of_a_period_and_those_that_drop_out(
    server: Towpath, page: Page, workflow: str
) -> None:
    run_of(server, workflow, lastName="Lost", score=1, company="no-such-id")
    reached = ask(server, "GET", f"/api/metrics/workflows/{workflow}")["funnel"]["new"]["reached"]
    page.goto(f"{server.url}/app/workflows/{workflow}/design")
    expect(page.locator(".step-mark")).to_have_count(0)
    page.get_by_label("Runs counted on the canvas").select_option("Last 7 days")
    nodes = page.locator(".react-flow__node")
    expect(nodes.filter(has_text="New lead")).to_contain_text(re.compile(rf"{reached} runs? came here"))
    expect(nodes.filter(has_text="Find the owner")).to_contain_text("dropped out here")
    page.reload()
    expect(nodes.filter(has_text="Find the owner")).to_contain_text("dropped out here")


def test_failed_runs_are_found_by_the_address_and_retried_all_at_once(
    server: Towpath, page: Page, workflow: str
) -> None:
    for name in ("One", "Two"):
        run_of(server, workflow, lastName=name, score=1, company="no-such-id")
    page.goto(f"{server.url}/app/runs?workflow={workflow}&days=7")
    page.get_by_role("button", name=re.compile("^Failed")).click()
    expect(page).to_have_url(re.compile("status=failed"))
    page.get_by_role("checkbox", name=re.compile("Choose the run of Points")).first.check()
    page.get_by_role("button", name="Retry 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Retry them").click()
    expect(page.get_by_text("1 run goes on.")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Retry all \d+$")).click()
    page.get_by_role("dialog").get_by_role("button", name="Retry them").click()
    expect(page.get_by_text(re.compile(r"\d+ runs go on\."))).to_be_visible()


def test_chosen_runs_that_wait_are_cancelled_together(server: Towpath, page: Page, workflow: str) -> None:
    runs = [run_of(server, workflow, lastName="Idle", score=9) for _ in range(2)]
    page.goto(f"{server.url}/app/runs?workflow={workflow}&status=waiting")
    boxes = page.get_by_role("checkbox", name=re.compile("Choose the run of Points"))
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Cancel 2").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel them").click()
    expect(page.get_by_text("2 runs are cancelled.")).to_be_visible()
    assert [ask(server, "GET", f"/api/runs/{run}")["summary"]["status"] for run in runs] == ["cancelled"] * 2


def test_the_runs_of_one_record_are_a_click_away_from_any_of_them(server: Towpath, page: Page, workflow: str) -> None:
    run = run_of(server, workflow, lastName="Alone", score=9)
    page.goto(f"{server.url}/app/runs/{run}")
    page.get_by_role("link", name="Its runs").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Of one record").click()
    expect(page.locator("tbody tr").nth(1)).to_be_visible()
