"""Guards: limits that name their setting, the cause chain, the start brake, alerts on time limits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.flows import DAY, HOUR, World, workflow
from towpath.service import records, runs, workflows


@pytest.fixture
def world() -> World:
    return World()


def circle(**more: Any) -> dict[str, Any]:
    """A cycle bounded by its edge: five rounds."""
    nodes = {"go": "trigger.manual", "add": ("data.set", {"fields": {"n": "{{ $json.n + 1 }}"}}), "again": "logic.noop"}
    return workflow(nodes, "go > add", "add > again", "again > add limit 5", **more)


def failure(world: World, run: str) -> dict[str, Any]:
    error = world.show(run).error
    assert error is not None
    assert error["where"]["workflow"] == "Flow"
    return error


def test_a_cycle_goes_round_as_often_as_its_edge_allows_and_then_fails(world: World) -> None:
    world.publish(circle())
    run = world.start([{"n": 0}])
    error = failure(world, run)
    assert (error["code"], error["where"]["node"]) == ("limit.edge", "again")
    assert "again > add" in error["message"]
    assert world.path(run).count("add") == 6


def test_a_cycle_with_a_way_out_completes(world: World) -> None:
    nodes = {
        "go": "trigger.manual",
        "add": ("data.set", {"fields": {"n": "{{ $json.n + 1 }}"}}),
        "enough": ("logic.if", {"condition": "n >= 3"}),
        "log": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(workflow(nodes, "go > add", "add > enough", "enough:false > add limit 5", "enough:true > log"))
    run = world.start([{"n": 0}])
    assert (world.status(run), world.said()) == ("completed", ["3"])


def test_too_many_steps_fail_the_run_and_name_the_setting(world: World) -> None:
    world.publish(circle(limits={"steps": 4}))
    error = failure(world, world.start([{"n": 0}]))
    assert error["code"] == "limit.steps"
    assert "settings.limits.steps" in error["hint"]


def test_too_many_items_on_an_edge_fail_the_run_and_name_the_setting(world: World) -> None:
    nodes = {"split": ("data.split_out", {"fields": ["list"]}), "log": ("notify.log", {"text": "hi"})}
    world.publish(workflow(nodes, "split > log", limits={"items": 10}))
    assert world.status(world.start([{"list": list(range(10))}])) == "completed"
    error = failure(world, world.start([{"list": list(range(11))}]))
    assert error["code"] == "limit.items"
    assert "settings.limits.items" in error["hint"]


def test_a_state_too_large_to_park_fails_the_run_and_names_the_setting(world: World) -> None:
    nodes = {"wait": ("wait.duration", {"duration": "1 day"})}
    world.publish(workflow(nodes, limits={"bytes": 2000}))
    error = failure(world, world.start([{"text": "x" * 5000}]))
    assert error["code"] == "limit.bytes"
    assert "settings.limits.bytes" in error["hint"]


def test_a_run_that_gets_too_old_fails_while_it_waits_and_names_the_setting(world: World) -> None:
    nodes = {"wait": ("wait.duration", {"duration": "10 days"})}
    world.publish(workflow(nodes, limits={"wall_time": "2 days"}))
    run = world.start([{}])
    world.until(2 * DAY - 1)
    assert world.status(run) == "waiting"
    world.until(3 * DAY)
    error = failure(world, run)
    assert error["code"] == "limit.wall_time"
    assert "settings.limits.wall_time" in error["hint"]
    assert world.show(run).summary.ended_at == world.begin + 2 * 86_400_000_000


def test_sub_workflows_have_a_depth(world: World) -> None:
    for depth in range(3):
        nodes = {"in": "trigger.workflow", "call": ("workflow.run", {"workflow": f"W{depth - 1}"})}
        world.publish(
            workflow(
                {"in": "trigger.workflow"} if not depth else nodes,
                *(["in > call"] if depth else []),
                name=f"W{depth}",
                limits={"depth": 1},
            )
        )
    world.publish(workflow({"call": ("workflow.run", {"workflow": "W2"})}))
    run = world.start([{}])
    assert world.status(run) == "failed"
    assert {r.error for r in world.runs()} == {"node.workflow_failed", "limit.depth"}


def on(
    object_name: str, *then: tuple[str, Any], name: str = "Flow", trigger: dict[str, Any] | None = None, **settings: Any
) -> Any:
    nodes = {"on": ("trigger.record", {"object": object_name, **(trigger or {})}), **dict(then)}
    return workflow(nodes, *(f"on > {node}" for node, _ in then), name=name, **settings)


def test_a_workflow_that_updates_its_own_record_does_not_start_again(world: World) -> None:
    world.publish(on("Lead", ("set", ("crm.update", {"object": "Lead", "fields": {"score": "{{ $json.score + 1 }}"}}))))
    lead = world.create("Lead", lastName="A", score=0)
    world.go()
    assert world.record("Lead", lead)["score"] == 1
    assert len(world.said("loop_skipped")) == 1


def test_reentry_lets_it_start_again_so_often(world: World) -> None:
    update = ("crm.update", {"object": "Lead", "fields": {"score": "{{ $json.score + 1 }}"}})
    world.publish(on("Lead", ("set", update), trigger={"mode": "level"}, reentry=2))
    lead = world.create("Lead", lastName="A", score=0)
    world.go()
    assert world.record("Lead", lead)["score"] == 3


def test_two_workflows_that_set_each_other_off_come_to_rest(world: World) -> None:
    for name, field, other in (("A", "score", "pageViews"), ("B", "pageViews", "score")):
        update = ("crm.update", {"object": "Lead", "fields": {other: f"{{{{ ($json.{other} || 0) + 1 }}}}"}})
        world.publish(
            on("Lead", ("set", update), name=name, trigger={"condition": {"changed": field}, "mode": "level"})
        )
    lead = world.create("Lead", lastName="Ping")
    world.go()
    world.update("Lead", lead, score=5)
    world.go()
    assert len(world.runs()) <= 6
    assert world.said("loop_skipped")
    assert world.intake() == 0


def test_a_chain_of_causes_longer_than_sixteen_fails_its_last_run(world: World) -> None:
    make = ("crm.create", {"object": "Lead", "fields": {"lastName": "next"}})
    world.publish(on("Lead", ("make", make), trigger={"on": ["created"]}))
    world.create("Lead", lastName="first")
    world.go()
    assert len(world.records("Lead")) == 17
    (failed,) = world.runs(status="failed")
    assert failed.error == "limit.cause_chain"
    assert len(world.runs(status="completed")) == 16
    assert world.intake() == 0


def test_too_many_starts_in_a_minute_pause_the_workflow_and_lose_nothing(world: World) -> None:
    log = ("log", ("notify.log", {"text": "{{ $json.lastName }}"}))
    world.publish(on("Lead", log, start_brake=5))
    for n in range(8):
        world.create("Lead", lastName=f"L{n}")
    world.go()
    assert len(world.said("start_brake")) >= 1
    assert workflows.list_workflows(world.platform)[0]["paused"] == "start brake"
    world.until(HOUR)
    workflows.resume(world.platform, "Flow")
    world.go()
    assert world.said() == [f"L{n}" for n in range(8)]


def test_a_declared_bulk_job_does_not_pull_the_brake(world: World) -> None:
    world.publish(on("Lead", ("log", ("notify.log", {"text": "hi"})), start_brake=5))
    records.load_rows(world.platform, "Lead", [(n, {"lastName": f"L{n}"}) for n in range(50)])
    world.go()
    assert (len(world.said()), world.said("start_brake")) == (50, [])


def test_a_run_near_its_time_limit_is_told_once(world: World) -> None:
    nodes = {"wait": ("wait.duration", {"duration": "20 days"})}
    world.publish(workflow(nodes, time_limit="10 days"))
    world.start([{}])
    world.until(8 * DAY - 1)
    assert world.said("time_limit") == []
    world.until(8 * DAY)
    assert world.said("time_limit") == ["80% of the time limit is used by the run"]
    world.until(19 * DAY)
    assert len(world.said("time_limit")) == 1


def test_a_step_near_its_time_limit_is_told_once_at_the_share_that_is_set(world: World) -> None:
    nodes = {"call": ("people.task", {"subject": "Call"}, {"time_limit": "2 days", "name": "Call them"})}
    world.publish(workflow(nodes, alert_at=0.5))
    run = world.start([{}])
    world.until(DAY)
    assert world.said("time_limit", run) == ["50% of the time limit is used by step 'Call them'"]
    world.until(9 * DAY)
    assert len(world.said("time_limit")) == 1
    runs.cancel_run(world.platform, run)


def test_the_entry_condition_fires_on_the_edge_and_an_undeleted_record_counts_as_new(world: World) -> None:
    world.publish(
        on("Lead", ("log", ("notify.log", {"text": "{{ $json.score }}"})), trigger={"condition": "score > 50"})
    )
    lead = world.create("Lead", lastName="A", score=10)
    for score in (60, 70, 40, 80):
        world.update("Lead", lead, score=score)
        world.go()
    records.delete(world.platform, "Lead", lead)
    records.undelete(world.platform, "Lead", lead)
    world.go()
    assert world.said() == ["60", "80", "80"]


def test_a_deletion_hands_on_the_record_as_it_was_also_across_a_wait(world: World) -> None:
    nodes = {
        "on": ("trigger.record", {"object": "Lead", "on": ["deleted"]}),
        "wait": ("wait.duration", {"duration": "1 day"}),
        "log": ("notify.log", {"text": "{{ $json.lastName }} {{ $json.company }}"}),
    }
    world.publish(workflow(nodes, "on > wait", "wait > log"))
    lead = world.create("Lead", lastName="Lovelace", company="Analytical")
    records.delete(world.platform, "Lead", lead)
    world.go()
    world.until(DAY)
    assert world.said() == ["Lovelace Analytical"]


def test_a_schedule_starts_a_run_for_each_record_of_its_set(world: World) -> None:
    nodes = {
        "at": ("trigger.schedule", {"cron": "0 9 * * *", "object": "Lead", "where": "score > 50"}),
        "log": ("notify.log", {"text": "{{ $json.lastName }}"}),
    }
    world.publish(workflow(nodes, "at > log"))
    for n in range(3):
        world.create("Lead", lastName=f"L{n}", score=n * 50)
    world.until(9 * HOUR - 1)
    assert world.said() == []
    world.until(DAY)
    assert world.said() == ["L2"]
    world.until(2 * DAY)
    assert world.said() == ["L2", "L2"]


def test_a_workflow_that_is_off_starts_nothing_and_its_parked_runs_go_on_where_they_began(world: World) -> None:
    def version(text: str) -> Any:
        nodes = {
            "on": ("trigger.record", {"object": "Lead", "on": ["created"]}),
            "wait": ("wait.duration", {"duration": "1 day"}),
            "log": ("notify.log", {"text": text}),
        }
        return workflow(nodes, "on > wait", "wait > log")

    world.publish(version("old"))
    world.create("Lead", lastName="A")
    world.go()
    world.publish(version("new"))
    world.create("Lead", lastName="B")
    world.go()
    workflows.set_active(world.platform, "Flow", None)
    world.create("Lead", lastName="C")
    world.until(2 * DAY)
    assert world.said() == ["old", "new"]
