"""The bars of a chart count the runs that the list then shows: by what they took, their age, the node they stand at."""

from __future__ import annotations

import pytest

from tests.acceptance.flows import HOUR, World, workflow
from towpath.errors import NotFoundError
from towpath.insight import Window
from towpath.ports.time import SECOND
from towpath.service import marked_runs, runs
from towpath.service.marked_runs import Mark
from towpath.service.spread import Bar, spread
from towpath.service.tasks import complete_task

ASK = workflow({"new": ("trigger.manual", {}), "ask": ("people.task", {"subject": "?"})}, "new > ask")


@pytest.fixture
def world() -> World:
    """Three runs: one took two hours, one has been open for three, one for one."""
    world = World()
    world.publish(ASK)
    world.start()
    complete = world.records("Task")[0]["id"]
    world.start()
    world.until(2 * HOUR)
    complete_task(world.platform, complete)
    world.go()
    world.start()
    world.until(3 * HOUR)
    return world


def filled(bars: list[Bar]) -> list[Bar]:
    return [bar for bar in bars if bar.runs]


def test_each_bar_counts_the_runs_that_its_address_lists(world: World) -> None:
    found = spread(world.platform, "Flow")
    assert filled(found.took) == [Bar(3600, 4 * 3600, 1)]
    assert filled(found.age) == [Bar(3600, 4 * 3600, 2)]
    for status, bars in (("completed", found.took), ("waiting", found.age)):
        for bar in bars:
            listed = runs.list_runs(world.platform, status=status, mark=Mark(bar.least, bar.under))
            assert len(listed) == bar.runs


def test_only_completed_runs_of_the_period_are_counted_and_all_that_are_open(world: World) -> None:
    late = Window(world.begin + round(HOUR * SECOND), None)
    found = spread(world.platform, "Flow", began=late)
    assert (filled(found.took), sum(bar.runs for bar in found.age)) == ([], 2)


def test_the_runs_that_stand_at_a_node_are_listed_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked_runs, "BATCH", 1)
    waiting = [run.id for run in runs.list_runs(world.platform, status="waiting")]
    pages = [runs.list_runs(world.platform, mark=Mark(at="ask"), limit=1, offset=place) for place in range(3)]
    assert [run.id for page in pages for run in page] == waiting
    assert runs.list_runs(world.platform, mark=Mark(at="new")) == []


def test_a_workflow_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(NotFoundError, match="no workflow is called 'Nope'"):
        spread(world.platform, "Nope")
