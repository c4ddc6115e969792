"""The overview of all workflows says of each what its own figures say, to the last digit."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.acceptance.flows import HOUR, World, workflow
from towpath.insight import Headline, VersionFigures
from towpath.service import runs, tasks
from towpath.service.metrics import workflow_metrics
from towpath.service.overview import overview

EXAMPLES = max(15, settings().max_examples // 4)
NAMES = ("Call", "Score", "Ship")


def document(name: str, version: int) -> dict[str, Any]:
    """Three workflows that leads start: work of people with a time limit, of the engine alone, and of tools."""
    trigger = ("trigger.record", {"object": "Lead", "on": ["created"]})
    task = ("people.task", {"subject": f"Call {version}"}, {"time_limit": "4h"})
    middle = {
        "Call": task,
        "Score": ("crm.update", {"object": "Lead", "fields": {"score": version}}),
        "Ship": ("logic.noop", {}, {"cost": 0.1, "units": 2}),
    }[name]
    more: dict[str, Any] = {"time_limit": "1d"} if name != "Ship" else {"baseline": {"work": 10, "labour_hours": 7}}
    return workflow({"new": trigger, "do": middle}, "new > do", name=name, start_brake=1_000_000, **more)


class Play:
    """A world in which anything may happen, in any order."""

    def __init__(self) -> None:
        self.world = World()
        wages = {"A": 31.7, "B": None}
        self.people = [self.world.create("User", name=name, hourlyCost=wage) for name, wage in wages.items()]
        self.versions = dict.fromkeys(NAMES, 0)
        for name in NAMES:
            self.publish(name)

    def publish(self, name: str) -> None:
        self.versions[name] += 1
        self.world.publish(document(name, self.versions[name]))

    def do(self, deed: str, first: int, second: int) -> None:
        """One deed; the numbers say whose."""
        world, person = self.world, self.people[second % 2]
        open_tasks = world.tasks("Open") + world.tasks("Claimed")
        if deed == "lead":
            world.create("Lead", lastName=str(first), ownerId=person)
        elif deed == "publish":
            self.publish(NAMES[first % 3])
        elif deed == "wait":
            world.until(world.elapsed + (first + second / 7) * HOUR)
        elif open_tasks:
            self.work(deed, open_tasks[first % len(open_tasks)], person)
        world.go()

    def work(self, deed: str, task: dict[str, Any], person: str) -> None:
        platform = self.world.platform
        if deed == "claim" and task["status"] == "Open":
            tasks.claim_task(platform, task["id"], person)
        elif deed == "complete":
            tasks.complete_task(platform, task["id"], who=task["ownerId"] or person)
        elif deed == "cancel":
            runs.cancel_run(platform, task["runId"])


def headline_of(figures: VersionFigures) -> Headline:
    return Headline(figures.counts, figures.time_used, figures.efficiency, figures.cost, figures.open)


deeds = st.tuples(
    st.sampled_from(["lead", "lead", "claim", "claim", "complete", "complete", "cancel", "publish", "wait", "wait"]),
    st.integers(0, 9),
    st.integers(0, 9),
)


@settings(max_examples=EXAMPLES)
@given(st.lists(deeds, max_size=40))
def test_an_overview_says_what_the_figures_of_each_workflow_say(played: list[tuple[str, int, int]]) -> None:
    play = Play()
    for deed in played:
        play.do(*deed)
    found = {row.name: row.figures for row in overview(play.world.platform)}
    assert list(found) == sorted(NAMES)
    for name, figures in found.items():
        assert figures == headline_of(workflow_metrics(play.world.platform, name).figures), name


def test_labour_is_shared_with_what_a_person_did_under_an_older_version() -> None:
    play = Play()
    play.do("lead", 1, 0)
    play.do("claim", 0, 0)
    play.do("publish", 0, 0)
    play.do("lead", 2, 0)
    play.do("claim", 0, 0)
    play.do("wait", 5, 0)
    for _ in range(2):
        play.do("complete", 0, 0)
    found = {row.name: row.figures for row in overview(play.world.platform)}
    assert found["Call"].efficiency.labour_hours == 2.5
    assert found["Call"] == headline_of(workflow_metrics(play.world.platform, "Call").figures)


def test_there_is_an_overview_of_nothing() -> None:
    assert overview(World().platform) == []
