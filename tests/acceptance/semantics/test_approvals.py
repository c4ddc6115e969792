"""Approvals, semantics.md §1.7: steps, policies, who may decide, locks, recall, and silence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from tests.acceptance.flows import DAY, HOUR
from tests.acceptance.semantics.office import Office, step
from towpath.errors import AccessError, ConflictError, TowpathError
from towpath.model.approval import ApprovalStep
from towpath.service import approvals, records, tasks


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(
        Head={"role": "Head"},
        Max={},
        Sam={},
        Ann={"role": "Finance"},
        Bob={"role": "Finance"},
        Cid={},
    )
    made.update("User", made.ids["Max"], managerId=made.ids["Head"])
    made.update("User", made.ids["Sam"], managerId=made.ids["Max"])
    yield made
    made.platform.close()


def refused(call: Any, code: str) -> None:
    with pytest.raises(TowpathError) as caught:
        call()
    assert caught.value.code == code, caught.value


# Policies


def test_unanimous_takes_every_answer(office: Office) -> None:
    office.ask(step("Ann", "Bob"))
    office.vote("Ann")
    assert (office.approval["status"], office.outcome) == ("Pending", None)
    office.vote("Bob")
    assert (office.approval["status"], office.outcome) == ("Approved", "approved")


def test_under_unanimous_the_first_rejection_ends_it(office: Office) -> None:
    office.ask(step("Ann", "Bob"))
    office.vote("Bob", "rejected")
    assert (office.approval["status"], office.outcome) == ("Rejected", "rejected")
    assert [task["outcome"] for task in office.tasks("Cancelled")] == ["not needed"]


def test_under_first_one_answer_decides_either_way(office: Office) -> None:
    office.ask(step("Ann", "Bob", policy="first"))
    office.vote("Bob", "rejected")
    assert office.approval["status"] == "Rejected"


def test_a_quorum_takes_so_many_approvals_and_ends_when_they_cannot_come_any_more(office: Office) -> None:
    office.ask(step("Ann", "Bob", "Cid", policy="quorum", quorum=2))
    office.vote("Ann", "rejected")
    assert office.approval["status"] == "Pending"
    office.vote("Bob")
    office.vote("Cid")
    assert office.approval["status"] == "Approved"
    office.ask(step("Ann", "Bob", "Cid", policy="quorum", quorum=2))
    office.vote("Ann", "rejected")
    office.vote("Bob", "rejected")
    assert office.approval["status"] == "Rejected"


def test_a_sequence_asks_one_after_the_other(office: Office) -> None:
    office.ask(step("Cid", "Ann", policy="sequence"))
    assert office.asked() == ["Cid"]
    office.vote("Cid")
    assert office.asked() == ["Ann"]
    office.vote("Ann")
    assert office.approval["status"] == "Approved"


def test_steps_come_one_after_the_other(office: Office) -> None:
    office.ask(step({"manager": 1}, name="manager"), step({"role": "Finance"}, name="finance", policy="first"))
    assert (office.asked(), office.approval["stepName"]) == (["Max"], "manager")
    office.vote("Max")
    assert (office.asked(), office.approval["stepName"]) == (["Ann", "Bob"], "finance")


# The last vote race under first


def test_when_two_answer_at_the_same_instant_under_first_one_decides_and_the_other_is_refused(office: Office) -> None:
    office.ask(step("Ann", "Bob", policy="first"))
    open_tasks = {task["ownerId"]: task["id"] for task in office.tasks()}
    gate, results = threading.Barrier(2), dict[str, str]()

    def answer(name: str, outcome: str) -> None:
        gate.wait()
        try:
            tasks.complete_task(office.platform, open_tasks[office.ids[name]], who=name, outcome=outcome)
            results[name] = outcome
        except ConflictError as error:
            results[name] = error.code

    threads = [threading.Thread(target=answer, args=pair) for pair in (("Ann", "approved"), ("Bob", "rejected"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.go()
    decided = [result for result in results.values() if result in ("approved", "rejected")]
    assert len(decided) == 1
    assert sorted(results.values()) == sorted([decided[0], "task.closed"])
    assert office.outcome == decided[0]


def test_the_second_answer_to_one_task_is_a_conflict(office: Office) -> None:
    office.ask(step("Ann", "Bob"))
    task = office.vote("Ann")
    refused(lambda: tasks.complete_task(office.platform, task["id"], who="Ann", outcome="rejected"), "task.closed")
    assert ConflictError.status == 409


# Who may decide


def test_queues_teams_managers_and_fields_name_approvers(office: Office) -> None:
    team = office.create("Team", name="Board")
    office.create("Queue", name="Quotes", teamId=team)
    office.update("User", office.ids["Cid"], teamId=team)
    office.ask(step({"queue": "Quotes"}))
    assert office.asked() == ["Cid"]
    office.ask(step({"team": "Board"}, {"manager": 2}, {"field": "ownerId"}), ownerId=office.ids["Bob"])
    assert office.asked()[1:] == ["Cid", "Head", "Bob"]


@pytest.mark.parametrize("who", [{"role": "Nobody has it"}, {"user": "Cid"}, {"manager": 3}, {"user": "Sam"}])
def test_empty_inactive_or_the_submitter_means_the_fallback_and_never_an_approval(
    office: Office, who: dict[str, Any]
) -> None:
    office.leave("Cid")
    office.ask(step(who, fallback={"role": "Head"}))
    assert (office.asked(), office.approval["status"]) == (["Head"], "Pending")


def test_without_a_fallback_the_run_fails_and_nothing_is_approved(office: Office) -> None:
    office.leave("Cid")
    office.ask(step("Cid"))
    assert [run.status for run in office.runs()] == ["failed"]
    assert office.outcome is None
    assert office.records("Approval") == []


def test_where_all_must_agree_a_missing_approver_is_replaced_and_not_left_out(office: Office) -> None:
    office.leave("Cid")
    office.ask(step("Ann", "Cid", fallback={"user": "Head"}))
    assert office.asked() == ["Ann", "Head"]
    office.vote("Ann")
    assert office.approval["status"] == "Pending"


def test_the_submitter_cannot_answer_even_if_the_task_is_his(office: Office) -> None:
    office.ask(step("Ann"), submitter="Sam")
    task = office.tasks()[0]
    refused(lambda: tasks.complete_task(office.platform, task["id"], who="Sam", outcome="approved"), "approval.own")


def test_nobody_answers_what_is_asked_of_another(office: Office) -> None:
    office.ask(step("Ann"))
    task = office.tasks()[0]
    refused(lambda: tasks.complete_task(office.platform, task["id"], who="Bob", outcome="approved"), "task.not_yours")


def test_a_write_to_the_task_or_the_approval_decides_nothing(office: Office) -> None:
    asked = office.ask(step("Ann"))
    task = office.tasks()[0]
    forged = {"status": "Completed", "outcome": "approved"}
    refused(lambda: records.update(office.platform, "Task", task["id"], forged), "approval.kept")
    refused(lambda: records.update(office.platform, "Approval", asked["id"], {"status": "Approved"}), "approval.kept")
    vote = {"subject": "x", "approvalId": asked["id"], "approvalRound": 1, **forged}
    refused(lambda: records.create(office.platform, "Task", vote), "approval.kept")
    refused(lambda: records.delete(office.platform, "Task", task["id"]), "approval.kept")
    office.go()
    assert office.approval["status"] == "Pending"


# Delegation and absence


def test_a_delegate_acts_for_the_approver_within_the_period(office: Office) -> None:
    office.update(
        "User", office.ids["Ann"], delegateId=office.ids["Bob"],
        delegateFrom="2026-01-01T00:00Z", delegateUntil="2026-01-10T00:00Z",
    )  # fmt: skip
    office.ask(step("Ann"))
    (task,) = office.tasks()
    assert (task["ownerId"], task["actsForId"]) == (office.ids["Bob"], office.ids["Ann"])
    office.until(11 * DAY)
    office.ask(step("Ann"))
    assert office.asked()[-1] == "Ann"


def test_a_delegation_that_begins_while_the_task_waits_lets_the_delegate_answer_for_the_approver(
    office: Office,
) -> None:
    office.ask(step("Ann"))
    office.update("User", office.ids["Ann"], delegateId=office.ids["Bob"], absentFrom="2026-01-01T00:00Z")
    done = office.vote("Bob", of="Ann")
    assert (done["completedBy"], done["actsForId"]) == (office.ids["Bob"], office.ids["Ann"])
    assert office.outcome == "approved"


def test_the_delegate_of_a_delegate_is_not_asked(office: Office) -> None:
    away = {"absentFrom": "2026-01-01T00:00Z"}
    office.update("User", office.ids["Ann"], delegateId=office.ids["Bob"], **away)
    office.update("User", office.ids["Bob"], delegateId=office.ids["Cid"], **away)
    office.ask(step("Ann", fallback={"user": "Head"}))
    assert office.asked() == ["Head"]


def test_a_delegate_who_is_the_submitter_does_not_decide(office: Office) -> None:
    office.update("User", office.ids["Ann"], delegateId=office.ids["Sam"], absentFrom="2026-01-01T00:00Z")
    office.ask(step("Ann", fallback={"user": "Head"}))
    assert office.asked() == ["Head"]


def test_one_real_person_does_not_decide_twice_for_himself_and_as_a_delegate(office: Office) -> None:
    office.update("User", office.ids["Ann"], delegateId=office.ids["Bob"], absentFrom="2026-01-01T00:00Z")
    office.ask(step("Bob", "Ann", fallback={"user": "Head"}))
    assert office.asked() == ["Bob", "Head"]


def test_an_absent_approver_without_a_delegate_is_replaced(office: Office) -> None:
    office.update("User", office.ids["Ann"], absentFrom="2026-01-01T00:00Z", absentUntil="2026-01-03T00:00Z")
    office.ask(step("Ann", fallback={"user": "Head"}))
    assert office.asked() == ["Head"]


def test_an_approver_deactivated_while_pending_is_replaced_by_the_fallback(office: Office) -> None:
    office.ask(step("Cid", fallback={"user": "Head"}))
    office.leave("Cid")
    assert (office.asked(), office.approval["status"]) == (["Head"], "Pending")
    office.vote("Head")
    assert office.outcome == "approved"


def test_an_approver_deactivated_while_pending_without_fallback_leaves_it_pending_and_people_are_told(
    office: Office,
) -> None:
    office.ask(step("Cid"))
    office.leave("Cid")
    assert office.approval["status"] == "Pending"
    assert "no longer decide" in office.said("approval")[0]
    refused(lambda: office.vote("Cid"), "task.not_active")


# Locks


def test_a_locked_field_cannot_be_edited_and_an_unlocked_one_can(office: Office) -> None:
    office.ask(step("Ann", locks=["discount", "amount"]))
    refused(lambda: office.update("Deal", office.deal, discount=50), "record.locked")
    office.update("Deal", office.deal, description="still editable", nextStep=None)
    refused(lambda: records.delete(office.platform, "Deal", office.deal), "record.locked")
    office.vote("Ann")
    office.update("Deal", office.deal, discount=50)


def test_locks_are_of_the_stage_and_change_with_it(office: Office) -> None:
    office.ask(step("Ann", name="one", locks=["discount"]), step("Bob", name="two", locks=["amount"]))
    refused(lambda: office.update("Deal", office.deal, discount=50), "record.locked")
    office.update("Deal", office.deal, amount=200)
    office.vote("Ann")
    office.update("Deal", office.deal, discount=50)
    refused(lambda: office.update("Deal", office.deal, amount=300), "record.locked")


def test_nested_locks_count_each_owner_gives_up_only_its_own(office: Office) -> None:
    office.ask(step("Ann", locks=["discount"]))
    second = approvals.submit(
        office.platform, "Second", [ApprovalStep.model_validate(step("Bob", locks=["discount"]))],
        object_name="Deal", record=office.deal,
    )  # fmt: skip
    office.vote("Ann")
    refused(lambda: office.update("Deal", office.deal, discount=50), "record.locked")
    approvals.recall(office.platform, second["id"])
    office.update("Deal", office.deal, discount=50)


# Recall, rejection


def test_recall_after_one_of_two_approvals_closes_the_rest_and_unlocks(office: Office) -> None:
    office.ask(step("Ann", "Bob", locks=["discount"]))
    office.vote("Ann")
    office.recall("Sam")
    assert (office.approval["status"], office.outcome) == ("Recalled", "recalled")
    assert [task["status"] for task in office.tasks("Cancelled")] == ["Cancelled"]
    office.update("Deal", office.deal, discount=1)
    refused(lambda: office.recall("Sam"), "approval.closed")


def test_only_the_submitter_may_recall(office: Office) -> None:
    office.ask(step("Ann"))
    with pytest.raises(AccessError):
        office.recall("Bob")


def test_a_rejection_goes_back_to_the_previous_step_where_the_step_says_so(office: Office) -> None:
    office.ask(step("Ann", name="one"), step("Bob", name="two", on_reject="previous"))
    office.vote("Ann")
    office.vote("Bob", "rejected")
    assert (office.asked(), office.approval["stepName"], office.approval["status"]) == (["Ann"], "one", "Pending")
    office.vote("Ann")
    office.vote("Bob")
    assert office.outcome == "approved"


def test_cancelling_the_run_recalls_the_request_and_unlocks(office: Office) -> None:
    office.ask(step("Ann", locks=["discount"]))
    from towpath.service.runs import cancel_run  # noqa: PLC0415

    cancel_run(office.platform, office.runs()[0].id)
    assert office.approval["status"] == "Recalled"
    office.update("Deal", office.deal, discount=1)


# Silence, in business time: the world begins on Thursday 1 January 2026, 00:00 UTC; office hours are 9 to 17


def test_reminders_escalation_and_expiry_come_in_business_time(office: Office) -> None:
    office.ask(
        step(
            "Ann",
            reactions=[
                {"after": "4 business hours", "do": "remind"},
                {"after": "1 business day", "do": "escalate", "to": {"user": "Head"}},
                {"after": "2 business days", "do": "expire"},
            ],
        )
    )
    office.until(13 * HOUR - 1)
    assert office.said("approval") == []
    office.until(13 * HOUR)
    assert office.said("approval") == ["still to decide: Quote"]
    office.until(17 * HOUR)
    assert office.said("approval")[-1] == "nobody has decided yet: Quote"
    office.until(DAY + 17 * HOUR - 1)
    assert office.approval["status"] == "Pending"
    office.until(DAY + 17 * HOUR)
    assert (office.approval["status"], office.outcome) == ("Expired", "expired")
    assert [task["status"] for task in office.tasks("Cancelled")] == ["Cancelled"]


def test_a_request_that_nobody_decides_is_given_to_somebody_else(office: Office) -> None:
    office.ask(step("Ann", reactions=[{"after": "2 hours", "do": "reassign", "to": {"role": "Head"}}]))
    office.until(2 * HOUR)
    assert office.asked() == ["Head"]
    office.vote("Head")
    assert office.outcome == "approved"


# Drafts


def test_a_draft_asks_nobody_until_it_is_sent(office: Office) -> None:
    steps = [ApprovalStep.model_validate(step("Ann"))]
    made = approvals.submit(office.platform, "Later", steps, submitter="Sam", draft=True)
    assert (made["status"], office.asked()) == ("Draft", [])
    approvals.start(office.platform, made["id"])
    assert office.asked() == ["Ann"]
    refused(lambda: approvals.start(office.platform, made["id"]), "approval.closed")


def test_only_who_asks_may_send_his_draft(office: Office) -> None:
    steps = [ApprovalStep.model_validate(step("Ann"))]
    made = approvals.submit(office.platform, "Later", steps, submitter="Sam", draft=True)
    refused(lambda: approvals.start(office.platform, made["id"], who="Bob"), "approval.not_yours")
    assert office.asked() == []
    assert approvals.start(office.platform, made["id"], who="Sam")["status"] == "Pending"


def test_a_step_that_cannot_be_meant_is_refused() -> None:
    for wrong in (step("Ann", policy="quorum"), step({"user": "Ann", "role": "x"}), step("Ann", quorum=2)):
        with pytest.raises(ValidationError):
            ApprovalStep.model_validate(wrong)
