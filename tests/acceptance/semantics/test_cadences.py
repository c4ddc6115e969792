"""Cadences: several steps of outreach that stop on reply, meeting or opt-out, within the limits of their mailbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from typing import Any

import pytest

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import DAY, HOUR, workflow
from tests.acceptance.semantics.office import Office
from towpath.app import open_platform
from towpath.model.change import Cause
from towpath.ports.effects import Answer, Effect
from towpath.service import definitions, runs
from towpath.service.inbound_mail import receive
from towpath.service.unit import in_unit

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


# Many people in one run


class Campaign(Office):
    """An office whose one run writes to many leads; what came of each stands in the lead."""

    def __init__(self, size: int = 1000, *, one_run: bool = True, **settings: Any) -> None:
        super().__init__()
        if size != 1000:
            self.platform.close()
            self.platform = open_platform(memory=True, clock=self.clock, batch_size=size, next_size=size)
        self.mailbox = Mailbox(self)
        self.platform.senders = {"mail": self.mailbox}
        steps = [STEPS[0], {"after": "1 day", "kind": "task", "subject": "Call"}, {**STEPS[2], "after": "1 day"}]
        cadence = {"object": "Lead", "to": "{{ $json.email }}", "steps": steps, "wait": "2 days"}
        own = {"object": "Lead", "id": "{{ $json.id }}", "fields": {"quality": "{{ $json.cadence.outcome }}"}}
        start = ("trigger.manual", {}) if one_run else ("trigger.record", {"object": "Lead"})
        nodes = {"go": start, "write": ("mail.cadence", cadence), "note": ("crm.update", own)}
        ways = [f"write:{outcome} > note" for outcome in ("finished", "replied", "met", "opted_out")]
        self.publish(workflow(nodes, "go > write", *ways, name="Campaign", start_brake=1_000_000, **settings))
        self.one_run = one_run

    def write_to(self, count: int) -> list[str]:
        """So many leads, in one run or each in a run of its own; every seventh wants no mail."""
        rows = [{"lastName": str(n), "email": f"l{n}@example.com", "doNotEmail": n % 7 == 0} for n in range(count)]
        made = in_unit(self.platform, lambda unit: unit.records.create("Lead", rows, Cause("test", bulk=True)))
        if self.one_run:
            self.start([dict(lead) for lead in made], "Campaign")
        self.go()
        return [str(lead["id"]) for lead in made]

    def story(self, leads: list[str]) -> Any:
        """What each got and when, which tasks there are, and how it ended."""
        got = sorted((day, request["to"], request["subject"]) for day, request in self.mailbox.got)
        place = {lead: number for number, lead in enumerate(leads)}
        calls = sorted(place[task["relatedId"]] for task in self.tasks())
        return got, calls, [self.record("Lead", lead)["quality"] for lead in leads]


def played(office: Campaign, count: int) -> Any:
    """Days with answers, meetings and refusals on the way."""
    leads = office.write_to(count)
    office.until(0.5 * DAY)
    office.create("Activity", subject="Coffee", type="Meeting", relatedObject="Lead", relatedId=leads[1])
    office.go()
    office.until(1.5 * DAY)
    mail = {"subject": "Yes", "type": "Email", "direction": "Inbound", "relatedObject": "Lead", "relatedId": leads[2]}
    office.create("Activity", **mail)
    office.update("Lead", leads[3], doNotEmail=True)
    office.go()
    office.until(10 * DAY)
    found = office.story(leads)
    assert {run.status for run in office.runs()} == {"completed"}
    office.platform.close()
    return found


def test_a_run_writes_to_many_people_and_each_of_them_leaves_when_it_is_over_with_him() -> None:
    office = Campaign()
    leads = office.write_to(5)
    assert office.mailbox.subjects == ["First"] * 4
    assert office.story(leads)[2] == ["opted_out", None, None, None, None]
    office.until(0.5 * DAY)
    office.create("Activity", subject="Coffee", type="Meeting", relatedObject="Lead", relatedId=leads[2])
    office.go()
    assert office.story(leads)[2] == ["opted_out", None, "met", None, None], "nobody waits for the others"
    office.until(10 * DAY)
    assert office.story(leads)[2] == ["opted_out", "finished", "met", "finished", "finished"]
    assert [day for day, _ in office.mailbox.got] == [0] * 4 + [2] * 3
    assert [run.status for run in office.runs()] == ["completed"]
    office.platform.close()


@pytest.mark.parametrize("size", [7, 1000])
def test_many_people_are_written_to_as_one_by_one_in_one_run_or_many_whatever_the_batch(size: int) -> None:
    alone = played(Campaign(1, one_run=False), 30)
    assert played(Campaign(size, one_run=False), 30) == alone
    assert played(Campaign(size), 30) == alone


def test_a_person_without_an_address_fails_the_run_and_the_others_are_written_to_all_the_same() -> None:
    office = Campaign()
    leads = [office.create("Lead", lastName=name, email=mail) for name, mail in (("A", "a@x.co"), ("B", "b@x.co"))]
    items = [{"id": leads[0], "email": "a@x.co"}, {"id": leads[1], "email": "nowhere"}]
    run = office.start(items, "Campaign")
    assert (office.status(run), [request["to"] for _, request in office.mailbox.got]) == ("failed", ["a@x.co"])
    runs.retry_run(office.platform, run, items=[{"id": leads[1], "email": "b@x.co"}])
    office.until(10 * DAY)
    assert office.story(leads)[2] == ["finished", "finished"]
    assert sorted(request["to"] for _, request in office.mailbox.got) == ["a@x.co", "a@x.co", "b@x.co", "b@x.co"]
    office.platform.close()


def test_five_hundred_people_in_one_run_cost_a_few_statements() -> None:
    office = Campaign()
    leads = office.write_to(500)
    store = CountingStore(office.platform.store)
    office.platform.store = store
    office.until(1 * DAY)
    assert len(office.tasks("Open")) >= 50
    assert store.statements["insert", "crm_task"] == 1
    on_records = {key: count for key, count in store.statements.items() if key[1].startswith("crm_")}
    assert sum(on_records.values()) <= 10, on_records
    office.until(10 * DAY)
    assert {office.record("Lead", lead)["quality"] for lead in leads[:8]} == {"finished", "opted_out"}
    office.platform.close()


def test_the_data_of_many_people_in_one_step_are_kept_together() -> None:
    office = Campaign(log="all")
    office.write_to(8)
    office.until(10 * DAY)
    (run,) = office.runs()
    kept = [row["data"] for row in office.show(run.id).data if row["node"] == "write"]
    assert [len(data["in"][0]) for data in kept] == [2, 6]
    assert [len(data["out"][port]) for data, port in zip(kept, ("3", "0"), strict=True)] == [2, 6]
    office.platform.close()


def test_what_is_written_to_many_people_may_name_the_item_of_another_node_and_all_that_came() -> None:
    office = Office()
    mailbox = Mailbox(office)
    office.platform.senders = {"mail": mailbox}
    subject = "{{ $('go').item.json.nick + ' ' + $input.all().length + ' ' + $input.item.json.nick }}"
    cadence = {"object": "Lead", "to": "{{ $json.email }}", "steps": [{"subject": subject}]}
    nodes = {"go": ("trigger.manual", {}), "write": ("mail.cadence", cadence)}
    nodes["said"] = ("notify.log", {"text": "{{ $('write').all().length + ' ' + $('write').item.json.nick }}"})
    office.publish(workflow(nodes, "go > write", "write:finished > said"))
    people = {name: office.create("Lead", lastName=name, email=f"{name}@x.co") for name in ("a", "b", "c")}
    office.start([{"id": lead, "email": f"{name}@x.co", "nick": name.upper()} for name, lead in people.items()])
    assert mailbox.subjects == ["A 3 A", "B 3 B", "C 3 C"]
    office.until(10 * DAY)
    assert office.said() == ["3 A", "3 B", "3 C"]
    office.platform.close()
