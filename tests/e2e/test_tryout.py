"""A draft is tried out in the designer: on a record, to a node, with pinned output; and nothing leaves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Towpath
from tests.e2e.office import ask

GREET = {
    "name": "Greet",
    "nodes": {
        "new": {"type": "trigger.record", "name": "New lead", "params": {"object": "Lead", "on": ["created"]}},
        "ask": {"type": "people.task", "name": "Ask somebody", "params": {"subject": "Call"}},
        "set": {"type": "data.set", "name": "Double", "params": {"fields": {"points": "{{ $json.score * 2 }}"}}},
        "save": {"type": "crm.update", "name": "Save it",
                 "params": {"object": "Lead", "fields": {"company": "changed by the draft"}}},
    },
    "edges": {
        "1": {"source": "new", "target": "set"}, "2": {"source": "set", "target": "save"},
        "3": {"source": "save", "target": "ask"},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def workflow(server: Towpath) -> str:
    """A workflow that is switched off, so that nothing but the try-out runs."""
    made: str = ask(server, "POST", "/api/workflows", {"definition": GREET, "activate": False})["workflow"]
    return made


def test_a_draft_is_tried_on_a_record_and_nothing_is_changed(server: Towpath, page: Page, workflow: str) -> None:
    lead = ask(server, "POST", "/api/records/Lead", {"lastName": "Lovelace", "score": 21})["id"]
    page.goto(f"{server.url}/app/workflows/{workflow}/design")
    nodes = page.locator(".react-flow__node")
    expect(nodes).to_have_count(4)
    page.get_by_role("button", name="Try", exact=True).click()
    dialog = page.get_by_role("dialog", name="Try it out")
    dialog.get_by_label("Search").fill("lovel")
    dialog.get_by_label("Lead", exact=True).select_option("Lovelace")
    dialog.get_by_role("button", name="Try it").click()

    result = page.get_by_role("region", name="Result of the try-out")
    expect(result).to_contain_text("Caught: 1 change of a record, 1 task.")
    expect(result).to_contain_text("It would wait at Ask somebody")
    expect(page.locator(".react-flow__edge-path.is-lit")).to_have_count(3)
    nodes.filter(has_text="Double").click()
    output = page.get_by_role("region", name="Output")
    expect(output.get_by_role("cell", name="42", exact=True)).to_be_visible()
    assert ask(server, "GET", f"/api/records/Lead/{lead}")["company"] is None
    assert ask(server, "GET", f"/api/runs?workflow={workflow}") == []


def test_output_is_pinned_kept_in_the_draft_and_used_by_a_run_to_here(
    server: Towpath, page: Page, workflow: str
) -> None:
    page.goto(f"{server.url}/app/workflows/{workflow}/design")
    nodes = page.locator(".react-flow__node")
    nodes.filter(has_text="Double").click()
    page.get_by_role("button", name="Run to here").click()
    dialog = page.get_by_role("dialog", name="Run to Double")
    dialog.get_by_label("Try it on").select_option("Items written here")
    dialog.get_by_label("Items (JSON)").fill('{"score": 4}')
    dialog.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("region", name="Output").get_by_role("cell", name="8", exact=True)).to_be_visible()
    expect(page.locator(".react-flow__edge-path.is-lit")).to_have_count(1)  # no further than here

    page.get_by_role("button", name="Pin this output").click()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    expect(page.get_by_role("region", name="Result of the try-out")).to_contain_text("The draft has changed since.")
    page.get_by_role("textbox", name="points").fill("{{ $json.score * 100 }}")
    nodes.filter(has_text="Save it").click()
    page.get_by_role("button", name="Run to here").click()
    expect(page.get_by_role("region", name="Input").get_by_role("cell", name="8", exact=True)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.reload()
    nodes.filter(has_text="Double").click()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
