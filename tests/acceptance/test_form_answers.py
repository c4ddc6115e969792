"""A page that was filled in takes nothing more, from the moment that it was sent and before any worker is at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_api_forms import PAGES
from tests.acceptance.timers_world import World
from towpath.engine.tables import EVENT
from towpath.formats import read_workflow
from towpath.service import web_forms
from towpath.service.drive import drive
from towpath.service.workflows import publish


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "towpath.db")
    yield made
    made.platform.close()


def test_a_page_that_was_answered_is_not_shown_again_and_takes_no_second_answer(world: World) -> None:
    platform = world.platform
    publish(platform, read_workflow(PAGES))
    run, signed = web_forms.start_by_form(platform, "pages", {"field-0": "Ann"}, {})
    drive(platform)
    assert web_forms.standing(platform, run, signed).kind == "page"
    for _ in range(2):
        web_forms.answer_page(platform, run, signed, {"field-0": "42"}, {})
        assert web_forms.standing(platform, run, signed).kind == "working"
    assert len(platform.store.read(lambda tx: tx.select(EVENT, ("id",)))) == 1
    drive(platform)
    assert web_forms.standing(platform, run, signed).page["title"] == "Bye Ann"
