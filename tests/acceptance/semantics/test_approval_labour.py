"""Of a decision by several people each answer stands in the log and in the figures with its own person and time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.flows import HOUR, MINUTE, workflow
from tests.acceptance.semantics.office import Office, step
from towpath.insight import Waiting
from towpath.ports.time import SECOND
from towpath.service import tasks
from towpath.service.metrics import WorkflowMetrics, people_metrics, workflow_metrics
from towpath.service.runs import cancel_run


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(Sam={}, Ann={"hourlyCost": 30}, Bob={"hourlyCost": 60}, Cid={"hourlyCost": 90})
    yield made
    made.platform.close()


def works(office: Office, name: str, first: float, last: float, outcome: str = "approved") -> None:
    """A person takes his answer up at one minute and gives it at another."""
    office.until(first * MINUTE)
    (task,) = [task for task in office.tasks() if task["ownerId"] == office.ids[name]]
    tasks.claim_task(office.platform, task["id"], name)
    office.until(last * MINUTE)
    office.vote(name, outcome)


def logged(office: Office) -> list[tuple[str, str, float, float]]:
    """(who, outcome, first minute, last minute) of every line that the log has of the approval."""
    names = {key: name for name, key in office.ids.items()}
    lines = [line for line in office.show(office.runs()[0].id).steps if line.node == "ask"]
    return [
        (
            names.get(line.actor, line.actor),
            line.outcome,
            minute(office, line.started_at),
            minute(office, line.ended_at),
        )
        for line in lines
    ]


def minute(office: Office, at: int) -> float:
    return (at - office.begin) / SECOND / MINUTE


def figures(office: Office) -> WorkflowMetrics:
    return workflow_metrics(office.platform, "Ask")


def hours(office: Office, name: str) -> tuple[int, float]:
    """Steps that a person did, and his hours."""
    found = people_metrics(office.platform, name)
    return found.steps_done, found.efficiency.labour_hours


def test_under_unanimous_each_answer_is_logged_with_its_person_and_its_time(office: Office) -> None:
    office.ask(step("Ann", "Bob"))
    works(office, "Ann", 60, 90)
    works(office, "Bob", 120, 180)
    assert logged(office) == [("Ann", "part", 60, 90), ("Bob", "ok", 120, 180)]


def test_labour_and_cost_of_an_approval_are_those_of_everybody_who_answered_and_its_work_is_done_once(
    office: Office,
) -> None:
    office.ask(step("Ann", "Bob"))
    works(office, "Ann", 60, 90)
    works(office, "Bob", 120, 180)
    ask = figures(office).steps["ask"]
    assert (ask.counts.ok, ask.counts.attempts, ask.efficiency.work) == (1, 1, 1)
    assert ask.efficiency.labour_hours == pytest.approx(1.5)
    assert ask.cost.actual_cost == pytest.approx(0.5 * 30 + 1.0 * 60)
    assert figures(office).figures.efficiency.labour_hours == pytest.approx(1.5)
    assert (hours(office, "Ann"), hours(office, "Bob")) == ((1, pytest.approx(0.5)), (1, pytest.approx(1.0)))


def test_the_time_of_an_approval_lasts_from_the_asking_to_the_last_answer_and_answers_at_once_are_touched_once(
    office: Office,
) -> None:
    office.ask(step("Ann", "Bob"))
    for name in ("Ann", "Bob"):
        (task,) = [task for task in office.tasks() if task["ownerId"] == office.ids[name]]
        tasks.claim_task(office.platform, task["id"], name)
    office.until(HOUR)
    office.vote("Bob")
    office.vote("Ann")
    ask = figures(office).steps["ask"]
    assert (ask.time_used.elapsed, ask.flow.touch) == (HOUR, HOUR)
    assert ask.efficiency.labour_hours == pytest.approx(2.0)
    assert [line[:2] for line in logged(office)] == [("Bob", "part"), ("Ann", "ok")]


def test_under_a_quorum_a_rejection_that_was_outvoted_is_labour_too(office: Office) -> None:
    office.ask(step("Ann", "Bob", "Cid", policy="quorum", quorum=2))
    works(office, "Ann", 0, 10, "rejected")
    works(office, "Bob", 10, 30)
    works(office, "Cid", 30, 60)
    assert logged(office) == [("Ann", "part", 0, 10), ("Bob", "part", 10, 30), ("Cid", "ok", 30, 60)]
    assert figures(office).steps["ask"].efficiency.labour_hours == pytest.approx(1.0)


def test_in_a_sequence_and_over_steps_and_rounds_every_answer_stands_for_itself(office: Office) -> None:
    office.ask(step("Ann", "Bob", policy="sequence", name="one"), step("Cid", name="two", on_reject="previous"))
    works(office, "Ann", 0, 10)
    works(office, "Bob", 10, 20)
    works(office, "Cid", 20, 50, "rejected")
    works(office, "Ann", 50, 60)
    works(office, "Bob", 60, 70)
    works(office, "Cid", 70, 80)
    assert [line[0] for line in logged(office)] == ["Ann", "Bob", "Cid", "Ann", "Bob", "Cid"]
    assert hours(office, "Cid") == (2, pytest.approx(40 / 60))
    assert figures(office).steps["ask"].efficiency.labour_hours == pytest.approx(80 / 60)


@pytest.mark.parametrize("ending", ["recalled", "expired", "timeout"])
def test_who_answered_a_request_that_was_not_decided_has_worked_and_the_engine_ended_it(
    office: Office, ending: str
) -> None:
    if ending == "timeout":
        ask_until(office, "2 hours", step("Ann", "Bob"))
    else:
        office.ask(step("Ann", "Bob", reactions=[{"after": "2 hours", "do": "expire"}]))
    works(office, "Ann", 0, 30)
    if ending == "recalled":
        office.recall("Sam")
    office.until(3 * HOUR)
    assert office.approval["status"] == ("Recalled" if ending == "recalled" else "Expired")
    assert [line[:2] for line in logged(office)] == [("Ann", "part"), ("engine", "ok")]
    assert hours(office, "Ann") == (1, pytest.approx(0.5))


def ask_until(office: Office, timeout: str, asked: dict[str, Any]) -> None:
    ask = {"subject": "{{ $json.name }}", "steps": [asked], "submitter": "Sam", "timeout": timeout}
    nodes = {"new": ("trigger.record", {"object": "Deal", "on": ["created"]}), "ask": ("people.approve", ask)}
    office.publish(workflow(nodes, "new > ask", name="Ask"))
    office.create("Deal", name="Quote")
    office.go()


def test_who_answered_or_had_taken_up_a_decision_whose_run_is_cancelled_has_worked_for_nothing(office: Office) -> None:
    office.ask(step("Ann", "Bob", "Cid"))
    works(office, "Ann", 0, 30)
    (task,) = [task for task in office.tasks() if task["ownerId"] == office.ids["Bob"]]
    tasks.claim_task(office.platform, task["id"], "Bob")
    office.until(HOUR)
    cancel_run(office.platform, office.runs()[0].id)
    office.go()
    assert sorted(logged(office)) == [("Ann", "part", 0, 30), ("Bob", "cancelled", 30, 60)]
    found = figures(office)
    assert (found.steps["ask"].counts.cancelled, found.steps["ask"].efficiency.work) == (1, 0)
    assert found.steps["ask"].cancelled_labour_hours == pytest.approx(1.0)
    assert found.figures.cancelled_labour_hours == pytest.approx(1.0)
    assert (hours(office, "Ann"), hours(office, "Bob")) == ((1, pytest.approx(0.5)), (0, pytest.approx(0.5)))


def test_a_wait_that_is_cancelled_is_a_cancelled_step_without_labour(office: Office) -> None:
    nodes = {"go": ("trigger.manual", {}), "wait": ("wait.duration", {"duration": "5 days"})}
    office.publish(workflow(nodes, "go > wait", name="Wait"))
    run = office.start([{}], "Wait")
    office.until(HOUR)
    cancel_run(office.platform, run)
    assert office.steps(run, "wait") == [("cancelled", 1, None)]
    figures = workflow_metrics(office.platform, "Wait")
    assert (figures.steps["wait"].counts.cancelled, figures.steps["wait"].cancelled_labour_hours) == (1, 0)


def test_while_it_is_open_the_answers_given_are_labour_and_everybody_who_is_still_asked_is_waited_for(
    office: Office,
) -> None:
    office.ask(step("Ann", "Bob", "Cid"))
    works(office, "Ann", 0, 30)
    (task,) = [task for task in office.tasks() if task["ownerId"] == office.ids["Bob"]]
    tasks.claim_task(office.platform, task["id"], "Bob")
    office.until(HOUR)
    found = figures(office)
    assert found.steps["ask"].counts.open == 1
    assert found.steps["ask"].open.labour_hours == pytest.approx(1.0)
    waited: dict[str, Waiting] = {one.actor: one for one in found.waiting}
    assert {name: waited[office.ids[name]].claimed for name in ("Bob", "Cid")} == {"Bob": True, "Cid": False}
    assert len(waited) == 2
    assert (hours(office, "Ann"), hours(office, "Bob")) == ((1, pytest.approx(0.5)), (0, pytest.approx(0.5)))


def test_where_time_ends_what_several_were_asked_the_engine_ends_the_step_and_who_answered_has_worked(
    office: Office,
) -> None:
    call = {"subject": "Call", "assignee": "{{ $json.who }}", "timeout": "2 hours"}
    office.publish(workflow({"go": ("trigger.manual", {}), "call": ("people.task", call)}, "go > call", name="Calls"))
    run = office.start([{"who": "Ann"}, {"who": "Bob"}], "Calls")
    (task,) = [task for task in office.tasks() if task["ownerId"] == office.ids["Ann"]]
    tasks.claim_task(office.platform, task["id"], "Ann")
    office.until(30 * MINUTE)
    tasks.complete_task(office.platform, task["id"], who="Ann")
    office.until(3 * HOUR)
    names = {key: name for name, key in office.ids.items()}
    lines = [s for s in office.show(run).steps if s.node == "call"]
    assert [(names.get(s.actor, s.actor), s.outcome, minute(office, s.ended_at)) for s in lines] == [
        ("Ann", "part", 30), ("engine", "ok", 120),
    ]  # fmt: skip
    assert workflow_metrics(office.platform, "Calls").steps["call"].time_used.elapsed == 2 * HOUR


def test_the_tasks_of_several_items_of_one_run_are_the_labour_of_whoever_did_each(office: Office) -> None:
    nodes = {
        "go": ("trigger.manual", {}),
        "call": ("people.task", {"subject": "Call", "assignee": "{{ $json.who }}"}),
    }
    office.publish(workflow(nodes, "go > call", name="Calls"))
    run = office.start([{"who": "Ann"}, {"who": "Bob"}], "Calls")
    for name, first, last in (("Ann", 0, 10), ("Bob", 10, 40)):
        office.until(first * MINUTE)
        (task,) = [task for task in office.tasks() if task["ownerId"] == office.ids[name]]
        tasks.claim_task(office.platform, task["id"], name)
        office.until(last * MINUTE)
        tasks.complete_task(office.platform, task["id"], who=name)
        office.go()
        if name == "Ann":
            assert hours(office, "Ann") == (1, pytest.approx(10 / 60)), "also while Bob has not done his"
    names = {key: name for name, key in office.ids.items()}
    done = [(names[s.actor], s.outcome) for s in office.show(run).steps if s.node == "call"]
    assert done == [("Ann", "part"), ("Bob", "ok")]
    assert workflow_metrics(office.platform, "Calls").figures.efficiency.labour_hours == pytest.approx(40 / 60)
