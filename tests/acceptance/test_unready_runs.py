"""Runs that cannot even be made ready, because a node type breaks before any is at work: they fail, and stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.acceptance.flows import HOUR, World, workflow
from towpath.service import records, runs, start, tasks

LOG = ("notify.log", {"text": "{{ $json.name }}"})


@pytest.fixture
def world() -> World:
    return World()


def break_plans(world: World) -> Any:
    """As after a start with a newer package, one of whose node types no longer reads what was published with it."""
    published = world.platform.published
    whole = published.registry["logic.noop"]
    published.registry["logic.noop"] = replace(whole, outputs=lambda params: params.taken_away)
    forget_plans(world)
    return whole


def forget_plans(world: World) -> None:
    """Of versions that are no longer active: a process makes those when it needs them."""
    published = world.platform.published
    published.plans = {n: plan for n, plan in published.plans.items() if n in published.active.values()}


def mend(world: World, whole: Any) -> None:
    world.platform.published.registry["logic.noop"] = whole


def test_a_parked_run_whose_plan_cannot_be_made_fails_and_the_others_go_on(world: World) -> None:
    parts = {"wait": ("wait.duration", {"duration": "1 h"}), "pass": "logic.noop", "log": LOG}
    world.publish(workflow(parts, "wait > pass", "pass > log"))
    broken = [world.start([{"name": name}]) for name in ("Ann", "Bea")]
    world.publish(workflow({"wait": parts["wait"], "log": LOG}, "wait > log"))
    sound = world.start([{"name": "Cleo"}])
    whole = break_plans(world)
    world.until(2 * HOUR)
    assert [(run.id, run.error) for run in world.runs(status="failed")] == [(run, "run.unexpected") for run in broken]
    assert (world.status(sound), world.said()) == ("completed", ["Cleo"])
    said = world.said("poison")
    assert len(said) == 2
    assert all("AttributeError" in text and "taken_away" in text for text in said)

    mend(world, whole)
    for run in broken:
        runs.retry_run(world.platform, run)
    world.go()
    assert [world.status(run) for run in broken] == ["completed", "completed"]
    assert world.said() == ["Cleo", "Ann", "Bea"]


def test_runs_that_were_to_start_fail_with_what_they_came_with(world: World) -> None:
    start_node = ("trigger.manual", {})
    world.publish(workflow({"go": start_node, "pass": "logic.noop", "log": LOG}, "go > pass", "pass > log"))
    run = start.start(world.platform, "Flow", [{"name": "Ann"}, {"name": "Bea"}])
    world.publish(workflow({"go": start_node, "log": LOG}, "go > log"))
    whole = break_plans(world)
    world.go()
    assert [(row.id, row.status) for row in world.runs()] == [(run, "failed")]
    assert world.intake() == 0

    mend(world, whole)
    runs.retry_run(world.platform, run)
    world.go()
    assert (world.status(run), world.said()) == ("completed", ["Ann", "Bea"])


def test_records_that_were_to_start_runs_are_read_again_by_the_retry(world: World) -> None:
    lead = ("trigger.record", {"object": "Lead"})
    said = ("notify.log", {"text": "{{ $json.lastName }}"})
    world.publish(workflow({"lead": lead, "pass": "logic.noop", "log": said}, "lead > pass", "pass > log"))
    rows = [(number, {"lastName": f"lead {number}"}) for number in range(3)]
    records.load_rows(world.platform, "Lead", rows)
    world.publish(workflow({"lead": lead, "log": said}, "lead > log"))
    whole = world.platform.published.registry.pop("logic.noop")
    forget_plans(world)
    world.go()
    failed = world.runs(status="failed")
    assert [run.error for run in failed] == ["workflow.unknown_type"] * 3
    world.update("Lead", str(failed[1].record), lastName="renamed")

    mend(world, whole)
    for run in failed:
        runs.retry_run(world.platform, run.id)
    world.go()
    assert sorted(world.said()) == ["lead 0", "lead 2", "renamed", "renamed"]  # once more: a change starts a run, too


def test_a_parent_hears_of_a_child_whose_plan_cannot_be_made(world: World) -> None:
    parts = {"in": "trigger.workflow", "wait": ("wait.duration", {"duration": "1 h"})}
    world.publish(workflow({**parts, "pass": "logic.noop"}, "in > wait", "wait > pass", name="Child"))
    call = ("workflow.run", {"workflow": "Child"}, {"on_error": "branch"})
    bad = ("notify.log", {"text": "bad {{ $json.error.code }}"})
    world.publish(workflow({"call": call, "bad": bad}, "call:error > bad", name="Parent"))
    parent = world.start([{}], "Parent")
    world.publish(workflow(parts, "in > wait", name="Child"))
    break_plans(world)
    world.until(2 * HOUR)
    assert (world.status(parent), world.said()) == ("completed", ["bad node.workflow_failed"])


def test_an_answer_that_cannot_be_handed_in_is_kept_for_the_retry(world: World) -> None:
    ask = ("people.task", {"subject": "Call"})
    nodes = {"ask": ask, "pass": "logic.noop", "log": ("notify.log", {"text": "seen"})}
    world.publish(workflow(nodes, "ask > pass", "pass > log"))
    run = world.start([{}])
    world.publish(workflow({"ask": ask}))
    whole = break_plans(world)
    tasks.complete_task(world.platform, world.tasks()[0]["id"])
    world.go()
    assert [row.status for row in world.runs()] == ["failed"]
    assert world.waits() == 0

    mend(world, whole)
    runs.retry_run(world.platform, run)
    world.go()
    assert (world.status(run), world.said()) == ("completed", ["seen"])
