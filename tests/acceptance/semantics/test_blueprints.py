"""Blueprints, semantics.md §1.5: a guarded state machine on a choice field."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import DAY, HOUR, workflow
from tests.acceptance.semantics.office import Office
from towpath.app import open_platform
from towpath.crm.blueprints.tables import STANDING
from towpath.errors import ConflictError, TowpathError
from towpath.model.change import Cause
from towpath.service import blueprints, definitions, records
from towpath.service.unit import in_unit

PLAN: dict[str, Any] = {
    "kind": "blueprint",
    "name": "Sale",
    "object": "Deal",
    "field": "stage",
    "states": [{"name": name} for name in ("Prospecting", "Qualification", "Proposal", "Won", "Lost")],
    "transitions": [
        {"name": "qualify", "from": "Prospecting", "to": "Qualification"},
        {
            "name": "offer", "from": ["Qualification"], "to": "Proposal", "owners": [{"role": "Sales"}],
            "criteria": "amount > 0", "reason": "Give the deal an amount first.",
            "during": {"required": ["closeDate"], "optional": ["nextStep"], "checklist": ["priced"], "note": True},
            "after": {
                "set": {"probability": 60}, "tasks": [{"subject": "Call after the offer", "to": {"user": "Ann"}}],
                "mails": [{"to": "boss@example.com", "subject": "Offer is out"}],
            },
        },
        {"name": "win", "from": "Proposal", "to": "Won"},
        {"name": "drop", "from": "*", "to": "Lost"},
    ],
}  # fmt: skip


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(Ann={"role": "Sales"}, Bob={"role": "Sales"}, Cid={})
    yield made
    made.platform.close()


def apply(office: Office, **changes: Any) -> None:
    definitions.apply_definition(office.platform, {**PLAN, **changes})


def stages(office: Office) -> list[str]:
    field = office.platform.catalogue.schema("Deal").field("stage")
    assert field is not None
    return list(field.choices)


def deal(office: Office, **values: Any) -> str:
    return office.create("Deal", **{"name": "Big one", "amount": 100, "stage": "Prospecting", **values})


def move(office: Office, record: str, name: str, **more: Any) -> dict[str, Any]:
    done = blueprints.transition(office.platform, "Deal", record, name, **more)
    office.go()
    return done


def offer(office: Office, record: str, **more: Any) -> dict[str, Any]:
    given = {"values": {"closeDate": "2026-03-01"}, "note": "agreed by phone", "checklist": ["priced"], "who": "Ann"}
    return move(office, record, "offer", **{**given, **more})


def refused(call: Any, code: str, status: int) -> TowpathError:
    with pytest.raises(TowpathError) as caught:
        call()
    assert (caught.value.code, caught.value.status) == (code, status), caught.value
    return caught.value


def log(office: Office, record: str) -> list[tuple[Any, ...]]:
    found = blueprints.moves(office.platform, record=record)
    return [(m["source"], m["target"], m["via"], m["deviation"]) for m in found][::-1]


def test_the_states_of_the_plan_are_stages(office: Office) -> None:
    assert {"Prospecting", "Qualification", "Proposal", "Won", "Lost"} <= set(stages(office))


def test_a_transition_moves_the_record_and_what_follows_comes_with_it(office: Office) -> None:
    apply(office)
    record = deal(office)
    move(office, record, "qualify")
    offer(office, record)
    moved = office.record("Deal", record)
    assert (moved["stage"], moved["closeDate"], moved["probability"]) == ("Proposal", "2026-03-01", 60)
    assert [task["subject"] for task in office.tasks()] == ["Call after the offer"]
    assert [row["request"]["subject"] for row in office.outbox()] == ["Offer is out"]
    assert [a["body"] for a in office.records("Activity")] == ["agreed by phone"]
    assert log(office, record) == [
        (None, "Prospecting", "enter", False),
        ("Prospecting", "Qualification", "transition", False),
        ("Qualification", "Proposal", "transition", False),
    ]


def test_two_users_race_and_one_of_them_is_told_that_the_record_has_moved_on(office: Office) -> None:
    apply(office)
    record = deal(office)
    gate, results = threading.Barrier(2), list[str]()

    def click(name: str) -> None:
        gate.wait()
        try:
            blueprints.transition(office.platform, "Deal", record, name, expected_state="Prospecting")
            results.append(name)
        except ConflictError as error:
            results.append(error.code)

    threads = [threading.Thread(target=click, args=(name,)) for name in ("qualify", "drop")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results) & {"qualify", "drop"}) == 1
    assert "blueprint.state" in results
    assert len(log(office, record)) == 2


def test_the_checks_come_in_order_state_then_owner_then_criteria_then_what_is_given(office: Office) -> None:
    apply(office)
    record = deal(office, amount=0)
    refused(lambda: offer(office, record, who="Cid"), "blueprint.state", 409)
    move(office, record, "qualify")
    refused(lambda: offer(office, record, expected_state="Prospecting"), "blueprint.state", 409)
    refused(lambda: offer(office, record, who="Cid", values={}), "blueprint.not_owner", 403)
    error = refused(lambda: offer(office, record, values={}), "blueprint.criteria", 422)
    assert error.message == "Give the deal an amount first."
    office.update("Deal", record, amount=5)
    given = {"values": {"name": "x"}, "note": " ", "checklist": []}
    error = refused(lambda: offer(office, record, **given), "blueprint.during", 422)
    assert sorted(error.params["faults"]) == ["checklist", "closeDate", "name", "note"]
    assert office.record("Deal", record)["stage"] == "Qualification"


def test_a_missing_field_is_named_and_nothing_moves(office: Office) -> None:
    apply(office)
    record = deal(office)
    move(office, record, "qualify")
    error = refused(lambda: offer(office, record, values={}), "blueprint.during", 422)
    assert list(error.params["faults"]) == ["closeDate"]
    assert (office.record("Deal", record)["stage"], len(log(office, record))) == ("Qualification", 2)


def test_a_value_that_does_not_fit_its_field_undoes_the_whole_transition(office: Office) -> None:
    apply(office)
    record = deal(office)
    move(office, record, "qualify")
    refused(lambda: offer(office, record, values={"closeDate": "no date"}), "schema.bad_date", 422)
    assert (office.record("Deal", record)["stage"], office.tasks()) == ("Qualification", [])
    assert len(log(office, record)) == 2


def test_a_direct_write_is_refused_and_other_fields_stay_free(office: Office) -> None:
    apply(office)
    record = deal(office)
    error = refused(lambda: office.update("Deal", record, stage="Won"), "blueprint.direct_write", 409)
    assert "'qualify'" in str(error.hint)
    office.update("Deal", record, amount=7)
    assert office.record("Deal", record)["amount"] == 7


def test_who_may_go_past_the_blueprint_leaves_a_deviation(office: Office) -> None:
    apply(office)
    record = deal(office)
    blueprints.write_round(office.platform, "Deal", record, {"stage": "Won"}, actor="admin")
    assert log(office, record)[-1] == ("Prospecting", "Won", "bypass", True)
    assert blueprints.moves(office.platform, deviations=True)[0]["actor"] == "admin"
    assert office.said("deviation")


def test_a_workflow_may_write_the_field_and_what_no_transition_allows_is_a_deviation(office: Office) -> None:
    apply(office)
    office.publish(
        workflow(
            {
                "big": ("trigger.record", {"object": "Deal", "condition": "amount > 1000"}),
                "win": ("crm.update", {"object": "Deal", "fields": {"stage": "{{ $json.nextStep }}"}}),
            },
            "big > win",
        )
    )
    record = deal(office)
    office.update("Deal", record, amount=2000, nextStep="Qualification")
    office.go()
    assert log(office, record)[-1] == ("Prospecting", "Qualification", "workflow", False)
    other = deal(office)
    office.update("Deal", other, amount=2000, nextStep="Won")
    office.go()
    assert log(office, other)[-1] == ("Prospecting", "Won", "workflow", True)


def test_a_record_that_stops_meeting_the_entry_criteria_stays_by_default(office: Office) -> None:
    apply(office, enter="amount > 50")
    record = deal(office)
    office.update("Deal", record, amount=1)
    refused(lambda: office.update("Deal", record, stage="Won"), "blueprint.direct_write", 409)


def test_a_record_that_stops_meeting_them_is_let_go_where_the_blueprint_says_so(office: Office) -> None:
    apply(office, enter="amount > 50", leave=True)
    record = deal(office)
    office.update("Deal", record, amount=1)
    office.update("Deal", record, stage="Won")
    assert log(office, record)[-1] == ("Prospecting", None, "leave", False)


def test_of_several_blueprints_the_first_that_fits_holds(office: Office) -> None:
    apply(office, enter="amount > 50", order=2)
    apply(office, name="Small", order=3)
    apply(office, name="Huge", enter="amount > 1000", order=1)
    held = [blueprints.available(office.platform, "Deal", deal(office, amount=a))["blueprint"] for a in (1, 60, 2000)]
    assert held == ["Small", "Sale", "Huge"]


def test_a_record_begins_where_the_blueprint_lets_it(office: Office) -> None:
    apply(office, initial=["Prospecting"])
    refused(lambda: deal(office, stage="Proposal"), "blueprint.initial", 409)


# Time


LIMITED = [{"name": "Prospecting", "limit": "8 business hours", "warn": 0.75, "breach": "drop"}, *PLAN["states"][1:]]


def test_a_state_warns_and_breaches_in_business_time(office: Office) -> None:
    apply(office, states=LIMITED)
    record = deal(office)
    office.until(15 * HOUR - 1)
    assert office.said("state_warning") == []
    office.until(15 * HOUR)
    assert len(office.said("state_warning")) == 1
    office.until(17 * HOUR)
    assert len(office.said("state_breach")) == 1
    assert (office.record("Deal", record)["stage"], log(office, record)[-1][2]) == ("Lost", "breach")


def automatic(office: Office) -> str:
    ways = [{**PLAN["transitions"][0], "automatic": "2 hours"}, *PLAN["transitions"][1:]]
    apply(office, transitions=ways)
    return deal(office)


def test_an_automatic_transition_is_made_after_its_time(office: Office) -> None:
    record = automatic(office)
    office.until(2 * HOUR - 1)
    assert office.record("Deal", record)["stage"] == "Prospecting"
    office.until(2 * HOUR)
    assert log(office, record)[-1] == ("Prospecting", "Qualification", "automatic", False)


def test_an_automatic_transition_and_a_click_at_the_same_instant_make_one_move(office: Office) -> None:
    record = automatic(office)
    office.clock.set(office.begin + 2 * 3600 * 1_000_000)
    move(office, record, "drop", expected_state="Prospecting")  # the click is first; then the alarm, already due
    office.go()
    assert [m[1] for m in log(office, record)] == ["Prospecting", "Lost"]
    other = deal(office)
    office.until(4 * HOUR)  # the alarm is first
    refused(lambda: move(office, other, "drop", expected_state="Prospecting"), "blueprint.state", 409)
    assert [m[1] for m in log(office, other)] == ["Prospecting", "Qualification"]


def test_while_two_processes_race_an_automatic_transition_and_a_click_one_of_them_moves_the_record(
    office: Office, tmp_path: Path
) -> None:
    office.platform.close()
    office.platform = open_platform(tmp_path, clock=office.clock)
    deals = [automatic(office) for _ in range(30)]
    office.clock.set(office.begin + 2 * 3600 * 1_000_000)
    other = open_platform(tmp_path, clock=office.clock)
    gate, clicked, errors = threading.Barrier(2), dict[str, str](), list[TowpathError]()

    def click() -> None:
        gate.wait()
        for record in deals:
            try:
                blueprints.transition(other, "Deal", record, "drop", expected_state="Prospecting")
                clicked[record] = "Lost"
            except ConflictError as error:
                clicked[record] = error.code

    def ring() -> None:
        gate.wait()
        try:
            office.go()
        except TowpathError as error:  # the thread's end must not hide it
            errors.append(error)

    threads = [threading.Thread(target=work) for work in (click, ring)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.go()
    assert not errors
    for record in deals:
        won = "Lost" if clicked[record] == "Lost" else "Qualification"
        assert [m[1] for m in log(office, record)] == ["Prospecting", won]
        assert clicked[record] in ("Lost", "blueprint.state")
    other.close()


def test_no_alarm_of_a_state_rings_in_the_next_one(office: Office) -> None:
    apply(office, states=LIMITED)
    record = deal(office)
    move(office, record, "qualify")
    office.until(3 * DAY)
    assert (office.said("state_warning"), office.record("Deal", record)["stage"]) == ([], "Qualification")


# Versions


def test_a_new_version_maps_records_by_the_value_of_their_state(office: Office) -> None:
    before = deal(office)
    apply(office)
    assert blueprints.available(office.platform, "Deal", before)["state"] == "Prospecting"
    kept, gone = deal(office), deal(office)
    move(office, gone, "drop")
    fewer = [state for state in PLAN["states"] if state["name"] != "Lost"]
    apply(office, states=fewer, transitions=PLAN["transitions"][:3])
    assert blueprints.available(office.platform, "Deal", kept)["state"] == "Prospecting"
    refused(lambda: blueprints.available(office.platform, "Deal", gone), "blueprint.not_held", 409)
    assert log(office, gone)[-1] == ("Lost", None, "version", False)
    assert [v["version"] for v in blueprints.versions(office.platform, "Sale")] == [2, 1]
    apply(office, states=fewer, transitions=PLAN["transitions"][:3])
    assert len(blueprints.versions(office.platform, "Sale")) == 2


def test_without_its_blueprint_a_record_is_free(office: Office) -> None:
    apply(office)
    record = deal(office)
    definitions.delete_definition(office.platform, "blueprint", "Sale")
    office.update("Deal", record, stage="Won")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"field": "name"}, "blueprint.schema"),
        ({"states": [*PLAN["states"], {"name": "Nowhere"}]}, "blueprint.schema"),
        ({"enter": "amont > 1"}, "schema.unknown_field"),
        ({"initial": ["Prospecting"], "transitions": PLAN["transitions"][2:3]}, "blueprint.schema"),
        ({"transitions": [{"name": "a", "from": "Nowhere", "to": "Won"}]}, "definition.invalid"),
        ({"transitions": [PLAN["transitions"][0]] * 2}, "definition.invalid"),
    ],
)  # fmt: skip
def test_a_blueprint_that_cannot_work_is_refused_before_it_is_in_force(
    office: Office, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(TowpathError) as caught:
        apply(office, **changes)
    assert caught.value.code == code
    records.update(office.platform, "Deal", deal(office), {"stage": "Won"})


def test_records_of_other_objects_pay_nothing_for_a_blueprint(office: Office) -> None:
    apply(office)
    office.platform.store = CountingStore(office.platform.store)
    lead = office.create("Lead", lastName="X", status="New")
    office.update("Lead", lead, status="Open")
    assert not {table for _, table in office.platform.store.statements if table.startswith("blueprint")}


def test_a_thousand_records_come_move_and_leave_with_one_statement_each(office: Office) -> None:
    apply(office, leave=True, enter="amount > 0")
    office.platform.store = CountingStore(office.platform.store)
    rows = [{"name": "Big one", "amount": 100, "stage": "Prospecting"}] * 1000
    assert records.load_rows(office.platform, "Deal", enumerate(rows)).created == 1000
    ids = [row["id"] for row in office.records("Deal")]

    def change(**values: Any) -> None:
        with_run = Cause("test", run="a run")
        in_unit(office.platform, lambda unit: unit.records.update("Deal", ids, [values] * len(ids), with_run))

    change(stage="Qualification")
    change(amount=0)
    written = {kind: n for (kind, table), n in office.platform.store.statements.items()
               if table == STANDING.name and kind != "get"}  # fmt: skip
    assert written == {"insert": 1, "update": 1, "delete": 1}
