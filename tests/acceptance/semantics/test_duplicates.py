"""Duplicates, semantics.md §1.10: normal forms, actions, exact keys, merging with redirect."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.flows import DAY, workflow
from tests.acceptance.semantics.office import Office, step
from towpath.crm.duplicates.normal import company, mail, phone
from towpath.errors import ConflictError, TowpathError
from towpath.formats.csv_text.reading import read_csv
from towpath.model.approval import ApprovalStep
from towpath.service import approvals, definitions, duplicates, records
from towpath.service.load import load_csv
from towpath.service.records import load_rows

RULE: dict[str, Any] = {
    "kind": "duplicates",
    "name": "Same lead",
    "object": "Lead",
    "match": [
        {"field": "email", "as": "mail", "weight": 100},
        {"field": "phone", "as": "phone", "weight": 60},
        {"field": "company", "as": "company", "weight": 40, "similar": 0.85},
        {"field": "lastName", "as": "text", "weight": 40},
    ],
    "limit": 80,
}


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(Ann={}, Sam={})
    yield made
    made.platform.close()


def apply(office: Office, **changes: Any) -> None:
    definitions.apply_definition(office.platform, {**RULE, **changes})


def lead(office: Office, **values: Any) -> str:
    return office.create("Lead", **{"lastName": "Adams", **values})


def refused(call: Any, code: str) -> TowpathError:
    with pytest.raises(TowpathError) as caught:
        call()
    assert caught.value.code == code, caught.value
    return caught.value


def pairs(office: Office) -> list[tuple[str, str, float]]:
    return [(p["record"], p["other"], p["score"]) for p in duplicates.list_pairs(office.platform)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Acme Inc.", "acme"), ("ACME, Incorporated", "acme"), ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        ("S.A. Dupont S.A.", "dupont"), ("Limited", "limited"), ("  ", None), ("北京数据有限公司", "北京数据"),
    ],
)  # fmt: skip
def test_a_company_is_compared_without_its_legal_form(text: str, form: str | None) -> None:
    assert company(text) == form


def test_mail_and_phone_have_one_form() -> None:
    assert mail("  Ann.Lee@Example.COM ") == "ann.lee@example.com"
    assert {phone(text, "DE") for text in ("030 123456", "+49 30 123456", "0049 (30) 12-34-56")} == {"+4930123456"}


def test_block_refuses_the_second_and_names_the_first(office: Office) -> None:
    apply(office, action="block")
    first = lead(office, email="ann@example.com")
    error = refused(lambda: lead(office, email=" ANN@example.com", lastName="Other"), "record.duplicate")
    assert (error.params["records"], error.status) == ([first], 409)


def test_blank_values_match_nothing(office: Office) -> None:
    apply(office, action="block", exact=["email"])
    lead(office, lastName="Adams")
    lead(office, lastName="Adams")
    lead(office, lastName="Baker", email=None, company=None)
    assert pairs(office) == []


def test_fuzzy_fields_add_up_to_the_limit(office: Office) -> None:
    apply(office, action="report")
    first = lead(office, company="Contoso International Inc", lastName="Adams")
    second = lead(office, company="Contosso International", lastName="adams")
    lead(office, company="Contoso International", lastName="Baker")  # 40 of 80
    assert pairs(office) == [(second, first, 80.0)]


def test_warn_refuses_until_the_matches_seen_are_confirmed(office: Office) -> None:
    apply(office, action="warn")
    lead(office, email="ann@example.com")
    again = {"lastName": "Adams", "email": "ann@example.com"}
    error = refused(lambda: records.create(office.platform, "Lead", again), "record.maybe_duplicate")
    refused(lambda: records.create(office.platform, "Lead", again, confirm="made up"), "record.maybe_duplicate")
    records.create(office.platform, "Lead", again, confirm=error.params["confirm"])
    assert len(office.records("Lead")) == 2
    refused(
        lambda: records.create(office.platform, "Lead", again, confirm=error.params["confirm"]),
        "record.maybe_duplicate",
    )


def test_merge_into_fills_in_the_record_that_is_there(office: Office) -> None:
    apply(office, action="merge_into", survivors={"city": "newest"})
    first = lead(office, email="ann@example.com", city="Rome", title="CEO")
    second = lead(office, email="ANN@example.com", city="Oslo", title="CFO", phone="555 1234")
    assert second == first
    found = office.record("Lead", first)
    assert (found["city"], found["title"], found["phone"] is not None) == ("Oslo", "CEO", True)
    assert len(office.records("Lead")) == 1


def test_link_saves_and_ties_them_together(office: Office) -> None:
    apply(office, action="link")
    first, second = lead(office, email="a@example.com"), lead(office, email="a@example.com")
    assert [(p["record"], p["other"], p["linked"]) for p in duplicates.list_pairs(office.platform)] == [
        (second, first, True)
    ]


def test_an_edit_is_judged_only_if_a_compared_field_changed(office: Office) -> None:
    apply(office, action="block")
    lead(office, email="a@example.com")
    other = lead(office, email="b@example.com")
    office.update("Lead", other, city="Rome")
    refused(lambda: office.update("Lead", other, email="A@example.com"), "record.duplicate")
    office.update("Lead", other, email="c@example.com")
    lead(office, email="b@example.com", lastName="Free again")


def test_a_deleted_record_is_nobodys_duplicate(office: Office) -> None:
    apply(office, action="block", exact=["email"])
    first = lead(office, email="a@example.com")
    records.delete(office.platform, "Lead", first)
    lead(office, email="a@example.com")
    refused(lambda: records.undelete(office.platform, "Lead", first), "record.duplicate")


def test_a_duplicate_inside_one_import_is_caught(office: Office) -> None:
    apply(office, action="block", exact=["email"])
    rows = [{"lastName": f"N{n}", "email": f"lead{n % 500}@example.com"} for n in range(1000)]
    loaded = load_rows(office.platform, "Lead", enumerate(rows))
    assert (loaded.created, len(loaded.errors)) == (500, 500)
    assert {error.code for _, error in loaded.errors} == {"record.duplicate"}
    again = load_rows(office.platform, "Lead", enumerate(rows))
    assert (again.created, len(again.errors)) == (0, 1000)


def test_an_import_shows_no_warnings_but_lists_what_it_found(office: Office) -> None:
    apply(office, action="warn")
    loaded = load_rows(office.platform, "Lead", enumerate([{"lastName": "A", "email": "a@example.com"}] * 3))
    assert (loaded.created, len(pairs(office))) == (3, 3)


def test_two_threads_with_the_same_mail_make_one_record(tmp_path: Path) -> None:
    from tests.acceptance.timers_world import open_on  # noqa: PLC0415
    from towpath.storage.system import VirtualClock  # noqa: PLC0415

    platforms = [open_on(tmp_path / "towpath.db", VirtualClock()) for _ in range(2)]
    definitions.apply_definition(platforms[0], {**RULE, "exact": ["email"], "action": "block"})
    gate, results = threading.Barrier(8), list[str]()

    def save(number: int) -> None:
        gate.wait()
        try:
            values = {"lastName": f"N{number}", "email": "Ann@example.com"}
            results.append(str(records.create(platforms[number % 2], "Lead", values)["id"]))
        except ConflictError as error:
            results.append(error.code)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("record.duplicate") == 7
    assert len(records.find(platforms[0], "Lead")) == 1
    for platform in platforms:
        platform.close()


def test_a_rule_put_in_force_lists_the_duplicates_that_are_there(office: Office) -> None:
    first, second = lead(office, email="a@example.com"), lead(office, email="a@example.com")
    apply(office, exact=["email"])
    assert pairs(office) == [(second, first, 140.0)]
    refused(lambda: lead(office, email="a@example.com", lastName="Third"), "record.duplicate")


# Merging


def merge(office: Office, *ids: str, **more: Any) -> dict[str, Any]:
    done = duplicates.merge(office.platform, "Lead", ids, **more)
    office.go()
    return done


def test_a_merge_keeps_the_oldest_id_and_moves_children_and_leaves_a_redirect(office: Office) -> None:
    apply(office)
    first = lead(office, email="a@example.com", city=None, title="CEO")
    second = lead(office, email="a@example.com", city="Oslo", title="CFO")
    member = office.create("CampaignMember", campaignId=office.create("Campaign", name="C"), leadId=second)
    task = office.create("Task", subject="Call", relatedObject="Lead", relatedId=second)
    done = merge(office, second, first)
    assert (done["record"]["id"], done["merged"], done["moved"]) == (first, [second], {"CampaignMember": 1, "Task": 1})
    assert (done["record"]["city"], done["record"]["title"]) == ("Oslo", "CEO")
    assert office.record("CampaignMember", member)["leadId"] == first
    assert office.record("Task", task)["relatedId"] == first
    assert office.record("Lead", second)["id"] == first
    assert pairs(office) == []


def test_a_redirect_leads_on_to_where_the_record_is_in_the_end(office: Office) -> None:
    one, two, three = (lead(office, lastName=name) for name in "ABC")
    merge(office, two, three)
    merge(office, one, two)
    assert office.record("Lead", three)["id"] == one
    office.update("Lead", three, city="Rome")
    assert office.record("Lead", one)["city"] == "Rome"


def test_a_run_that_waits_for_a_merged_record_goes_on_with_the_one_that_stayed(office: Office) -> None:
    office.publish(
        workflow(
            {
                "new": ("trigger.record", {"object": "Lead", "on": ["created"]}),
                "wait": ("wait.event", {"object": "Lead", "condition": 'status == "Qualified"', "timeout": "9 days"}),
                "note": ("crm.update", {"object": "Lead", "fields": {"quality": "{{ $json.lastName }}"}}),
                "late": ("crm.update", {"object": "Lead", "fields": {"quality": "late"}}),
            },
            "new > wait", "wait > note", "wait:timeout > late",
        )
    )  # fmt: skip
    first, second = lead(office), lead(office, lastName="Other")
    office.go()
    merge(office, first, second)
    assert {run.status for run in office.runs()} == {"waiting"}
    office.until(DAY)
    office.update("Lead", first, status="Qualified")
    office.go()
    assert {run.status for run in office.runs()} == {"completed"}
    assert {run.record for run in office.runs()} == {first}
    assert office.record("Lead", first)["quality"] in ("Adams", "Other")


def test_a_merge_during_a_pending_approval_takes_the_approval_and_its_locks_along(office: Office) -> None:
    first, second = lead(office, city="Rome"), lead(office, city="Oslo")
    steps = [ApprovalStep.model_validate(step("Ann", locks=["city"]))]
    asked = approvals.submit(office.platform, "Move?", steps, submitter="Sam", object_name="Lead", record=second)
    merged = merge(office, first, second)["record"]
    assert merged["city"] == "Oslo"  # the value that is decided about
    assert office.record("Approval", asked["id"])["relatedId"] == first
    refused(lambda: office.update("Lead", first, city="Bonn"), "record.locked")
    office.vote("Ann")
    assert office.approval["status"] == "Approved"
    office.update("Lead", first, city="Bonn")


def test_two_pending_decisions_about_two_values_stop_the_merge(office: Office) -> None:
    ids = [lead(office, city=city) for city in ("Rome", "Oslo")]
    for each in ids:
        steps = [ApprovalStep.model_validate(step("Ann", locks=["city"]))]
        approvals.submit(office.platform, "Move?", steps, object_name="Lead", record=each)
    refused(lambda: merge(office, *ids), "merge.locked")
    assert len(office.records("Lead")) == 2


def test_timers_of_a_merged_record_follow_the_date_that_stays(office: Office) -> None:
    trigger = ("trigger.date_field", {"object": "Deal", "field": "closeDate", "offset": "-1 day"})
    office.publish(workflow({"due": trigger, "log": ("notify.log", {"text": "due"})}, "due > log"))
    first = office.create("Deal", name="A")
    second = office.create("Deal", name="A", closeDate="2026-01-10")
    duplicates.merge(office.platform, "Deal", [first, second])
    office.until(20 * DAY)
    assert [run.record for run in office.runs()] == [first]


def test_a_merge_of_one_or_of_what_is_not_there_is_refused(office: Office) -> None:
    one = lead(office)
    refused(lambda: merge(office, one), "merge.count")
    refused(lambda: merge(office, one, "nothing"), "record.not_found")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"match": [{"field": "emial", "as": "mail", "weight": 90}]}, "schema.unknown_field"),
        ({"exact": ["city"]}, "definition.invalid"),
        ({"limit": 1000}, "definition.invalid"),
        ({"match": [{"field": "lastName", "weight": 90}]}, "definition.invalid"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(office: Office, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(TowpathError) as caught:
        apply(office, **changes)
    assert caught.value.code == code


def test_records_that_are_one_already_are_not_merged_into_nothing(office: Office) -> None:
    one, two, three = (lead(office, lastName=name) for name in "ABC")
    merge(office, one, two)
    merge(office, one, three)
    refused(lambda: merge(office, two, three), "merge.already")
    assert office.record("Lead", two)["id"] == one


def test_a_duplicate_inside_one_csv_file_is_left_out_and_told_by_its_row(office: Office) -> None:
    apply(office, action="block", exact=["email"])
    text = read_csv([b"lastName,email\nAdams,a@example.com\nBaker,b@example.com\nAdams, A@Example.com\n"])
    report = load_csv(office.platform, "Lead", text)
    assert (report.created, [row.line for row in report.refused]) == (2, [4])


def test_a_child_that_was_saved_while_its_parent_was_merged_is_moved_a_minute_later(office: Office) -> None:
    first, second = (office.create("Account", name=name) for name in "AB")
    child = office.create("Contact", lastName="Lee", accountId=second)
    duplicates.merge(office.platform, "Account", [first, second])
    plan = office.platform.catalogue.plan("Contact")  # as a transaction writes that saw the parent before the merge
    office.platform.store.write(lambda tx: tx.update(plan.table, ("accountId",), [(second, child)]))
    office.until(61)
    assert office.record("Contact", child)["accountId"] == first
