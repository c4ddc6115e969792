"""Tasks and forms: whose inbox they are in, what a form asks, who may take them, and what happens when nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from tests.acceptance.flows import HOUR, workflow
from tests.acceptance.semantics.office import Office
from towpath.crm.answer_link import LINK
from towpath.engine.tables import OUTBOX
from towpath.errors import InputError, TowpathError, WorkflowError
from towpath.ports.effects import Answer, Effect
from towpath.service import answer_links, tasks

FORM = {
    "type": "object",
    "properties": {
        "amount": {"type": "number", "minimum": 0},
        "mail": {"type": "string", "format": "email"},
        "address": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
    "required": ["amount"],
}


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(Head={}, Ann={"role": "Finance"}, Bob={"role": "Finance"}, Cid={})
    yield made
    made.platform.close()


class Mailbox:
    """Takes every mail that leaves."""

    def __init__(self) -> None:
        self.got: list[Mapping[str, Any]] = []

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """All arrive."""
        self.got += [effect.request for effect in effects]
        return [Answer(effect.id, "sent") for effect in effects]


def give(office: Office, **params: Any) -> dict[str, Any]:
    """A run gives somebody a task: the task."""
    nodes = {"work": ("people.task", {"subject": "Check", **params}), "done": ("notify.log", {"text": "done"})}
    late = ("notify.log", {"text": "too late"})
    office.publish(workflow({**nodes, "late": late}, "work > done", "work:timeout > late"))
    office.start([{"n": 1}])
    found: dict[str, Any] = office.tasks()[-1]
    return found


def refused(call: Any, code: str) -> TowpathError:
    with pytest.raises(TowpathError) as caught:
        call()
    assert caught.value.code == code, caught.value
    return caught.value


def test_the_inbox_has_what_is_mine_and_what_waits_for_my_team_queues_and_role(office: Office) -> None:
    team = office.create("Team", name="Back office")
    office.create("Queue", name="Checks", teamId=team)
    office.update("User", office.ids["Ann"], teamId=team)
    for name, params in {
        "mine": {"assignee": "Ann"}, "team": {"team": "Back office"}, "queue": {"queue": "Checks"},
        "role": {"role": "Finance"}, "nobody's": {"assignee": "Cid"},
    }.items():  # fmt: skip
        give(office, **params, subject=name)
    inbox = tasks.inbox(office.platform, "Ann")
    shown = {place: [task["subject"] for task in listed] for place, listed in inbox.items()}
    assert shown == {"mine": ["mine"], "team": ["team"], "queue": ["queue"], "role": ["role"]}
    assert [task["subject"] for task in tasks.list_tasks(office.platform, queue="Checks")] == ["queue"]


def test_only_who_has_the_role_may_take_what_waits_for_it(office: Office) -> None:
    task = give(office, role="Finance")
    refused(lambda: tasks.claim_task(office.platform, task["id"], "Cid"), "task.not_yours")
    assert tasks.claim_task(office.platform, task["id"], "Bob")["ownerId"] == office.ids["Bob"]
    refused(lambda: tasks.claim_task(office.platform, task["id"], "Ann"), "task.claimed")


def test_who_may_not_take_a_task_may_not_complete_it_either(office: Office) -> None:
    task = give(office, role="Finance")
    refused(lambda: tasks.complete_task(office.platform, task["id"], who="Cid"), "task.not_yours")
    tasks.claim_task(office.platform, task["id"], "Bob")
    refused(lambda: tasks.complete_task(office.platform, task["id"], who="Ann"), "task.claimed")
    assert tasks.complete_task(office.platform, task["id"], who="Bob")["completedBy"] == office.ids["Bob"]


def test_a_lane_of_a_role_gives_its_tasks_to_that_role(office: Office) -> None:
    document = workflow({"work": ("people.task", {"subject": "Check"}, {"lane": "money"})})
    document["lanes"] = {"money": {"name": "Money", "kind": "role", "assignee": "Finance"}}
    office.publish(document)
    office.start([{}])
    assert (office.tasks()[0]["role"], office.tasks()[0]["ownerId"]) == ("Finance", None)


def test_a_lane_of_a_role_asks_its_members_to_approve(office: Office) -> None:
    document = workflow({"ask": ("people.approve", {"subject": "Quote"}, {"lane": "money"})})
    document["lanes"] = {"money": {"name": "Money", "kind": "role", "assignee": "Finance"}}
    office.publish(document)
    office.start([{}])
    assert office.asked() == ["Ann", "Bob"]


def test_a_form_that_is_not_filled_in_as_it_asks_is_refused_with_every_fault_by_field(office: Office) -> None:
    task = give(office, assignee="Ann", form=FORM)
    answer = {"amount": -1, "mail": "nobody", "address": {}}
    error = refused(lambda: tasks.complete_task(office.platform, task["id"], response=answer), "task.form_incomplete")
    assert error.params["fields"] == ["address.city", "amount", "mail"]
    assert office.tasks()[0]["status"] == "Open"
    done = tasks.complete_task(office.platform, task["id"], response={"amount": 5, "address": {"city": "Rome"}})
    office.go()
    assert (done["response"]["amount"], office.said()) == (5, ["done"])


def test_an_empty_answer_fills_no_required_field_in(office: Office) -> None:
    task = give(office, assignee="Ann", form=FORM)
    answer = {"amount": ""}
    error = refused(lambda: tasks.complete_task(office.platform, task["id"], response=answer), "task.form_incomplete")
    assert error.params["fields"] == ["amount"]


@pytest.mark.parametrize("form", [{"type": "objekt"}, {"type": "array"}, {"properties": {"a": {"$ref": "http://x/y"}}}])
def test_a_form_that_is_no_schema_or_asks_elsewhere_is_found_before_anything_runs(form: dict[str, Any]) -> None:
    office = Office()
    with pytest.raises(WorkflowError) as caught:
        office.publish(workflow({"work": ("people.task", {"subject": "x", "form": form})}))
    assert "node.form" in {problem.code for problem in caught.value.problems}


def test_a_task_handed_on_is_open_again_for_the_other(office: Office) -> None:
    task = give(office, assignee="Ann")
    tasks.claim_task(office.platform, task["id"], "Ann")
    handed = tasks.reassign_task(office.platform, task["id"], to="Bob")
    assert (handed["status"], handed["ownerId"], handed["claimedAt"]) == ("Open", office.ids["Bob"], None)
    refused(lambda: tasks.reassign_task(office.platform, task["id"]), "task.reassign")


def test_a_task_is_due_in_business_time(office: Office) -> None:
    task = give(office, assignee="Ann", due="4 business hours")  # on Thursday at midnight; the office opens at nine
    assert task["dueAt"] == "2026-01-01T13:00:00.000Z"


def test_a_task_that_nobody_does_is_reminded_of_escalated_and_given_to_others(office: Office) -> None:
    give(
        office, assignee="Ann",
        reactions=[
            {"after": "1 business hour", "do": "remind"},
            {"after": "2 business hours", "do": "escalate", "to": {"user": "Head"}},
            {"after": "3 business hours", "do": "reassign", "to": {"role": "Finance"}},
            {"after": "4 business hours", "do": "expire"},
        ],
    )  # fmt: skip
    office.until(10 * HOUR)
    assert office.said("task") == ["still to do: Check"]
    office.until(11 * HOUR)
    assert office.said("task")[-1] == "nobody has done yet: Check"
    office.until(12 * HOUR)
    assert (office.tasks()[0]["ownerId"], office.tasks()[0]["role"]) == (None, "Finance")
    office.until(13 * HOUR)
    assert (office.tasks("Cancelled")[0]["outcome"], office.said()) == ("expired", ["done"])


def test_no_reminder_comes_after_the_task_is_done(office: Office) -> None:
    task = give(office, assignee="Ann", reactions=[{"after": "1 hour", "do": "remind"}])
    tasks.complete_task(office.platform, task["id"])
    office.until(10 * HOUR)
    assert office.said("task") == []


# Mails with links


def test_a_mail_tells_the_owner_and_neither_outbox_nor_store_has_the_token(office: Office) -> None:
    mailbox = Mailbox()
    office.platform.base_url, office.platform.senders = "https://crm.example.com", {"mail": mailbox}
    task = give(office, assignee="Ann", mail=True)
    token = str(mailbox.got[0]["text"]).partition("https://crm.example.com/answer/")[2].strip()
    stored = office.platform.store.read(lambda tx: [*tx.select(LINK), *tx.select(OUTBOX)])
    assert mailbox.got[0]["to"] == "ann@example.com"
    assert len(token) > 40
    assert token not in str(stored)
    assert answer_links.answer(office.platform, token, "done")["id"] == task["id"]


def test_a_task_handed_on_is_mailed_to_the_other(office: Office) -> None:
    mailbox = Mailbox()
    office.platform.senders = {"mail": mailbox}
    task = give(office, assignee="Ann", mail=True)
    tasks.reassign_task(office.platform, task["id"], to="Bob")
    office.go()
    assert [mail["to"] for mail in mailbox.got] == ["ann@example.com", "bob@example.com"]


def test_a_link_answers_once_and_the_second_answer_is_a_conflict(office: Office) -> None:
    task = give(office, assignee="Ann")
    token = answer_links.link_for(office.platform, task["id"], "Ann")
    assert answer_links.linked_task(office.platform, token)["status"] == "Open"  # looking changes nothing
    done = answer_links.answer(office.platform, token, "done")
    assert done["completedBy"] == office.ids["Ann"]
    refused(lambda: answer_links.answer(office.platform, token, "done"), "task.closed")
    refused(lambda: answer_links.answer(office.platform, token[:-1] + "x", "done"), "task.unknown_link")


def test_an_approval_by_link_is_checked_like_any_other(office: Office) -> None:
    document = workflow({"ask": ("people.approve", {"subject": "Quote", "approver": "Ann", "submitter": "Cid"})})
    office.publish(document)
    office.start([{}])
    (task,) = office.tasks()
    token = answer_links.link_for(office.platform, task["id"], "Cid")
    refused(lambda: answer_links.answer(office.platform, token, "approved"), "approval.own")
    with pytest.raises(InputError):
        answer_links.answer(office.platform, answer_links.link_for(office.platform, task["id"], "Ann"), "maybe")
