"""Business time at work: waits, tasks and time limits that count by a calendar, semantics.md §1.8."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.acceptance.flows import World, workflow
from towpath.app import open_platform
from towpath.errors import ConflictError, WorkflowError
from towpath.model.moment import to_text
from towpath.model.offset import to_microseconds
from towpath.service.definitions import apply_definition, delete_definition
from towpath.service.metrics import workflow_metrics

OFFICE = {"kind": "calendar", "name": "office", "zone": "Europe/Berlin", "exceptions": {"2026-04-03": "closed"},
          "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}  # fmt: skip


@pytest.fixture
def world() -> World:
    made = World()
    apply_definition(made.platform, OFFICE)
    go_to(made, "2026-04-02T15:00:00+02:00")  # the Thursday before Good Friday
    return made


def go_to(world: World, text: str) -> None:
    world.until((to_microseconds(datetime.fromisoformat(text)) - world.begin) / 1_000_000)


def one(node: tuple[object, ...], **settings: object) -> dict[str, object]:
    nodes = {"t": "trigger.manual", "n": node, "end": "logic.noop"}
    return workflow(nodes, "t > n", "n > end", calendar="office", **settings)


def test_a_wait_of_four_business_hours_from_thursday_15_00_ends_on_monday_at_11_00(world: World) -> None:
    world.publish(one(("wait.duration", {"duration": "{{ $json.hours + ' business hours' }}"})))
    run = world.start([{"hours": 4}])
    due = world.show(run).summary.due
    assert due is not None
    assert to_text(due) == "2026-04-06T09:00:00.000Z"  # 11:00 in Berlin
    go_to(world, "2026-04-06T10:59:59+02:00")
    assert world.status(run) == "waiting"
    go_to(world, "2026-04-06T11:00:00+02:00")
    assert world.status(run) == "completed"


def test_a_task_is_due_and_given_up_in_business_time(world: World) -> None:
    world.publish(one(("people.task", {"subject": "Call", "due": "2 business hours", "timeout": "1 business day"})))
    run = world.start([{}])
    (task,) = world.tasks()
    assert task["dueAt"] == "2026-04-02T15:00:00.000Z"
    go_to(world, "2026-04-06T14:59:59+02:00")
    assert world.status(run) == "waiting"
    go_to(world, "2026-04-06T15:00:00+02:00")
    assert world.steps(run, "n") == [("ok", 1, "timeout")]


def test_people_are_alerted_at_a_share_of_a_limit_that_is_business_time(world: World) -> None:
    task = ("people.task", {"subject": "Call"}, {"time_limit": "4 business hours"})
    world.publish(one(task, alert_at=1.0, time_limit="1 business week"))
    world.start([{}])
    go_to(world, "2026-04-06T10:59:00+02:00")
    assert world.said("time_limit") == []
    go_to(world, "2026-04-06T11:00:00+02:00")
    assert world.said("time_limit") == ["100% of the time limit is used by step 'n'"]


def test_figures_hold_a_step_against_the_business_time_that_it_had(world: World) -> None:
    world.publish(one(("wait.duration", {"duration": "1 business hour"}, {"time_limit": "4 business hours"})))
    world.start([{}])
    go_to(world, "2026-04-07T00:00:00+02:00")
    figures = workflow_metrics(world.platform, "Flow")
    hours_until_monday_11 = 9 + 3 * 24 + 11
    assert figures.steps["n"].time_used.allowed == hours_until_monday_11 * 3600


def test_a_process_that_only_reads_counts_by_the_same_calendar(tmp_path: Path) -> None:
    world = World()
    world.platform = open_platform(tmp_path, clock=world.clock)
    apply_definition(world.platform, OFFICE)
    world.publish(one(("logic.noop", {}, {"time_limit": "4 business hours"}), time_limit="1 business day"))
    world.start([{}])
    world.platform.close()
    fresh = open_platform(tmp_path, clock=world.clock)
    assert workflow_metrics(fresh, "Flow").figures.time_used.allowed
    fresh.close()


def test_a_workflow_names_a_calendar_that_is_there_and_keeps_it(world: World) -> None:
    with pytest.raises(WorkflowError) as caught:
        world.publish({**one(("logic.noop", {})), "settings": {"calendar": "offcie"}})
    assert caught.value.problems[0].hint == "Did you mean 'office'?"
    world.publish(one(("logic.noop", {})))
    with pytest.raises(ConflictError, match="counts by the calendar"):
        delete_definition(world.platform, "calendar", "office")


def test_other_hours_are_in_force_for_waits_that_begin_after_them(world: World) -> None:
    world.publish(one(("wait.duration", {"duration": "4 business hours"})))
    first = world.start([{}])
    apply_definition(world.platform, {**OFFICE, "exceptions": {}})
    second = world.start([{}])
    dues = [world.show(run).summary.due or 0 for run in (first, second)]
    assert [to_text(due) for due in dues] == ["2026-04-06T09:00:00.000Z", "2026-04-03T09:00:00.000Z"]
