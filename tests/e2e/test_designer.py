"""Someone who does not program changes a workflow on the canvas, takes a step back, and publishes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Towpath
from tests.e2e.office import ask

HOT = {
    "name": "Hot leads", "nodes": {
        "new": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"]}},
        "say": {"type": "notify.log", "params": {"text": "hot"}},
    }, "edges": {"1": {"source": "new", "target": "say"}},
}  # fmt: skip


@pytest.fixture
def workflow(server: Towpath) -> str:
    """The id of a published workflow of two nodes."""
    made: str = ask(server, "POST", "/api/workflows", {"definition": HOT})["workflow"]
    return made


def test_a_node_is_added_taken_back_done_again_and_published(server: Towpath, page: Page, workflow: str) -> None:
    page.goto(f"{server.url}/app/workflows/{workflow}/design")
    nodes = page.locator(".react-flow__node")
    expect(nodes).to_have_count(2)

    nodes.filter(has_text="say").click()
    page.keyboard.press("a")
    page.get_by_placeholder("What should happen?").fill("write to the log")
    page.keyboard.press("Enter")
    expect(nodes).to_have_count(3)
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()  # its text is missing
    page.get_by_label("Text").fill("still hot")

    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    while undo.is_enabled():
        undo.click()
    expect(nodes).to_have_count(2)
    while redo.is_enabled():
        redo.click()
    expect(nodes).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()

    page.reload()
    expect(nodes).to_have_count(3)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
