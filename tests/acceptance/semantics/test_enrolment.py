"""Enrolment, semantics.md §1.6: entering once or again, goals, suppression, windows, caps, and being switched off."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

import towpath
from tests.acceptance.flows import DAY, HOUR, World, workflow
from towpath.engine.enrolment import ENROLMENT
from towpath.engine.tables import RUN
from towpath.errors import WorkflowError
from towpath.model.change import Cause
from towpath.model.moment import to_text
from towpath.model.offset import to_microseconds
from towpath.service import records, runs, workflows
from towpath.service.definitions import apply_definition
from towpath.service.duplicates import merge
from towpath.service.enrolment_preview import preview_enrolment
from towpath.service.enrolment_report import enrolment_report, list_enrolments
from towpath.service.jobs import enrol, enrol_existing
from towpath.service.unit import in_unit
from towpath.service.why import why

TRIGGER = ("trigger.record", {"object": "Lead", "condition": "score > 50"})
MARK = ("crm.update", {"object": "Lead", "fields": {"rating": "Warm"}})


@pytest.fixture
def world() -> World:
    return World()


def journey(world: World, enrolment: dict[str, Any] | None = None, wait: str = "7 days", **more: Any) -> None:
    """A lead that scores waits, and is marked."""
    nodes = {"t": TRIGGER, "wait": ("wait.duration", {"duration": wait}), "mark": MARK, **more.pop("nodes", {})}
    settings = {"enrolment": enrolment or {}, "start_brake": 1_000_000, **more}
    world.publish(workflow(nodes, "t > wait", "wait > mark", name="Journey", **settings))


def lead(world: World, **values: Any) -> str:
    made = world.create("Lead", lastName="Doe", **{"score": 60, **values})
    world.go()
    return made


def score(world: World, record: str, *scores: int, **more: Any) -> None:
    for number in scores:
        world.update("Lead", record, score=number, **more)
        world.go()


def states(world: World) -> dict[str, str]:
    rows = world.platform.store.read(lambda tx: tx.select(ENROLMENT, ("record", "state")))
    return dict(rows)


def statuses(world: World) -> list[str]:
    return [run.status for run in world.runs()]


# Entering


def test_a_record_enters_at_its_first_match_and_not_again(world: World) -> None:
    journey(world)
    one = lead(world)
    score(world, one, 10, 60)
    world.until(8 * DAY)
    score(world, one, 10, 60)
    assert statuses(world) == ["completed"]
    assert [text for text in world.said("enrolment_refused") if "inside already" in text]
    assert [text for text in world.said("enrolment_refused") if "do not enter again" in text]


def test_re_enrolment_never_happens_while_inside(world: World) -> None:
    journey(world, {"again": "always"})
    one = lead(world)
    score(world, one, 10, 60)
    assert len(world.runs()) == 1
    world.until(8 * DAY)
    score(world, one, 10, 60)
    assert len(world.runs()) == 2


def test_a_re_enrolment_trigger_has_to_turn_true_together_with_the_entry_trigger(world: World) -> None:
    journey(world, {"again": 'status == "Nurturing"'}, wait="1h")
    one = lead(world)
    world.until(2 * HOUR)
    score(world, one, 10, 60)
    assert len(world.runs()) == 1
    score(world, one, 10)
    score(world, one, 60, status="Nurturing")
    assert len(world.runs()) == 2


def test_by_hand_skips_the_trigger_but_not_suppression(world: World) -> None:
    journey(world, {"suppress": "doNotEmail == true"}, wait="1h")
    low, no = lead(world, score=1), lead(world, score=1, doNotEmail=True)
    assert enrol(world.platform, "Journey", "Lead").total == 2
    world.go()
    assert [run.record for run in world.runs()] == [low]
    assert states(world)[no] == "suppressed"
    assert "suppressed" in world.said("enrolment_refused")[0]
    world.until(2 * HOUR)
    enrol(world.platform, "Journey", "Lead")
    world.go()
    assert len(world.runs()) == 2, "by hand a record enters again"


def test_a_failed_or_cancelled_run_is_not_inside(world: World) -> None:
    journey(world, {"again": "always"})
    one = lead(world)
    runs.cancel_run(world.platform, world.runs()[0].id)
    score(world, one, 10, 60)
    assert statuses(world) == ["cancelled", "waiting"]


# Goals and suppression


def test_a_goal_that_is_true_at_entry_does_not_enter_and_one_reached_inside_leaves_before_the_next_action(
    world: World,
) -> None:
    journey(world, {"goal": 'status == "Qualified"'})
    there = lead(world, status="Qualified")
    one = lead(world)
    assert there not in states(world)
    world.update("Lead", one, status="Qualified")
    world.until(8 * DAY)
    assert states(world) == {one: "goal"}
    assert statuses(world) == ["completed"]
    assert world.record("Lead", one)["rating"] is None, "out before the next action"


def test_suppression_wins_over_a_goal_at_the_same_instant(world: World) -> None:
    journey(world, {"goal": 'status == "Qualified"', "suppress": "doNotEmail == true"})
    one = lead(world)
    world.update("Lead", one, status="Qualified", doNotEmail=True)
    world.until(8 * DAY)
    assert states(world) == {one: "suppressed"}
    assert statuses(world) == ["cancelled"]
    both = lead(world, status="Qualified", doNotEmail=True)
    assert states(world)[both] == "suppressed", "and not the goal"
    assert len(world.runs()) == 1
    assert "suppressed" in world.said("enrolment_refused")[-1]


def test_whoever_is_refused_as_suppressed_stands_in_the_report_by_name_and_has_entered_nothing(world: World) -> None:
    journey(world, {"suppress": "doNotEmail == true", "goal": 'status == "Qualified"'})
    refused = {lead(world, doNotEmail=True) for _ in range(25)}  # a notice names no more than 20
    there, one = lead(world, status="Qualified"), lead(world)
    report = enrolment_report(world.platform, "Journey")
    assert report.states == {"suppressed": 25, "inside": 1}, "who has reached the goal at entry does not count"
    assert [(arm.entered, arm.goals) for arm in report.arms] == [(1, 0)]
    listed = list_enrolments(world.platform, "Journey", state="suppressed")
    assert {row.record for row in listed} == refused
    assert {(row.times, row.entered_at, row.run) for row in listed} == {(0, None, None)}
    assert there not in states(world)
    world.update("Lead", next(iter(refused)), status="Qualified")
    assert enrolment_report(world.platform, "Journey").arms[0].goals == 0, "who never entered reaches no goal"
    assert states(world)[one] == "inside"


def test_whoever_was_refused_as_suppressed_enters_by_a_later_trigger_for_the_first_time(world: World) -> None:
    journey(world, {"suppress": "doNotEmail == true"})
    one = lead(world, doNotEmail=True)
    score(world, one, 10, doNotEmail=False)
    score(world, one, 60)
    assert states(world) == {one: "inside"}
    assert list_enrolments(world.platform, "Journey")[0].times == 1


def test_leaving_the_suppression_list_does_not_enrol(world: World) -> None:
    journey(world, {"suppress": "doNotEmail == true"})
    one = lead(world, doNotEmail=True)
    world.update("Lead", one, doNotEmail=False)
    world.go()
    assert world.runs() == []


@pytest.mark.parametrize("switch", [True, False])
def test_a_record_that_no_longer_meets_the_condition_leaves_where_the_switch_says_so(
    world: World, switch: bool
) -> None:
    journey(world, {"leave_when_unmatched": switch})
    one = lead(world)
    score(world, one, 10)
    world.until(8 * DAY)
    assert states(world) == {one: "unmatched" if switch else "completed"}
    assert world.record("Lead", one)["rating"] == (None if switch else "Warm")


def test_a_deleted_record_is_out_and_coming_back_does_not_resume(world: World) -> None:
    journey(world)
    one = lead(world)
    records.delete(world.platform, "Lead", one)
    world.until(7 * DAY)
    assert statuses(world) == ["cancelled"]
    records.undelete(world.platform, "Lead", one)
    world.go()
    world.until(20 * DAY)
    assert statuses(world) == ["cancelled"]


def test_the_goal_counts_within_its_days_for_both_arms_whether_inside_or_not(world: World) -> None:
    journey(world, {"goal": 'status == "Qualified"', "hold_out": 0.5, "attribution_days": 10}, wait="1h")
    made = in_unit(
        world.platform,
        lambda unit: unit.records.create("Lead", [{"lastName": str(n), "score": 60} for n in range(400)], Cause("t")),
    )
    ids = [record["id"] for record in made]
    world.go()
    arms = Counter(world.platform.store.read(lambda tx: [arm for (arm,) in tx.select(ENROLMENT, ("arm",))]))
    assert 150 < arms["hold_out"] < 250
    assert len(world.runs()) == arms["treated"]
    world.until(9 * DAY)
    for record in ids[:50]:
        world.update("Lead", record, status="Qualified")
    world.until(11 * DAY)
    for record in ids[50:60]:
        world.update("Lead", record, status="Qualified")
    report = workflows_report(world)
    assert sum(arm["goals"] for arm in report.values()) == 50
    assert {name: arm["entered"] for name, arm in report.items()} == dict(arms)


def workflows_report(world: World) -> dict[str, dict[str, int]]:
    return {
        arm.arm: {"entered": arm.entered, "goals": arm.goals}
        for arm in enrolment_report(world.platform, "Journey").arms
    }


# Windows and caps


def test_actions_outside_the_window_move_to_the_next_with_a_spread_and_waits_do_not(world: World) -> None:
    hours = {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}
    apply_definition(world.platform, {"kind": "calendar", "name": "office", **hours})
    journey(world, {"window": {"calendar": "office"}}, wait="1h")
    made = [lead(world) for _ in range(20)]  # Thursday at midnight
    world.until(HOUR)
    assert {run.status for run in world.runs()} == {"waiting"}
    assert all(world.path(run.id)[:2] == ["t", "wait"] for run in world.runs()), "the wait itself did not move"
    world.until(30 * DAY)
    marked = [step.started_at for run in world.runs() for step in world.show(run.id).steps if step.node == "mark"]
    first, last = us("2026-01-01T09:00Z"), us("2026-01-01T09:15Z")
    assert all(first <= at < last for at in marked), [to_text(at) for at in marked]
    assert len(set(marked)) > 10
    assert len(marked) == len(made)


def us(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text))


def test_fifty_thousand_with_a_cap_of_500_an_hour_take_a_hundred_hours_and_none_is_lost(world: World) -> None:
    nodes = {"t": ("trigger.record", {"object": "Lead"}), "n": "logic.noop"}
    settings = {"enrolment": {"max_entries_per_hour": 500}, "start_brake": 1_000_000}
    world.publish(workflow(nodes, "t > n", name="Journey", **settings))
    for part in range(50):
        rows = [{"lastName": str(part)}] * 1000
        in_unit(world.platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("test", bulk=True)))
    world.go()
    counts = [len(started(world))]
    for hour in (1, 2, 98):
        world.until(hour * HOUR)
        counts.append(len(started(world)))
    assert counts == [500, 1000, 1500, 99 * 500]
    world.until(99 * HOUR)
    begun = started(world)
    assert len(begun) == len(set(begun)) == 50_000
    per_hour = Counter((at - world.begin) // 3_600_000_000 for _, at in begun)
    assert set(per_hour.values()) == {500}


def started(world: World) -> list[tuple[str, int]]:
    return world.platform.store.read(lambda tx: [(r, at) for r, at in tx.select(RUN, ("record", "started_at"))])


def test_who_waits_for_the_cap_is_looked_at_again_before_entering(world: World) -> None:
    journey(world, {"max_entries_per_hour": 1, "suppress": "doNotEmail == true"}, wait="1h")
    one, two, three = lead(world), lead(world), lead(world)
    world.update("Lead", two, doNotEmail=True)
    world.until(5 * HOUR)
    assert states(world) == {one: "completed", two: "suppressed", three: "completed"}
    assert enrolment_report(world.platform, "Journey").arms[0].entered == 2, "who waited and was refused never entered"
    score(world, two, 10, doNotEmail=False)
    score(world, two, 60)
    world.until(8 * HOUR)
    assert states(world)[two] == "completed", "and enters by a later trigger like any other"


def test_who_waits_for_the_cap_while_the_workflow_is_off_enters_when_it_is_on_again_and_none_is_lost(
    world: World,
) -> None:
    journey(world, {"max_entries_per_hour": 2}, wait="1h")
    leads = [lead(world) for _ in range(7)]
    workflows.set_active(world.platform, "Journey", None)
    world.until(30 * HOUR)
    assert Counter(states(world).values()) == {"completed": 2, "waiting": 5}
    workflows.set_active(world.platform, "Journey", 1)
    world.until(40 * HOUR)
    assert states(world) == dict.fromkeys(leads, "completed")
    per_hour = Counter((at - world.begin) // 3_600_000_000 for _, at in started(world))
    assert max(per_hour.values()) <= 2, "nor do they come all at once"


# Off while inside


def test_off_during_a_seven_day_delay_lets_those_inside_go_on_without_actions(world: World) -> None:
    journey(world)
    one = lead(world)
    world.until(DAY)
    workflows.set_active(world.platform, "Journey", None)
    two = lead(world)
    world.until(8 * DAY)
    assert statuses(world) == ["completed"]
    assert world.path(world.runs()[0].id) == ["t", "wait", "mark"]
    assert world.record("Lead", one)["rating"] is None
    assert two not in states(world)


def test_before_switching_on_it_is_known_how_many_enter_now_and_later_and_the_mails_that_makes(world: World) -> None:
    for day in range(14):
        world.until(day * DAY)
        for number in (10, 60, 70):
            lead(world, score=number, doNotEmail=number == 70 and day < 4, email="a@b.co")
    world.until(14 * DAY)
    mail = ("mail.send", {"to": "{{ $json.email }}", "subject": "hello", "text": "x"})
    nodes = {"t": TRIGGER, "wait": ("wait.duration", {"duration": "1h"}), "mark": mail}
    settings = {"enrolment": {"suppress": "doNotEmail == true"}, "start_brake": 1_000_000}
    document = workflow(nodes, "t > wait", "wait > mark", name="Journey", **settings)
    definition = towpath.load(document).definition
    preview = preview_enrolment(world.platform, definition)
    assert (preview.enter_now, preview.mails_now, preview.sample) == (24, 24, 24)
    assert preview.enter_per_day == preview.mails_per_day == 24 / 28
    assert world.runs() == []
    world.publish(document)
    assert [job.total for job in enrol_existing(world.platform, "Journey")] == [28]
    world.go()
    assert len(world.runs()) == preview.enter_now
    assert preview_enrolment(world.platform, definition).enter_now == 0


def test_without_enrolment_rules_every_start_is_a_run_as_ever(world: World) -> None:
    nodes = {"t": TRIGGER, "n": "logic.noop"}
    world.publish(workflow(nodes, "t > n", name="Journey"))
    one = lead(world)
    score(world, one, 10, 60)
    assert len(world.runs()) == 2
    assert states(world) == {}


def test_conditions_that_cannot_be_read_are_found_before_publishing(world: World) -> None:
    with pytest.raises(WorkflowError) as caught:
        journey(world, {"goal": "status =="})
    assert caught.value.problems[0].field == "settings.enrolment.goal"
    with pytest.raises(WorkflowError):
        journey(world, {"hold_out": 2})


# Why not


def test_why_not_names_the_enrolment_that_keeps_a_record_out(world: World) -> None:
    journey(world, {"suppress": "doNotEmail == true", "goal": 'status == "Qualified"'})
    no, there, one = lead(world, doNotEmail=True), lead(world, status="Qualified"), lead(world)
    assert [reason(world, key) for key in (no, there, one)] == ["suppressed", "goal", "inside"]
    assert not why(world.platform, "Journey", no).starts
    (trigger,) = why(world.platform, "Journey", no).triggers
    assert [(c.text, c.holds, c.value) for c in trigger.clauses] == [
        ("score > 50", True, 60), ("doNotEmail == true", True, True)
    ]  # fmt: skip
    world.until(8 * DAY)
    assert reason(world, one) == "once"
    world.update("Lead", no, doNotEmail=False)
    assert reason(world, no) == "meets", "as if it were made now"


def test_why_not_looks_at_the_enrolment_as_it_was_at_a_past_change(world: World) -> None:
    journey(world, {"suppress": "doNotEmail == true"})
    one = lead(world, doNotEmail=True)
    moments = []
    for values in ({"score": 10}, {"score": 60}, {"score": 10, "doNotEmail": False}, {"score": 60}, {"score": 10},
                   {"score": 60}):  # fmt: skip
        world.clock.advance(60)
        world.update("Lead", one, **values)
        world.go()
        moments.append(world.clock.now())
    assert len(world.runs()) == 1
    found = [reason(world, one, at) for at in moments]
    assert found == ["condition", "suppressed", "condition", "meets", "condition", "inside"]


def test_why_not_names_the_arm_that_is_held_out(world: World) -> None:
    journey(world, {"hold_out": 0.999999})
    assert reason(world, lead(world)) == "hold_out"


def reason(world: World, record: str, at: int | None = None) -> str:
    (trigger,) = why(world.platform, "Journey", record, at=at).triggers
    return trigger.reason


# Merged while inside


@pytest.mark.parametrize("keep", ["the one that never entered", "the one inside"])
def test_a_record_that_is_merged_while_inside_stays_inside_under_the_id_that_stays(world: World, keep: str) -> None:
    journey(world, {"again": "always"})
    outside, inside = lead(world, score=1), lead(world)
    stays = inside if keep == "the one inside" else outside
    merge(world.platform, "Lead", [outside, inside], keep=stays, values={"score": 60})
    world.go()
    assert states(world) == {stays: "inside"}
    score(world, stays, 10, 60)
    assert len(world.runs()) == 1, "never while inside"
    world.until(8 * DAY)
    assert states(world) == {stays: "completed"}


def test_of_two_that_are_inside_and_become_one_the_enrolment_lasts_until_it_has_left(world: World) -> None:
    journey(world, {"goal": 'status == "Qualified"'})
    one, two = lead(world), lead(world)
    merge(world.platform, "Lead", [one, two])
    world.go()
    assert states(world) == {one: "inside"}
    world.until(8 * DAY)
    assert states(world) == {one: "completed"}


def test_of_two_that_become_one_the_one_that_waits_for_the_cap_does_not_enter_beside_the_one_inside(
    world: World,
) -> None:
    journey(world, {"max_entries_per_hour": 1})
    one, two = lead(world), lead(world)
    assert states(world) == {one: "inside", two: "waiting"}
    merge(world.platform, "Lead", [one, two])
    world.until(3 * HOUR)
    assert states(world) == {one: "inside"}
    assert len(world.runs()) == 1


def test_what_waits_for_the_cap_enters_as_the_record_that_it_was_merged_into(world: World) -> None:
    journey(world, {"max_entries_per_hour": 1})
    low, first, second = lead(world, score=1), lead(world), lead(world)
    merge(world.platform, "Lead", [low, second], keep=low)
    world.until(3 * HOUR)
    assert states(world) == {first: "inside", low: "inside"}
