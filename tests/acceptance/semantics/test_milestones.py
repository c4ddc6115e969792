"""Case handling: milestones by priority and entitlement, pause while waiting, the ladder, and reopening."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import DAY, HOUR, MINUTE
from tests.acceptance.semantics.office import Office
from towpath.crm.warm import WarmRecords
from towpath.errors import TowpathError
from towpath.service import definitions, milestones, records

POLICY: dict[str, Any] = {
    "kind": "milestones",
    "name": "Support",
    "pause": 'status in ["Pending", "On Hold"]',
    "milestones": [
        {
            "name": "First response", "kept": "firstResponseAt != null", "due": "dueAt",
            "targets": [
                {"when": 'priority == "Critical" and entitlement == "Gold"', "within": "30 business min"},
                {"when": 'priority == "High"', "within": "2 business hours"},
                {"within": "4 business hours"},
            ],
            "ladder": [
                {"at": 0.5}, {"at": 0.75, "tell": {"role": "Lead"}},
                {"at": 1, "give": {"team": "Tier 2"}, "set": {"breached": True}},
            ],
        },
        {"name": "Solution", "kept": 'status in ["Solved", "Closed"]', "targets": [{"within": "2 business days"}]},
    ],
}  # fmt: skip


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(Ann={}, Lea={"role": "Lead"})
    made.create("Team", name="Tier 2")
    definitions.apply_definition(made.platform, POLICY)
    made.until(9 * HOUR)  # Thursday 1 January 2026, when the office opens
    yield made
    made.platform.close()


def case(office: Office, **values: Any) -> str:
    made = office.create("Case", **{"subject": "It does not work", "ownerId": office.ids["Ann"], **values})
    office.go()
    return made


def clock(office: Office, record: str, name: str = "First response") -> dict[str, Any]:
    return next(each for each in milestones.clocks(office.platform, record) if each["milestone"] == name)


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"priority": "Critical", "entitlement": "Gold"}, "09:30"), ({"priority": "High"}, "11:00"),
        ({"priority": "Critical"}, "13:00"), ({}, "13:00"),
    ],
)  # fmt: skip
def test_the_target_depends_on_priority_and_entitlement(office: Office, values: dict[str, Any], due: str) -> None:
    record = case(office, **values)
    assert office.record("Case", record)["dueAt"] == f"2026-01-01T{due}:00.000Z"


def test_a_case_of_the_evening_is_due_on_the_next_business_day(office: Office) -> None:
    office.until(16 * HOUR)
    record = case(office)
    assert clock(office, record)["due"] == "2026-01-02T12:00:00.000Z"


def test_the_ladder_warns_the_owner_then_the_lead_then_gives_the_case_away(office: Office) -> None:
    record = case(office)
    office.until(11 * HOUR)
    assert [n.partition(" of")[0] for n in office.said("milestone")] == ["50%"]
    office.until(12 * HOUR)
    assert [n.partition(" of")[0] for n in office.said("milestone")] == ["50%", "75%"]
    office.until(13 * HOUR)
    assert len(office.said("milestone_breach")) == 1
    given = office.record("Case", record)
    assert (given["breached"], given["ownerId"], given["teamId"] is not None) == (True, None, True)
    assert clock(office, record)["breached"]


def test_an_answer_stops_the_clock_and_the_ladder(office: Office) -> None:
    record = case(office)
    office.until(10 * HOUR)
    office.update("Case", record, firstResponseAt="2026-01-01T10:00:00Z")
    office.until(DAY)
    assert (office.said("milestone"), clock(office, record)["state"]) == ([], "kept")
    assert (clock(office, record)["used"], clock(office, record)["breached"]) == (3600, False)
    assert office.record("Case", record)["dueAt"] is None


def test_the_clock_stands_still_while_the_customer_is_waited_for(office: Office) -> None:
    record = case(office)
    office.until(10 * HOUR)
    office.update("Case", record, status="Pending")
    assert (clock(office, record)["state"], clock(office, record)["due"]) == ("paused", None)
    office.until(DAY + 10 * HOUR)  # over a whole business day
    office.update("Case", record, status="Open")
    assert clock(office, record)["due"] == "2026-01-02T13:00:00.000Z"  # three of four hours were left
    assert office.said("milestone") == []
    office.until(DAY + 13 * HOUR)
    assert len(office.said("milestone_breach")) == 1


def test_another_priority_keeps_what_is_used_unless_the_policy_begins_anew(office: Office) -> None:
    record = case(office)
    office.until(10 * HOUR)
    office.update("Case", record, priority="High")
    assert clock(office, record)["due"] == "2026-01-01T11:00:00.000Z"
    definitions.apply_definition(office.platform, {**POLICY, "restart": True})
    other = case(office)
    office.until(10.5 * HOUR)
    office.update("Case", other, priority="High")
    assert clock(office, other)["due"] == "2026-01-01T12:30:00.000Z"


def test_a_case_that_is_reopened_has_a_new_clock(office: Office) -> None:
    record = case(office)
    office.until(10 * HOUR)
    office.update("Case", record, status="Solved")
    assert clock(office, record, "Solution")["state"] == "kept"
    office.until(11 * HOUR)
    office.update("Case", record, status="Open")
    again = clock(office, record, "Solution")
    assert (again["state"], again["rounds"], again["used"]) == ("running", 2, 0)


def test_a_milestone_counts_by_its_own_calendar(office: Office) -> None:
    around = {"kind": "calendar", "name": "Always", "weekly": dict.fromkeys(
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")}  # fmt: skip
    definitions.apply_definition(office.platform, around)
    first = {**POLICY["milestones"][0], "calendar": "Always"}
    definitions.apply_definition(office.platform, {**POLICY, "milestones": [first]})
    office.until(20 * HOUR)
    assert clock(office, case(office))["due"] == "2026-01-02T00:00:00.000Z"


def test_a_deleted_case_promises_nothing(office: Office) -> None:
    record = case(office)
    records.delete(office.platform, "Case", record)
    office.until(DAY)
    assert (milestones.clocks(office.platform, record), office.said("milestone_breach")) == ([], [])


def test_a_thousand_cases_cost_a_few_statements_more(office: Office) -> None:
    office.platform.store = CountingStore(office.platform.store)
    statements, counts = office.platform.store.statements, []
    for number in (10, 1000):
        statements.clear()
        loaded = records.load_rows(office.platform, "Case", enumerate([{"subject": "x"}] * number))
        assert loaded.created == number
        counts.append(sum(statements.values()))
    assert counts[1] <= counts[0] + 2
    office.until(9 * HOUR + 30 * MINUTE)


def test_many_clocks_that_are_due_together_are_climbed_with_one_look_and_one_write(office: Office) -> None:
    loaded = records.load_rows(office.platform, "Case", enumerate([{"subject": "x"}] * 50))
    assert loaded.created == 50
    office.platform.warm = WarmRecords()
    office.platform.store = CountingStore(office.platform.store)
    office.until(11 * HOUR)
    assert len(office.said("milestone")) == 50
    statements = office.platform.store.statements
    assert statements["get", "crm_case"] == 1
    assert statements["update", "milestone_clock"] == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"pause": "stauts == 1"}, "schema.unknown_field"), ({"milestones": []}, "definition.invalid")],
)
def test_a_policy_that_cannot_work_is_refused(office: Office, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(TowpathError) as caught:
        definitions.apply_definition(office.platform, {**POLICY, **changes})
    assert caught.value.code == code
