"""Runs that fail, are retried, cancelled, held back: nothing is lost, nothing stays stuck."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.flows import DAY, HOUR, World, workflow
from towpath.errors import ConflictError
from towpath.service import records, runs, start, tasks, workflows


@pytest.fixture
def world() -> World:
    return World()


def test_a_failed_run_goes_on_from_the_failed_step_with_edited_items(world: World) -> None:
    nodes = {
        "before": ("notify.log", {"text": "before"}),
        "find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"}),
        "log": ("notify.log", {"text": "found {{ $json.lastName }}"}),
    }
    world.publish(workflow(nodes, "before > find", "find > log"))
    run = world.start([{"lead": "nobody"}])
    assert world.status(run) == "failed"
    lead = world.create("Lead", lastName="Lovelace")
    runs.retry_run(world.platform, run, items=[{"lead": lead}])
    world.go()
    assert world.status(run) == "completed"
    assert world.said() == ["before", "found Lovelace"]
    assert world.steps(run, "find") == [("failed", 1, None), ("ok", 2, None)]
    with pytest.raises(ConflictError, match="completed"):
        runs.retry_run(world.platform, run)


def branches(first: Any, second: Any) -> dict[str, Any]:
    """``first`` and ``second`` side by side, each with a line after it."""
    nodes = {
        "split": ("logic.split", {"branches": ["a", "b"]}, {"position": {"x": 0, "y": 0}}),
        "first": (*first, {"position": {"x": 1, "y": 1}}),
        "second": (*second, {"position": {"x": 1, "y": 2}}),
        "one": ("notify.log", {"text": "one {{ $json.lastName }}"}),
        "two": ("notify.log", {"text": "two {{ $json.lastName }}"}),
    }
    return workflow(nodes, "split:a > first", "split:b > second", "first > one", "second > two")


GET = ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"})


def test_edited_items_go_to_the_step_that_failed_and_not_to_a_branch_that_was_to_come(world: World) -> None:
    world.publish(branches(GET, ("data.set", {"fields": {"lastName": "untouched"}})))
    run = world.start([{"lead": "nobody"}])
    assert world.status(run) == "failed"
    lead = world.create("Lead", lastName="Lovelace")
    runs.retry_run(world.platform, run, items=[{"lead": lead}])
    world.go()
    assert world.status(run) == "completed"
    assert world.said() == ["one Lovelace", "two untouched"]
    assert world.steps(run, "second") == [("ok", 1, None)]


def test_an_answer_that_comes_while_the_run_is_failed_is_kept_for_the_retry(world: World) -> None:
    world.publish(branches(("people.task", {"subject": "Call"}), GET))
    run = world.start([{"lead": "nobody"}])
    assert world.status(run) == "failed"
    (task,) = world.tasks()
    tasks.complete_task(world.platform, task["id"])
    world.go()
    assert world.status(run) == "failed"
    lead = world.create("Lead", lastName="Lovelace")
    runs.retry_run(world.platform, run, items=[{"lead": lead}])
    world.go()
    assert world.status(run) == "completed"
    assert sorted(world.said()) == ["one ", "two Lovelace"]


def test_an_answer_that_comes_after_the_retry_wakes_the_other_branch(world: World) -> None:
    world.publish(branches(("people.task", {"subject": "Call"}), GET))
    run = world.start([{"lead": "nobody"}])
    (task,) = world.tasks()
    lead = world.create("Lead", lastName="Lovelace")
    runs.retry_run(world.platform, run, items=[{"lead": lead}])
    world.go()
    assert world.status(run) == "waiting"
    tasks.complete_task(world.platform, task["id"])
    world.go()
    assert world.status(run) == "completed"


def test_a_run_that_failed_once_is_told_to_its_error_workflow_once(world: World) -> None:
    handler = {
        "failed": "trigger.error",
        "log": ("notify.log", {"text": "{{ $json.error.code }} in {{ $json.workflow.name }}"}),
    }
    world.publish(workflow(handler, "failed > log", name="Handler"))
    document = branches(("people.task", {"subject": "Call"}), GET)
    document["settings"]["error_workflow"] = "Handler"
    world.publish(document)
    world.start([{"lead": "nobody"}])
    (task,) = world.tasks()
    tasks.complete_task(world.platform, task["id"])
    world.go()
    assert len(world.said()) == 1
    assert world.said()[0].endswith("in Flow")


def test_error_workflows_that_fail_for_each_other_come_to_an_end(world: World) -> None:
    for name, other in (("A", "B"), ("B", "A")):
        world.publish(
            workflow({"go": "trigger.error", "stop": "logic.stop"}, "go > stop", name=name, error_workflow=other)
        )
    world.publish(workflow({"stop": "logic.stop"}, error_workflow="A"))
    world.start([{}])
    assert len(world.runs()) <= 20
    assert world.intake() == 0


def family(child: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    parent = {
        "call": ("workflow.run", {"workflow": "Child", **params}, {"on_error": "branch"}),
        "good": ("notify.log", {"text": "good {{ $json.n }}"}),
        "bad": ("notify.log", {"text": "bad {{ $json.error.code }}"}),
    }
    return [child, workflow(parent, "call > good", "call:error > bad", name="Parent")]


def doubling(**settings: Any) -> dict[str, Any]:
    nodes = {"in": "trigger.workflow", "set": ("data.set", {"fields": {"n": "{{ $json.n * 2 }}"}})}
    return workflow(nodes, "in > set", name="Child", **settings)


def waiting_child(**settings: Any) -> dict[str, Any]:
    nodes = {
        "in": "trigger.workflow",
        "wait": ("wait.duration", {"duration": "1 day"}),
        "set": ("data.set", {"fields": {"n": 7}}),
    }
    return workflow(nodes, "in > wait", "wait > set", name="Child", **settings)


def test_a_parent_goes_on_with_what_its_child_gives(world: World) -> None:
    for document in family(doubling()):
        world.publish(document)
    run = world.start([{"n": 1}, {"n": 2}], "Parent")
    assert world.status(run) == "completed"
    assert world.said() == ["good 2", "good 4"]
    assert len(world.runs("Child")) == 1


def test_a_child_for_each_item_gives_each_its_own(world: World) -> None:
    for document in family(doubling(), items="each"):
        world.publish(document)
    world.start([{"n": 1}, {"n": 2}], "Parent")
    assert world.said() == ["good 2", "good 4"]
    assert len(world.runs("Child")) == 2


def test_a_parent_that_does_not_wait_goes_on_at_once(world: World) -> None:
    for document in family(waiting_child(), wait=False):
        world.publish(document)
    run = world.start([{"n": 1}], "Parent")
    assert (world.status(run), world.said()) == ("completed", ["good 1"])
    assert [child.status for child in world.runs("Child")] == ["waiting"]


def test_a_child_that_waits_keeps_its_parent_waiting(world: World) -> None:
    for document in family(waiting_child()):
        world.publish(document)
    run = world.start([{"n": 1}], "Parent")
    assert world.status(run) == "waiting"
    world.until(DAY)
    assert (world.status(run), world.said()) == ("completed", ["good 7"])


def test_a_child_that_fails_takes_its_parent_down_the_error_branch(world: World) -> None:
    child = workflow({"in": "trigger.workflow", "stop": "logic.stop"}, "in > stop", name="Child")
    for document in family(child):
        world.publish(document)
    run = world.start([{"n": 1}], "Parent")
    assert (world.status(run), world.said()) == ("completed", ["bad node.workflow_failed"])


def test_a_child_too_large_to_park_fails_and_its_parent_hears_of_it(world: World) -> None:
    nodes = {
        "in": "trigger.workflow",
        "grow": ("data.set", {"fields": {"text": "{{ 'x'.repeat(5000) }}"}}),
        "wait": ("wait.duration", {"duration": "1 day"}),
    }
    child = workflow(nodes, "in > grow", "grow > wait", name="Child", limits={"bytes": 2000})
    for document in family(child):
        world.publish(document)
    run = world.start([{"n": 1}], "Parent")
    assert world.runs("Child")[0].error == "limit.bytes"
    assert (world.status(run), world.said()) == ("completed", ["bad node.workflow_failed"])


def test_a_child_that_is_cancelled_wakes_its_parent(world: World) -> None:
    for document in family(waiting_child()):
        world.publish(document)
    run = world.start([{"n": 1}], "Parent")
    runs.cancel_run(world.platform, world.runs("Child")[0].id)
    world.go()
    assert (world.status(run), world.said()) == ("completed", ["bad node.workflow_failed"])


def test_concurrency_holds_further_starts_back_and_loses_none(world: World) -> None:
    nodes = {"wait": ("wait.duration", {"duration": "1 h"}), "log": ("notify.log", {"text": "{{ $json.n }}"})}
    world.publish(workflow(nodes, "wait > log", concurrency=2))
    for n in range(5):
        start.start(world.platform, "Flow", [{"n": n}])
    world.go()
    assert len(world.runs(status="waiting")) == 2
    world.until(HOUR)
    assert len(world.runs(status="waiting")) == 2
    world.until(5 * HOUR)
    assert world.said() == ["0", "1", "2", "3", "4"]


def test_concurrency_holds_within_one_change_of_many_records(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead"}),
        "wait": ("wait.duration", {"duration": "1 h"}),
        "log": ("notify.log", {"text": "{{ $json.lastName }}"}),
    }
    world.publish(workflow(nodes, "lead > wait", "wait > log", concurrency=3))
    from_file = [(n, {"lastName": f"lead {n}"}) for n in range(10)]
    records.load_rows(world.platform, "Lead", from_file)
    world.go()
    assert len(world.runs(status="waiting")) == 3
    world.until(HOUR)
    assert len(world.runs(status="waiting")) == 3
    world.until(10 * HOUR)
    assert sorted(world.said()) == [f"lead {n}" for n in range(10)]
    assert world.intake() == 0


def test_of_many_records_that_start_together_only_those_that_break_their_batch_fail(world: World) -> None:
    def break_on_bad(item: dict[str, Any]) -> dict[str, Any]:
        if item["company"] == "bad":
            raise ZeroDivisionError("a fault of the node")
        return item

    world.platform.mocks = {"picky": break_on_bad}
    nodes = {
        "lead": ("trigger.record", {"object": "Lead"}),
        "picky": "logic.noop",
        "log": ("notify.log", {"text": "{{ $json.lastName }}"}),
    }
    world.publish(workflow(nodes, "lead > picky", "picky > log"))
    for size in (1000, 1):
        world.platform.batch_size = world.platform.next_size = size
        rows = [(n, {"lastName": f"{size}/{n}", "company": "bad" if n in (3, 7) else "good"}) for n in range(20)]
        records.load_rows(world.platform, "Lead", rows)
        world.go()
    failed = world.runs(status="failed")
    assert [run.error for run in failed] == ["run.unexpected"] * 4
    assert len(world.said()) == 36
    assert len(set(world.said())) == 36
    assert world.intake() == 0


def test_a_paused_workflow_keeps_its_events_and_resume_starts_them(world: World) -> None:
    nodes = {"lead": ("trigger.record", {"object": "Lead"}), "log": ("notify.log", {"text": "{{ $json.lastName }}"})}
    world.publish(workflow(nodes, "lead > log"))
    workflows.pause(world.platform, "Flow")
    world.create("Lead", lastName="A")
    world.create("Lead", lastName="B")
    world.go()
    assert (world.said(), world.runs(), world.intake()) == ([], [], 2)
    workflows.resume(world.platform, "Flow")
    world.go()
    assert world.said() == ["A", "B"]


def test_a_paused_workflow_starts_nothing_while_its_parked_runs_go_on(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead", "on": ["created"]}),
        "wait": ("wait.duration", {"duration": "1 day"}),
        "log": ("notify.log", {"text": "{{ $json.lastName }}"}),
    }
    world.publish(workflow(nodes, "lead > wait", "wait > log"))
    world.create("Lead", lastName="before")
    world.go()
    workflows.pause(world.platform, "Flow")
    world.create("Lead", lastName="during")
    world.until(2 * DAY)
    assert world.said() == ["before"]
    assert (len(world.runs()), world.intake()) == (1, 1)
    workflows.resume(world.platform, "Flow")
    world.until(4 * DAY)
    assert world.said() == ["before", "during"]


def test_two_runs_of_one_record_in_one_batch_go_one_after_the_other(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead", "mode": "level", "condition": "score < 100"}),
        "add": ("crm.update", {"object": "Lead", "fields": {"pageViews": "{{ ($json.pageViews || 0) + 1 }}"}}),
    }
    world.publish(workflow(nodes, "lead > add"))
    lead = world.create("Lead", lastName="A", score=1)
    world.update("Lead", lead, score=2)
    world.update("Lead", lead, score=3)
    world.go()
    assert world.record("Lead", lead)["pageViews"] == 3


def test_of_ten_items_one_fails_and_nine_go_on(world: World) -> None:
    nodes = {
        "find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"}, {"on_error": "branch"}),
        "good": ("notify.log", {"text": "good"}),
        "bad": ("notify.log", {"text": "{{ $json.lead }}: {{ $json.error.code }}"}),
    }
    world.publish(workflow(nodes, "find > good", "find:error > bad"))
    leads = [world.create("Lead", lastName=f"L{n}") for n in range(9)]
    run = world.start([{"lead": lead} for lead in [*leads[:4], "nobody", *leads[4:]]])
    assert world.status(run) == "completed"
    assert world.said().count("good") == 9
    assert len([text for text in world.said() if text.startswith("nobody: ")]) == 1


def test_of_ten_records_the_bad_one_fails_alone(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead"}),
        "owner": ("crm.get", {"object": "Account", "id": "{{ $json.company }}"}),
        "log": ("notify.log", {"text": "{{ $json.name }}"}),
    }
    world.publish(workflow(nodes, "lead > owner", "owner > log"))
    accounts = [world.create("Account", name=f"A{n}") for n in range(9)]
    for account in [*accounts, "nobody"]:
        world.create("Lead", lastName="L", company=account)
    world.go()
    assert [run.status for run in world.runs()].count("completed") == 9
    (failed,) = world.runs(status="failed")
    assert world.show(failed.id).error["where"]["node"] == "owner"  # type: ignore[index]


def test_on_error_continue_takes_the_item_on_with_its_error(world: World) -> None:
    nodes = {
        "find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"}, {"on_error": "continue"}),
        "log": ("notify.log", {"text": "{{ $json.lead }}: {{ $json.error.message }}"}),
    }
    world.publish(workflow(nodes, "find > log"))
    run = world.start([{"lead": "nobody"}])
    assert world.status(run) == "completed"
    assert world.said()[0].startswith("nobody: ")


@pytest.mark.parametrize("more", [{"on_error": "continue"}, {"disabled": True}])
def test_a_stop_that_is_not_to_stop_lets_the_run_complete(world: World, more: dict[str, Any]) -> None:
    world.publish(workflow({"log": ("notify.log", {"text": "hi"}), "stop": ("logic.stop", {}, more)}, "log > stop"))
    assert world.status(world.start([{}])) == "completed"


def test_a_stop_fails_the_run_with_its_message_and_hint(world: World) -> None:
    nodes = {"stop": ("logic.stop", {"message": "{{ $json.name }} has no owner", "hint": "Give it one."})}
    world.publish(workflow(nodes))
    run = world.start([{"name": "Acme"}])
    error = world.show(run).error
    assert error is not None
    assert (error["message"], error["hint"], error["where"]["node"]) == ("Acme has no owner", "Give it one.", "stop")


def test_a_disabled_node_lets_items_pass(world: World) -> None:
    nodes = {
        "set": ("data.set", {"fields": {"n": 2}}, {"disabled": True}),
        "log": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(workflow(nodes, "set > log"))
    world.start([{"n": 1}])
    assert world.said() == ["1"]


def test_a_disabled_merge_lets_the_items_of_all_branches_pass(world: World) -> None:
    nodes = {
        "split": "logic.split",
        "a": ("data.set", {"fields": {"n": "a"}}),
        "b": ("data.set", {"fields": {"n": "b"}}),
        "merge": ("logic.merge", {}, {"disabled": True}),
        "log": ("notify.log", {"text": "{{ $json.n }}"}),
    }
    world.publish(workflow(nodes, "split:a > a", "split:b > b", "a > merge:in1", "b > merge:in2", "merge > log"))
    world.start([{}])
    assert world.said() == ["a", "b"]


def test_a_disabled_loop_lets_items_pass_to_its_end(world: World) -> None:
    nodes = {
        "go": "trigger.manual",
        "loop": ("logic.loop", {}, {"disabled": True}),
        "body": ("notify.log", {"text": "body"}),
        "log": ("notify.log", {"text": "end {{ $json.n }}"}),
    }
    world.publish(workflow(nodes, "go > loop", "loop:loop > body", "body > loop limit 1", "loop:done > log"))
    assert world.status(world.start([{"n": 1}, {"n": 2}])) == "completed"
    assert world.said() == ["end 1", "end 2"]


@pytest.mark.parametrize(("policy", "rows"), [("all", [2, 2]), ("failures", [0, 1]), ("none", [0, 0])])
def test_inputs_and_outputs_are_kept_by_policy_and_steps_always(world: World, policy: str, rows: list[int]) -> None:
    nodes = {"log": ("notify.log", {"text": "hi"}), "find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"})}
    world.publish(workflow(nodes, "log > find", log=policy))
    lead = world.create("Lead", lastName="A")
    kept = []
    for wanted in (lead, "nobody"):
        view = world.show(world.start([{"lead": wanted}]))
        assert [step.node for step in view.steps] == ["log", "find"]
        kept.append(len(view.data))
    assert kept == rows
