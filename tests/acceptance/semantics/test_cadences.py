"""Cadences: several steps of outreach that stop on reply, meeting or opt-out, within the limits of their mailbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from typing import Any

import pytest

from tests.acceptance.flows import DAY, HOUR, workflow
from tests.acceptance.semantics.office import Office
from towpath.ports.effects import Answer, Effect
from towpath.service import definitions
from towpath.service.inbound_mail import receive

STEPS = [
    {"subject": "First", "text": "Hello"},
    {"after": "2 days", "kind": "task", "subject": "Call"},
    {"after": "1 day", "subject": "Second", "text": "Still there?"},
]


class Mailbox:
    """Takes every mail that leaves, with the day at which it did."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.got: list[tuple[float, Mapping[str, Any]]] = []

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """All arrive."""
        self.got += [(self.office.elapsed / DAY, effect.request) for effect in effects]
        return [Answer(e.id, "sent", {"messageId": f"<{e.key}@crm.example.com>"}) for e in effects]

    @property
    def subjects(self) -> list[str]:
        return [request["subject"] for _, request in self.got]


class Outreach(Office):
    """An office that writes to leads."""

    def __init__(self, **params: Any) -> None:
        super().__init__(Ann={})
        self.mailbox = Mailbox(self)
        self.platform.senders = {"mail": self.mailbox}
        cadence = {"to": "{{ $json.email }}", "steps": STEPS, "wait": "2 days", **params}
        outcomes = ("finished", "replied", "met", "opted_out")
        nodes: dict[str, Any] = {
            "new": ("trigger.record", {"object": "Lead", "on": ["created"]}),
            "write": ("mail.cadence", cadence),
            **{o: ("crm.update", {"object": "Lead", "fields": {"quality": o}}) for o in outcomes},
        }
        self.publish(workflow(nodes, "new > write", *(f"write:{o} > {o}" for o in outcomes)))

    def lead(self, **values: Any) -> str:
        """A lead to write to."""
        given = {"lastName": "Lee", "email": "lee@example.com", "ownerId": self.ids["Ann"], **values}
        made = self.create("Lead", **given)
        self.go()
        return made

    def ended(self, lead: str) -> str | None:
        """How the cadence ended."""
        quality: str | None = self.record("Lead", lead)["quality"]
        return quality


@pytest.fixture
def office() -> Iterator[Outreach]:
    made = Outreach()
    yield made
    made.platform.close()


def test_all_steps_are_done_in_time_when_nobody_answers(office: Outreach) -> None:
    lead = office.lead()
    office.until(10 * DAY)
    assert [(day, request["subject"]) for day, request in office.mailbox.got] == [(0, "First"), (3, "Second")]
    assert [task["subject"] for task in office.tasks()] == ["Call"]
    assert office.ended(lead) == "finished"
    assert (office.runs()[0].ended_at or 0) == office.begin + 5 * DAY * 1_000_000


def test_a_reply_stops_it_before_the_next_step(office: Outreach) -> None:
    lead = office.lead()
    office.until(DAY)
    answer = EmailMessage()
    answer["From"], answer["Subject"] = "lee@example.com", "Re: First"
    answer["In-Reply-To"] = f"<{office.outbox()[0]['key']}@crm.example.com>"
    answer.set_content("Yes, please")
    done = receive(office.platform, bytes(answer))
    office.go()
    assert (done.object, done.record, office.ended(lead)) == ("Lead", lead, "replied")
    office.until(10 * DAY)
    assert (office.mailbox.subjects, office.tasks(), office.records("Case")) == (["First"], [], [])


def test_who_writes_anew_instead_of_answering_has_answered_too(office: Outreach) -> None:
    lead = office.lead()
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Lee <LEE@example.com>", "About your offer"
    mail.set_content("Hello")
    assert receive(office.platform, bytes(mail)).record == lead
    office.go()
    assert office.ended(lead) == "replied"


def test_a_meeting_stops_it(office: Outreach) -> None:
    lead = office.lead()
    office.until(DAY)
    office.create("Activity", subject="Coffee", type="Meeting", relatedObject="Lead", relatedId=lead)
    office.go()
    assert office.ended(lead) == "met"


def test_an_opt_out_stops_it_at_once(office: Outreach) -> None:
    lead = office.lead()
    office.until(DAY)
    office.update("Lead", lead, doNotEmail=True)
    office.go()
    assert office.ended(lead) == "opted_out"
    office.until(10 * DAY)
    assert office.mailbox.subjects == ["First"]


def test_who_wants_no_mail_gets_no_first_one(office: Outreach) -> None:
    lead = office.lead(doNotEmail=True)
    assert (office.ended(lead), office.mailbox.got) == ("opted_out", [])


def test_a_meeting_before_the_cadence_does_not_stop_it(office: Outreach) -> None:
    other = office.create("Activity", subject="Old", type="Meeting")
    office.until(HOUR)
    lead = office.lead()
    office.update("Activity", other, relatedObject="Lead", relatedId=lead)
    office.until(10 * DAY)
    assert office.ended(lead) == "finished"


def test_steps_are_counted_in_business_time() -> None:
    office = Outreach(steps=[STEPS[0], {"after": "1 business day", "subject": "Second", "text": "x"}])
    office.lead()  # Thursday at midnight: the first business day ends at 17:00 that day
    office.until(5 * DAY)
    assert [day * 24 for day, _ in office.mailbox.got] == [0, 17]
    office.platform.close()


def test_a_mailbox_sends_only_so_many_a_day_and_the_rest_waits() -> None:
    office = Outreach(sender="ann@example.com", steps=[STEPS[0]])
    definitions.apply_definition(
        office.platform, {"kind": "mail", "name": "Sales", "mailboxes": {"ann@example.com": {"per_day": 2}}}
    )
    leads = [office.lead(email=f"l{n}@example.com") for n in range(5)]
    office.until(10 * DAY)
    assert [day for day, _ in office.mailbox.got] == [0, 0, 1, 1, 2]
    assert {office.ended(lead) for lead in leads} == {"finished"}
    office.platform.close()
