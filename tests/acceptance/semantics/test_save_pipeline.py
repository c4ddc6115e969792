"""The save pipeline, semantics.md §1.1: phases, order, causes, loops, and that a save stands or falls as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import World, workflow
from towpath.app import open_platform
from towpath.crm.feed import FEED
from towpath.engine.tables import EVENT, OUTBOX, RUN
from towpath.errors import FormatError, InputError, LimitError, NotFoundError, SchemaError, TowpathError, WorkflowError
from towpath.model.change import Cause
from towpath.service import records, workflows
from towpath.service.definitions import apply_definition, delete_definition
from towpath.service.explain import explain_save
from towpath.service.unit import in_unit


@pytest.fixture
def world() -> World:
    return World()


def rows(world: World, *tables: Any) -> list[int]:
    return [world.platform.store.read(lambda tx, t=table: tx.count(t)[0][0]) for table in tables]


def saving(name: str, when: str, node: tuple[Any, ...], order: int = 1000, **trigger: Any) -> dict[str, Any]:
    params = {"object": "Lead", "when": when, "order": order, **trigger}
    return workflow({"t": ("trigger.record", params), "n": node}, "t > n", name=name)


def setting(name: str, order: int = 1000, condition: Any = None, **fields: Any) -> dict[str, Any]:
    return saving(name, "before_save", ("save.set", {"fields": fields}), order, condition=condition)


# Before the save


def test_a_before_save_workflow_sets_fields_in_the_same_write(world: World) -> None:
    world.publish(setting("Country", country="{{ ($json.country || 'de').toUpperCase() }}"))
    lead = world.create("Lead", lastName="Doe", country="fr")
    assert world.record("Lead", lead)["country"] == "FR"
    assert rows(world, FEED, RUN, EVENT) == [1, 0, 0], "one change, and no run to be seen"


def test_before_save_sees_no_id_on_insert_and_the_old_record_on_update(world: World) -> None:
    world.publish(setting("See", description="{{ $json.id ?? 'no id' }} {{ $old ? $old.lastName : 'new' }}"))
    lead = world.create("Lead", lastName="Doe")
    assert world.record("Lead", lead)["description"] == "no id new"
    world.update("Lead", lead, lastName="Roe")
    assert world.record("Lead", lead)["description"] == f"{lead} Doe"


def test_what_a_before_save_workflow_sets_is_checked_like_any_other_value(world: World) -> None:
    world.publish(setting("Wrong", status="Nonsense"))
    with pytest.raises(SchemaError) as caught:
        world.create("Lead", lastName="Doe")
    assert caught.value.code == "schema.unknown_choice"
    assert rows(world, FEED) == [0]


# Bringing a record back is a save


def gone(world: World, object_name: str = "Lead", **values: Any) -> str:
    record = world.create(object_name, **values)
    records.delete(world.platform, object_name, record)
    return record


def test_a_before_save_workflow_runs_on_a_record_that_is_brought_back_as_if_it_were_new(world: World) -> None:
    lead = gone(world, lastName="Doe", country="fr")
    text = "{{ $json.id }} {{ $old ? 'old' : 'new' }} {{ $json.deletedAt ?? 'here' }}"
    world.publish(setting("See", condition='country == "fr"', description=text, country="FR"))
    back = records.undelete(world.platform, "Lead", lead)
    assert (back["country"], back["description"]) == ("FR", f"{lead} new here")
    assert world.record("Lead", lead)["country"] == "FR"


def test_a_workflow_that_looks_at_created_records_only_does_not_see_one_that_is_brought_back(world: World) -> None:
    lead = gone(world, lastName="Doe")
    world.publish(saving("New", "before_save", ("save.set", {"fields": {"description": "new"}}), on=["created"]))
    assert records.undelete(world.platform, "Lead", lead)["description"] is None


def test_a_record_that_may_not_be_saved_any_more_is_not_brought_back(world: World) -> None:
    poor = gone(world, "Deal", name="A", amount=1)
    small = {"name": "Amount", "object": "Deal", "refuse": "amount < 10", "message": "too small"}
    apply_definition(world.platform, {"kind": "validation", **small})
    with pytest.raises(SchemaError) as caught:
        records.undelete(world.platform, "Deal", poor)
    assert (caught.value.code, caught.value.message) == ("record.validation", "too small")
    stop = ("logic.stop", {"message": "no more of these"})
    lead = gone(world, lastName="Doe", company="Acme")
    world.publish(saving("No", "before_save", stop, condition='company == "Acme"'))
    with pytest.raises(SchemaError) as refused:
        records.undelete(world.platform, "Lead", lead)
    assert refused.value.code == "record.rejected"
    assert (records.get(world.platform, "Deal", poor), records.get(world.platform, "Lead", lead)) == (None, None)


def test_what_a_before_save_workflow_sets_is_judged_when_a_record_is_brought_back(world: World) -> None:
    lead = gone(world, lastName="Doe")
    world.publish(setting("Wrong", status="Nonsense"))
    with pytest.raises(SchemaError) as caught:
        records.undelete(world.platform, "Lead", lead)
    assert caught.value.code == "schema.unknown_choice"


def test_a_record_comes_back_as_it_was_with_the_times_of_its_stage(world: World) -> None:
    deal = world.create("Deal", name="A", stage="Proposal", probability=55)
    before = world.record("Deal", deal)
    records.delete(world.platform, "Deal", deal)
    world.until(100)
    back = records.undelete(world.platform, "Deal", deal)
    assert {name for name in back if back[name] != before[name]} == {"updatedAt"}


def test_many_are_brought_back_in_one_pass_and_each_is_refused_alone(world: World) -> None:
    leads = [gone(world, lastName=f"L{number}", score=number) for number in range(300)]
    world.publish(setting("Seen", description="seen"))
    small = {"name": "Odd", "object": "Lead", "refuse": "score == 7", "message": "not seven"}
    apply_definition(world.platform, {"kind": "validation", **small})
    store = CountingStore(world.platform.store)
    world.platform.store = store
    ids = [*leads, leads[0]]
    done = in_unit(world.platform, lambda unit: unit.records.undelete("Lead", ids, Cause("test")))
    refusals = {number: row.code for number, row in enumerate(done) if isinstance(row, TowpathError)}
    assert refusals == {7: "record.validation", 300: "record.not_deleted"}
    assert {row["description"] for row in done if isinstance(row, dict)} == {"seen"}
    assert store.statements["update", "crm_lead"] == 1
    assert store.statements["get", "crm_lead"] + store.statements["select", "crm_lead"] <= 2


def test_a_reject_leaves_no_row_and_no_outbox_row(world: World) -> None:
    stop = ("logic.stop", {"message": "{{ $json.company }} is not a customer", "hint": "Ask sales."})
    world.publish(saving("No", "before_save", stop, condition='company == "Acme"'))
    mail = ("mail.send", {"to": "a@b.co", "subject": "hello", "text": "x"})
    world.publish(saving("Mail", "committed", mail))
    with pytest.raises(SchemaError) as caught:
        world.create("Lead", lastName="Doe", company="Acme")
    assert (caught.value.code, caught.value.message) == ("record.rejected", "Acme is not a customer")
    assert caught.value.hint == "Ask sales."
    assert caught.value.where.workflow == "No"
    world.go()
    assert rows(world, FEED, EVENT, RUN, OUTBOX) == [0, 0, 0, 0]
    assert world.records("Lead") == []


def test_one_rejected_record_does_not_touch_the_others_of_a_batch(world: World) -> None:
    world.publish(saving("No", "before_save", ("logic.stop", {"message": "no"}), condition="score < 0"))
    batch = [(n, {"lastName": str(n), "score": -1 if n == 3 else n}) for n in range(10)]
    loaded = records.load_rows(world.platform, "Lead", batch)
    assert loaded.created == 9
    assert [(n, error.code) for n, error in loaded.errors] == [(3, "record.rejected")]


def test_workflows_of_a_phase_go_by_order_then_age_then_id(world: World) -> None:
    for name, order in (("late", 2000), ("second", 5), ("first", 5), ("early", 1)):
        world.publish(setting(name, order, description="{{ ($json.description || '') + '" + name + " ' }}"))
        world.clock.set(world.clock.now() + 1_000_000)
    lead = world.create("Lead", lastName="Doe")
    assert world.record("Lead", lead)["description"] == "early second first late "


def test_a_before_save_workflow_may_do_no_io(world: World) -> None:
    mail = ("mail.send", {"to": "a@b.co", "subject": "x", "text": "x"})
    for kind, params in (mail, ("wait.duration", {"duration": 5}), ("crm.update", {"object": "Lead", "fields": {}})):
        with pytest.raises(WorkflowError) as caught:
            world.publish(saving("Bad", "before_save", (kind, params)))
        assert caught.value.problems[0].code == "workflow.not_in_save"
    with pytest.raises(WorkflowError, match="cannot run in a workflow of after_save"):
        world.publish(saving("Bad", "after_save", ("wait.duration", {"duration": 5})))
    with pytest.raises(WorkflowError, match="nothing is being saved here"):
        world.publish(saving("Bad", "committed", ("save.set", {"fields": {}})))


# Validation rules


def rule(world: World, **more: Any) -> None:
    document = {"kind": "validation", "name": "won", "object": "Deal", "refuse": 'stage == "Won" and amount < 1',
                "message": "A won deal has an amount.", "field": "amount"}  # fmt: skip
    apply_definition(world.platform, {**document, **more})


def test_a_validation_rule_refuses_with_its_message_and_field(world: World) -> None:
    rule(world)
    deal = world.create("Deal", name="A", amount=0)
    with pytest.raises(SchemaError) as caught:
        world.update("Deal", deal, stage="Won")
    assert (caught.value.code, caught.value.message) == ("record.validation", "A won deal has an amount.")
    assert caught.value.where.field == "amount"
    world.update("Deal", deal, stage="Won", amount=5)
    delete_definition(world.platform, "validation", "won")
    world.update("Deal", deal, amount=0)


def test_validation_sees_what_before_save_workflows_set(world: World) -> None:
    rule(world, object="Lead", refuse="country == null", message="No country.", field="country", name="country")
    world.publish(setting("Country", country="DE", condition='city == "Bonn"'))
    world.create("Lead", lastName="Doe", city="Bonn")
    with pytest.raises(SchemaError, match="No country"):
        world.create("Lead", lastName="Doe", city="Rome")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"object": "Dael"}, SchemaError), ({"refuse": "amuont < 1"}, SchemaError), ({"refuse": "amount <"}, FormatError),
     ({"kind": "rule"}, InputError), ({"message": ""}, FormatError), ({"colour": "red"}, FormatError)],
)  # fmt: skip
def test_a_definition_with_a_mistake_is_refused_and_leaves_nothing(world: World, wrong: Any, error: type) -> None:
    with pytest.raises(error):
        rule(world, **wrong)
    with pytest.raises(NotFoundError):
        delete_definition(world.platform, "validation", "won")


# After the save, within the transaction


def after(name: str, condition: Any = None, order: int = 1000, object_name: str = "Lead", **fields: Any) -> Any:
    node = ("crm.update", {"object": object_name, "fields": fields})
    params = {"object": object_name, "when": "after_save", "order": order, "condition": condition}
    return workflow({"t": ("trigger.record", params), "n": node}, "t > n", name=name)


def test_an_after_save_workflow_writes_in_the_same_transaction(world: World) -> None:
    world.publish(after("Rate", "score > 50", rating="Hot"))
    lead = world.create("Lead", lastName="Doe", score=60)
    assert world.record("Lead", lead)["rating"] == "Hot", "before any worker has done anything"
    assert rows(world, FEED, RUN) == [1, 1]
    assert world.platform.store.read(lambda tx: tx.select(FEED, ("kind", "new")))[0][1]["rating"] == "Hot"


def test_a_failure_after_the_write_undoes_the_save(world: World) -> None:
    world.publish(saving("Broken", "after_save", ("logic.stop", {"message": "never"}), condition="score > 50"))
    with pytest.raises(SchemaError) as caught:
        world.create("Lead", lastName="Doe", score=60)
    assert caught.value.code == "record.after_save_failed"
    assert world.records("Lead") == []
    assert rows(world, FEED, RUN, EVENT) == [0, 0, 0]
    world.create("Lead", lastName="Doe", score=40)


def test_a_record_that_undoes_its_save_does_not_keep_the_others_of_a_load_out(world: World) -> None:
    world.publish(saving("Broken", "after_save", ("logic.stop", {"message": "never"}), condition="score > 50"))
    rows = [(n, {"lastName": str(n), "score": 60 if n in (3, 77) else 1}) for n in range(100)]
    loaded = records.load_rows(world.platform, "Lead", rows)
    assert loaded.created == len(world.records("Lead")) == 98
    assert [(n, error.code) for n, error in loaded.errors] == [(n, "record.after_save_failed") for n in (3, 77)]


def test_two_after_save_workflows_answer_each_other_within_one_transaction_and_come_to_an_end(world: World) -> None:
    world.publish(after("A", "score > 50", rating="Hot"))
    world.publish(after("B", 'rating == "Hot"', status="Working"))
    world.publish(after("C", 'status == "Working"', score=51, rating="Warm"))
    lead = world.create("Lead", lastName="Doe", score=60)
    record = world.record("Lead", lead)
    assert (record["rating"], record["status"], record["score"]) == ("Warm", "Working", 51)
    assert rows(world, FEED, RUN) == [1, 3]


def test_two_updates_in_one_transaction_true_false_true_do_not_fire(world: World) -> None:
    world.publish(saving("Hot", "committed", ("logic.noop", {}), condition="score > 50"))
    lead = world.create("Lead", lastName="Doe", score=60)
    world.go()
    assert len(world.runs()) == 1

    def work(unit: Any) -> None:
        for score in (10, 70):
            unit.records.update("Lead", [lead], [{"score": score}], Cause("test"))

    in_unit(world.platform, work)
    world.go()
    assert len(world.runs()) == 1


def test_a_write_that_equals_the_old_value_emits_nothing(world: World) -> None:
    world.publish(saving("Any", "committed", ("logic.noop", {}), mode="level"))
    lead = world.create("Lead", lastName="Doe", score=60)
    world.go()
    world.update("Lead", lead, score=60)

    def there_and_back(unit: Any) -> None:
        for score in (10, 60):
            unit.records.update("Lead", [lead], [{"score": score}], Cause("test"))

    in_unit(world.platform, there_and_back)
    world.go()
    assert len(world.runs()) == 1
    assert rows(world, FEED) == [1]


# Causes and loops


def own_update(name: str, condition: Any = None, reentry: int = 0, **fields: Any) -> dict[str, Any]:
    trigger = {"object": "Lead", "condition": condition, "mode": "level"}
    nodes = {"t": ("trigger.record", trigger), "n": ("crm.update", {"object": "Lead", "fields": fields})}
    return workflow(nodes, "t > n", name=name, reentry=reentry)


def test_a_workflow_that_updates_its_own_record_does_not_start_again_unless_reentry_says_so(world: World) -> None:
    world.publish(own_update("Self", score="{{ $json.score + 1 }}"))
    lead = world.create("Lead", lastName="Doe", score=0)
    world.go()
    assert world.record("Lead", lead)["score"] == 1
    assert len(world.said("loop_skipped")) == 1
    world.publish(own_update("Self", reentry=2, score="{{ $json.score + 1 }}"))
    again = world.create("Lead", lastName="Roe", score=0)
    world.go()
    assert world.record("Lead", again)["score"] == 3


def test_two_workflows_that_answer_each_other_stop_after_one_round(world: World) -> None:
    world.publish(own_update("A", rating="Hot", score="{{ $json.score + 1 }}"))
    world.publish(own_update("B", rating="Cold", score="{{ $json.score + 10 }}"))
    lead = world.create("Lead", lastName="Doe", score=0)
    world.go()
    assert len(world.runs()) == 4, "each once for the user's change, and once for the other's"
    assert len(world.said("loop_skipped")) == 6
    assert world.record("Lead", lead)["score"] == 22


def creating(when: str) -> dict[str, Any]:
    nodes = {
        "t": ("trigger.record", {"object": "Lead", "on": ["created"], "when": when}),
        "n": ("crm.create", {"object": "Lead", "fields": {"lastName": "{{ $json.lastName + 'x' }}"}}),
    }
    return workflow(nodes, "t > n", name="Breeder")


def test_a_chain_of_17_fails_the_transaction(world: World) -> None:
    world.publish(creating("after_save"))
    with pytest.raises(LimitError) as caught:
        world.create("Lead", lastName="d")
    assert caught.value.code == "limit.cause_chain"
    assert world.records("Lead") == [], "nothing of the whole chain is left"


def test_a_chain_of_17_over_commits_stops_at_the_17th(world: World) -> None:
    world.publish(creating("committed"))
    world.create("Lead", lastName="d")
    world.go()
    assert len(world.records("Lead")) == 17
    assert [run.status for run in world.runs()].count("failed") == 1


# The brake


def test_more_than_500_starts_in_a_minute_pause_the_workflow_and_lose_nothing(world: World) -> None:
    world.publish(saving("Busy", "committed", ("logic.noop", {})))
    for n in range(505):
        world.create("Lead", lastName=str(n))
    world.go()
    assert len(world.said("start_brake")) >= 1
    assert world.platform.published.paused
    started = len(world.runs())
    assert started < 505
    workflows.resume(world.platform, "Busy")
    world.go()
    assert len(world.runs()) == 505


def test_starts_by_hand_count_where_the_workflow_names_a_brake_of_its_own(world: World) -> None:
    free = workflow({"t": "trigger.manual", "n": "logic.noop"}, "t > n", name="Free")
    world.publish(free)
    world.publish({**free, "name": "Braked", "settings": {"start_brake": 10}})
    for name in ("Free", "Braked"):
        for _ in range(15):
            world.start([{}], name)
    assert len(world.said("start_brake")) >= 1
    assert len(world.runs("Free")) == 15
    assert len(world.runs("Braked")) <= 11
    workflows.resume(world.platform, "Braked")
    world.go()
    assert len(world.runs("Braked")) == 15


# Durable as a whole


CHILD = """
import os, sys
from pathlib import Path
from towpath.app import open_platform
from towpath.model.change import Cause
from towpath.service.unit import Unit
from towpath.storage.sqlite.transaction import SQLiteTransaction
platform = open_platform(Path(sys.argv[1]))
finish = Unit.finish
def killed(self):
    finish(self)
    os.kill(os.getpid(), 9)  # everything is written, nothing is committed
if sys.argv[2] == "before":
    Unit.finish = killed
from towpath.service.records import create
create(platform, "Lead", {"lastName": "Doe", "score": 60})
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("moment", "kept"), [("before", 0), ("after", 1)])
def test_kill_9_between_write_and_commit_leaves_nothing_and_after_it_everything(
    tmp_path: Path, moment: str, kept: int
) -> None:
    world = World()
    world.platform = open_platform(tmp_path)
    world.publish(after("Rate", "score > 50", rating="Hot"))
    world.publish(saving("Mail", "committed", ("mail.send", {"to": "a@b.co", "subject": "x", "text": "x"})))
    world.platform.close()
    done = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path), moment], check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    platform = open_platform(tmp_path)
    counts = [platform.store.read(lambda tx, t=t: tx.count(t)[0][0]) for t in (FEED, EVENT, RUN)]
    assert counts == [kept] * 3
    leads = records.find(platform, "Lead")
    assert [lead["rating"] for lead in leads] == ["Hot"] * kept
    platform.close()


# Explained


def test_explain_lists_what_runs_on_save_in_order(world: World) -> None:
    world.publish(setting("Late", 20, country="DE"))
    world.publish(setting("Early", 10, country="FR"))
    world.publish(after("Within", "score > 50", rating="Hot"))
    world.publish(saving("Mail", "committed", ("mail.send", {"to": "a@b.co", "subject": "x", "text": "x"})))
    rule(world, object="Lead", refuse="score < 0", message="Not negative.", field="score", name="score")
    trigger = {"object": "Lead", "field": "lastActivityAt", "offset": "30 days"}
    world.publish(workflow({"t": ("trigger.date_field", trigger), "n": "logic.noop"}, "t > n", name="Dormant"))
    steps = explain_save(world.platform, "Lead")
    named = [(step.phase, step.name) for step in steps if step.kind != "system"]
    assert named == [
        ("before_save", "Early"), ("before_save", "Late"), ("validation", "score"), ("after_save", "Within"),
        ("committed", "Mail"), ("committed", "Dormant"),
    ]  # fmt: skip
    assert next(step for step in steps if step.name == "Within").about.endswith("score > 50")
    phases = [step.phase for step in steps]
    assert phases == sorted(phases, key=["check", "before_save", "validation", "duplicates", "write", "after_save",
                                         "commit", "committed", "outbox"].index)  # fmt: skip
