"""Entry conditions, semantics.md §1.2: level or edge, null, or; and why a workflow starts on a record or not."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import World, workflow
from towpath.errors import InputError, NotFoundError
from towpath.model.change import Cause
from towpath.service import records, workflows
from towpath.service.unit import in_unit
from towpath.service.why import why


@pytest.fixture
def world() -> World:
    return World()


def listen(world: World, condition: Any, name: str = "Flow", **trigger: Any) -> None:
    params = {"object": "Lead", "condition": condition, **trigger}
    world.publish(workflow({"t": ("trigger.record", params), "n": "logic.noop"}, "t > n", name=name))


def saved(world: World, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether the second save starts a run."""
    lead = world.create("Lead", lastName="Doe", **before)
    world.go()
    runs = len(world.runs())
    world.update("Lead", lead, city="Bonn", **after)
    world.go()
    return len(world.runs()) > runs


@pytest.mark.parametrize(("mode", "old", "new"), list(product(("edge", "level"), (10, 60), (20, 70))))
def test_edge_starts_on_false_to_true_alone_and_level_on_every_save_that_meets_it(
    world: World, mode: str, old: int, new: int
) -> None:
    listen(world, "score > 50", mode=mode)
    assert saved(world, {"score": old}, {"score": new}) == (new > 50 and (mode == "level" or old <= 50))


def test_a_new_record_that_meets_the_condition_starts_in_both_modes(world: World) -> None:
    for mode in ("edge", "level"):
        listen(world, "score > 50", mode=mode, name=mode)
    world.create("Lead", lastName="Doe", score=60)
    world.go()
    assert len(world.runs()) == 2


def test_unknown_counts_as_false_so_null_to_true_is_an_edge(world: World) -> None:
    listen(world, 'rating == "Hot"')
    assert saved(world, {}, {"rating": "Hot"})
    assert not saved(world, {"rating": "Hot"}, {"rating": None})


def test_with_or_a_second_part_that_turns_true_does_not_start_unless_each_part_has_its_own_edge(world: World) -> None:
    listen(world, 'score > 50 or rating == "Hot"')
    assert not saved(world, {"score": 60}, {"rating": "Hot"})
    listen(world, 'score > 50 or rating == "Hot"', per_clause=True)
    assert saved(world, {"score": 60}, {"rating": "Hot"})
    assert not saved(world, {"score": 60}, {"status": "Open"})


def test_changed_was_and_increased_look_at_the_start_of_the_transaction(world: World) -> None:
    listen(world, 'changed(score) and was(status) == "New" and increased(score)')
    assert saved(world, {"score": 1, "status": "New"}, {"score": 2, "status": "Open"})
    assert not saved(world, {"score": 2, "status": "New"}, {"score": 1})
    assert not saved(world, {"score": 1, "status": "Open"}, {"score": 2})
    lead = world.create("Lead", lastName="Doe", score=1)
    world.go()
    runs = len(world.runs())

    def up_and_down(unit: Any) -> None:
        for score in (5, 0):
            unit.records.update("Lead", [lead], [{"score": score}], Cause("test"))

    in_unit(world.platform, up_and_down)
    world.go()
    assert len(world.runs()) == runs, "against the start of the transaction the score has sunk"


def test_undelete_counts_as_create(world: World) -> None:
    listen(world, "score > 50")
    lead = world.create("Lead", lastName="Doe", score=60)
    world.go()
    records.delete(world.platform, "Lead", lead)
    records.undelete(world.platform, "Lead", lead)
    world.go()
    assert len(world.runs()) == 2


def test_conditions_of_ten_workflows_over_a_thousand_records_ask_the_store_for_nothing(world: World) -> None:
    store = CountingStore(world.platform.store)
    world.platform.store = store
    totals = []
    for workflows_there in (0, 10):
        for number in range(workflows_there):
            listen(world, f'score > {1000 + number} and rating != "Cold"', name=f"W{number}")
        rows = [{"lastName": str(n), "score": n} for n in range(1000)]
        in_unit(world.platform, lambda unit: unit.records.count("Lead"))  # takes notice of what was published
        store.statements.clear()
        in_unit(world.platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("test")))
        totals.append(dict(store.statements))
    assert totals[0] == totals[1]
    assert sum(totals[0].values()) <= 8


# Why, and why not


def test_why_shows_each_condition_with_its_value_for_now(world: World) -> None:
    listen(world, 'score > 50 and rating == "Hot"')
    lead = world.create("Lead", lastName="Doe", score=60)
    answer = why(world.platform, "Flow", lead)
    assert not answer.starts
    (trigger,) = answer.triggers
    assert trigger.reason == "condition"
    assert [(c.text, c.holds, c.value) for c in trigger.clauses] == [
        ("score > 50", True, 60), ('rating == "Hot"', False, None)
    ]  # fmt: skip
    world.update("Lead", lead, rating="Hot")
    assert why(world.platform, "Flow", lead).starts


def test_why_looks_at_a_past_change_with_the_record_as_it_was_then(world: World) -> None:
    listen(world, "score > 50")
    lead = world.create("Lead", lastName="Doe", score=10)
    moments = []
    for score in (60, 70, 20):
        world.clock.set(world.clock.now() + 60_000_000)
        world.update("Lead", lead, score=score)
        world.go()
        moments.append(world.clock.now())
    answers = [why(world.platform, "Flow", lead, at=at) for at in moments]
    assert [answer.starts for answer in answers] == [True, False, False]
    assert [answer.triggers[0].reason for answer in answers] == ["meets", "already", "condition"]
    assert [(a.triggers[0].clauses[0].value, a.triggers[0].clauses[0].held) for a in answers] == [
        (60, False), (70, True), (20, True)
    ]  # fmt: skip
    assert answers[0].change is not None
    assert answers[0].change.fields == ("score",)
    assert len(answers[0].runs) == 1


@pytest.mark.parametrize("mode", ["edge", "level"])
@pytest.mark.parametrize("per_clause", [True, False])
def test_why_says_of_every_past_change_what_really_happened(world: World, mode: str, per_clause: bool) -> None:
    listen(world, 'score > 50 or rating == "Hot" or changed(status)', mode=mode, per_clause=per_clause)
    lead, started = world.create("Lead", lastName="Doe"), []
    steps: list[dict[str, Any]] = [{"score": 60}, {"rating": "Hot"}, {"score": 1}, {"status": "Open"}, {"rating": None},
                                   {"city": "x"}, {"status": "New", "score": 70}]  # fmt: skip
    world.go()
    for step in steps:
        before = len(world.runs())
        world.clock.set(world.clock.now() + 1_000_000)
        world.update("Lead", lead, **step)
        world.go()
        started.append((world.clock.now(), len(world.runs()) > before))
    assert [why(world.platform, "Flow", lead, at=at).starts for at, _ in started] == [fired for _, fired in started]


def test_why_names_the_loop_the_kind_and_the_switch(world: World) -> None:
    trigger = {"object": "Lead", "on": ["created"]}
    own = workflow({"t": ("trigger.record", {"object": "Lead", "mode": "level"}),
                    "n": ("crm.update", {"object": "Lead", "fields": {"score": 1}})}, "t > n", name="Self")  # fmt: skip
    world.publish(own)
    world.publish(workflow({"t": ("trigger.record", trigger), "n": "logic.noop"}, "t > n", name="New"))
    lead = world.create("Lead", lastName="Doe")
    world.clock.set(world.clock.now() + 1_000_000)
    world.go()
    now = world.clock.now()
    assert why(world.platform, "Self", lead, at=now).triggers[0].reason == "loop"
    assert why(world.platform, "New", lead, at=now).triggers[0].reason == "kind"
    workflows.set_active(world.platform, "New", None)
    off = why(world.platform, "New", lead)
    assert (off.state, off.starts) == ("off", False)


def test_why_tells_of_timers_and_of_what_it_cannot_find(world: World) -> None:
    trigger = {"object": "Deal", "field": "closeDate", "offset": "-3 days", "condition": "amount > 5"}
    world.publish(workflow({"t": ("trigger.date_field", trigger), "n": "logic.noop"}, "t > n", name="Renewal"))
    world.publish(workflow({"t": "trigger.manual", "n": "logic.noop"}, "t > n", name="Hand"))
    deal = world.create("Deal", name="A", closeDate="2026-02-01", amount=9)
    (answer,) = why(world.platform, "Renewal", deal).triggers
    assert (answer.reason, answer.about) == ("pending", "it starts at 2026-01-29T00:00:00.000Z")
    world.update("Deal", deal, amount=1)
    (answer,) = why(world.platform, "Renewal", deal).triggers
    assert (answer.reason, answer.clauses[0].holds) == ("no_match", False)
    with pytest.raises(InputError) as caught:
        why(world.platform, "Hand", deal)
    assert caught.value.code == "why.no_record_trigger"
    for name, record in (("Renewel", deal), ("Renewal", "nobody")):
        with pytest.raises(NotFoundError):
            why(world.platform, name, record)
    with pytest.raises(NotFoundError, match="was not changed"):
        why(world.platform, "Renewal", deal, at=0)
