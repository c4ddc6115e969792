"""Waits: for a length of time, until a time, for a moving date, for events, for people; never early, never twice."""

from __future__ import annotations

import pytest

from tests.acceptance.flows import DAY, HOUR, MINUTE, World, workflow
from towpath.engine.claim import Claim
from towpath.engine.state import decode
from towpath.engine.tables import RUN
from towpath.errors import ConflictError, InputError
from towpath.service import advance, runs, start, tasks
from towpath.service.events import NamedEvent, send_events

LOG = ("notify.log", {"text": "went on"})


@pytest.fixture
def world() -> World:
    return World()


def ask(text: str = "answer: {{ $json.event.text }}", **params: object) -> dict[str, object]:
    wait = {"event": "answer", "key": "{{ $json.who }}", **params}
    nodes = {
        "ask": ("wait.event", wait),
        "came": ("notify.log", {"text": text}),
        "late": ("notify.log", {"text": "late"}),
    }
    return workflow(nodes, "ask > came", "ask:timeout > late")


def test_a_wait_for_a_length_of_time_ends_at_its_time_and_not_before(world: World) -> None:
    world.publish(workflow({"wait": ("wait.duration", {"duration": "3 days"}), "log": LOG}, "wait > log"))
    run = world.start([{}])
    world.until(3 * DAY - 0.001)
    assert world.status(run) == "waiting"
    world.until(3 * DAY)
    assert world.status(run) == "completed"
    assert world.said() == ["went on"]
    world.until(30 * DAY)
    assert world.said() == ["went on"]


def test_a_wait_until_a_time_goes_by_the_workflows_time_zone(world: World) -> None:
    nodes = {"wait": ("wait.until", {"moment": "2026-01-02T09:00"}), "log": LOG}
    world.publish(workflow(nodes, "wait > log", timezone="Europe/Berlin"))
    run = world.start([{}])
    world.until(DAY + 8 * HOUR - 1)
    assert world.status(run) == "waiting"
    world.until(DAY + 8 * HOUR)
    assert world.status(run) == "completed"


def test_a_time_that_has_passed_holds_nobody_up(world: World) -> None:
    world.publish(workflow({"wait": ("wait.until", {"moment": "2020-01-01T09:00"}), "log": LOG}, "wait > log"))
    assert world.status(world.start([{}])) == "completed"


def date_wait() -> dict[str, object]:
    nodes = {
        "deal": ("trigger.record", {"object": "Deal", "on": ["created"]}),
        "wait": ("wait.field", {"field": "closeDate", "offset": "-1 day"}),
        "log": ("notify.log", {"text": "closes {{ $json.closeDate }}"}),
        "none": ("notify.log", {"text": "no date"}),
    }
    return workflow(nodes, "deal > wait", "wait > log", "wait:skipped > none")


def test_a_wait_for_a_date_moves_with_the_date(world: World) -> None:
    world.publish(date_wait())
    deal = world.create("Deal", name="Big", closeDate="2026-01-10")
    world.go()
    world.until(2 * DAY)
    world.update("Deal", deal, closeDate="2026-01-20")
    world.until(9 * DAY)
    assert world.said() == []
    world.update("Deal", deal, closeDate="2026-01-15")
    world.until(13 * DAY - 1)
    assert world.said() == []
    world.until(13 * DAY)
    assert world.said() == ["closes 2026-01-15"]
    assert world.waits() == 0


def test_a_wait_for_a_date_ends_when_the_date_is_taken_away(world: World) -> None:
    world.publish(date_wait())
    deal = world.create("Deal", name="Big", closeDate="2026-01-10")
    world.go()
    world.update("Deal", deal, closeDate=None)
    world.go()
    assert world.said() == ["no date"]


def test_an_event_wakes_the_run_that_waits_for_its_key_and_no_other(world: World) -> None:
    world.publish(ask())
    ann, bob = world.start([{"who": "ann"}]), world.start([{"who": "bob"}])
    assert send_events(world.platform, [NamedEvent("answer", "ann", {"text": "yes"})]) == [1]
    world.go()
    assert (world.status(ann), world.status(bob)) == ("completed", "waiting")
    assert world.said() == ["answer: yes"]
    assert send_events(world.platform, [NamedEvent("answer", "ann", {"text": "again"})]) == [0]


def test_an_event_that_does_not_come_in_time_takes_the_time_out_branch(world: World) -> None:
    world.publish(ask(timeout="2 days"))
    run = world.start([{"who": "ann"}])
    world.until(2 * DAY - 1)
    assert world.status(run) == "waiting"
    world.until(2 * DAY)
    assert (world.status(run), world.said()) == ("completed", ["late"])
    assert send_events(world.platform, [NamedEvent("answer", "ann", {})]) == [0]


def test_two_items_of_one_run_that_wait_for_one_event_both_get_it(world: World) -> None:
    world.publish(ask(timeout="2 days"))
    run = world.start([{"who": "ann"}, {"who": "ann"}])
    send_events(world.platform, [NamedEvent("answer", "ann", {"text": "yes"})])
    world.go()
    assert world.status(run) == "completed"
    assert world.said() == ["answer: yes", "answer: yes"]


def test_of_several_items_those_with_an_answer_go_on_and_the_others_run_out_of_time(world: World) -> None:
    world.publish(ask(timeout="2 days"))
    world.start([{"who": "ann"}, {"who": "bob"}, {"who": "ann"}])
    send_events(world.platform, [NamedEvent("answer", "ann", {"text": "yes"})])
    world.until(2 * DAY)
    assert sorted(world.said()) == ["answer: yes", "answer: yes", "late"]


def test_a_record_that_comes_to_meet_a_condition_wakes_the_run(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead", "on": ["created"]}),
        "wait": ("wait.event", {"object": "Lead", "condition": 'status == "Qualified"', "timeout": "2 weeks"}),
        "log": LOG,
        "late": ("notify.log", {"text": "late"}),
    }
    world.publish(workflow(nodes, "lead > wait", "wait > log", "wait:timeout > late"))
    lead, other = world.create("Lead", lastName="A"), world.create("Lead", lastName="B")
    world.go()
    world.update("Lead", lead, status="Working")
    world.go()
    assert world.said() == []
    world.update("Lead", lead, status="Qualified")
    world.go()
    assert world.said() == ["went on"]
    world.until(15 * DAY)
    assert world.said() == ["went on", "late"]
    assert world.record("Lead", other)["status"] == "New"


def approval() -> dict[str, object]:
    nodes = {
        "ask": ("people.approve", {"subject": "Discount", "approver": "ann@example.com", "timeout": "3 days"}),
        "yes": ("notify.log", {"text": "yes by {{ $json.approval.completedBy }}"}),
        "no": ("notify.log", {"text": "no"}),
        "late": ("notify.log", {"text": "late"}),
    }
    return workflow(nodes, "ask:approved > yes", "ask:rejected > no", "ask:timeout > late")


@pytest.mark.parametrize(("outcome", "path"), [("approved", ["ask", "yes"]), ("rejected", ["ask", "no"])])
def test_a_decision_is_the_way_out_and_its_times_are_those_of_the_person(
    world: World, outcome: str, path: list[str]
) -> None:
    ann = world.create("User", name="Ann", email="ann@example.com")
    world.publish(approval())
    run = world.start([{}])
    (task,) = world.tasks()
    assert (task["kind"], task["ownerId"], task["runId"]) == ("approval", ann, run)
    world.until(2 * HOUR)
    tasks.claim_task(world.platform, task["id"], "Ann")
    world.until(3 * HOUR)
    tasks.complete_task(world.platform, task["id"], who="Ann", outcome=outcome)
    world.go()
    assert (world.status(run), world.path(run)) == ("completed", path)
    step = world.show(run).steps[0]
    assert [step.enabled_at - world.begin, step.started_at - world.begin, step.ended_at - world.begin] == [
        0, 7_200_000_000, 10_800_000_000,
    ]  # fmt: skip
    assert step.actor == ann


def test_an_approval_that_nobody_gives_runs_out_of_time_and_its_task_is_closed(world: World) -> None:
    world.create("User", name="Ann", email="ann@example.com")
    world.publish(approval())
    run = world.start([{}])
    (task,) = world.tasks()
    world.until(3 * DAY)
    assert world.path(run) == ["ask", "late"]
    assert world.tasks() == []
    with pytest.raises(ConflictError):
        tasks.complete_task(world.platform, task["id"], outcome="approved")


def test_of_two_decisions_the_second_is_refused(world: World) -> None:
    world.create("User", name="Ann", email="ann@example.com")
    world.publish(approval())
    run = world.start([{}])
    (task,) = world.tasks()
    tasks.complete_task(world.platform, task["id"], outcome="approved")
    with pytest.raises(ConflictError, match="completed"):
        tasks.complete_task(world.platform, task["id"], outcome="rejected")
    world.go()
    assert world.path(run) == ["ask", "yes"]


def test_a_form_comes_back_filled_in_and_not_before_it_is(world: World) -> None:
    form = {"type": "object", "properties": {"budget": {"type": "number"}}, "required": ["budget"]}
    nodes = {
        "ask": ("people.task", {"subject": "Ask for the budget", "form": form, "due": "1 day"}),
        "log": ("notify.log", {"text": "budget {{ $json.task.response.budget }}"}),
    }
    world.publish(workflow(nodes, "ask > log"))
    run = world.start([{"name": "Acme"}])
    (task,) = world.tasks()
    assert (task["kind"], task["status"]) == ("form", "Open")
    with pytest.raises(InputError, match="budget"):
        tasks.complete_task(world.platform, task["id"], response={})
    assert world.status(run) == "waiting"
    tasks.complete_task(world.platform, task["id"], response={"budget": 500})
    world.go()
    assert world.said() == ["budget 500"]


def test_a_run_that_ends_by_stop_closes_the_tasks_of_its_other_branches(world: World) -> None:
    nodes = {
        "split": ("logic.split", {"branches": ["call", "clock"]}),
        "call": ("people.task", {"subject": "Call"}),
        "wait": ("wait.duration", {"duration": "1 day"}),
        "stop": ("logic.stop", {"outcome": "complete"}),
    }
    world.publish(workflow(nodes, "split:call > call", "split:clock > wait", "wait > stop"))
    run = world.start([{}])
    assert len(world.tasks()) == 1
    world.until(DAY)
    assert world.status(run) == "completed"
    assert world.tasks() == []
    assert world.waits() == 0


def test_a_parked_run_is_small_and_thaws_to_what_it_was(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead", "on": ["created"]}),
        "set": ("data.set", {"fields": {"greeting": "Hello {{ $json.lastName }}"}}),
        "wait": ("wait.duration", {"duration": "1 day"}),
        "log": ("notify.log", {"text": "{{ $json.greeting }} {{ $global.leadId }} {{ $('set').first().json.id }}"}),
    }
    world.publish(workflow(nodes, "lead > set", "set > wait", "wait > log"))
    lead = world.create("Lead", lastName="Lovelace")
    world.go()
    (row,) = world.platform.store.read(lambda tx: tx.select(RUN, ("state",)))
    assert decode(row[0]).tokens[0].node == "wait"
    world.until(DAY)
    assert world.said() == [f"Hello Lovelace {lead} {lead}"]


def test_the_record_is_read_again_when_a_run_wakes(world: World) -> None:
    nodes = {
        "lead": ("trigger.record", {"object": "Lead", "on": ["created"]}),
        "wait": ("wait.duration", {"duration": "1 day"}),
        "log": ("notify.log", {"text": "{{ $json.lastName }}"}),
    }
    world.publish(workflow(nodes, "lead > wait", "wait > log"))
    lead = world.create("Lead", lastName="Byron")
    world.go()
    world.update("Lead", lead, lastName="Lovelace")
    world.until(DAY)
    assert world.said() == ["Lovelace"]


def test_cancelling_closes_tasks_and_waits(world: World) -> None:
    world.create("User", name="Ann", email="ann@example.com")
    world.publish(approval())
    run = world.start([{}])
    runs.cancel_run(world.platform, run)
    assert world.status(run) == "cancelled"
    assert (world.tasks(), world.waits()) == ([], 0)
    world.until(4 * DAY)
    assert [(step.node, step.outcome) for step in world.show(run).steps] == [("ask", "cancelled")]
    with pytest.raises(ConflictError, match="cancelled"):
        runs.cancel_run(world.platform, run)


def test_a_thousand_waits_that_fall_due_together_all_wake_once(world: World) -> None:
    world.publish(workflow({"wait": ("wait.duration", {"duration": "1 h"}), "log": LOG}, "wait > log"))
    for _ in range(1000):
        start.start(world.platform, "Flow", [{}])
    world.go()
    world.until(59 * MINUTE)
    assert world.said() == []
    world.until(HOUR)
    assert len(world.said()) == 1000
    assert {run.status for run in world.runs()} == {"completed"}


def test_runs_that_one_answer_wakes_and_that_cannot_go_on_fail_and_hold_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(ask())
    woken = [world.start([{"who": "both"}]) for _ in range(2)]
    other = world.start([{"who": "other"}])

    def break_down(tx: object, work: Claim) -> None:
        if any(answer.run in woken for event in work.events for answer in event.answers):
            raise RuntimeError("broken")

    monkeypatch.setattr(advance, "keep_answers", break_down)
    send_events(world.platform, [NamedEvent("answer", "both", {"text": "x"})])
    send_events(world.platform, [NamedEvent("answer", "other", {"text": "y"})])
    world.go()
    assert [world.status(run) for run in woken] == ["failed", "failed"]
    assert world.status(other) == "completed"
