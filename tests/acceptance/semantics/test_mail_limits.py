"""Outbound rules for mail, semantics.md §1.10: consent, quiet hours, hourly caps and limits of each mailbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from tests.acceptance.flows import DAY, HOUR, workflow
from tests.acceptance.semantics.office import Office
from towpath.errors import TowpathError
from towpath.ports.effects import Answer, Effect
from towpath.service import definitions


class Mailbox:
    """Takes every mail that leaves, with the hour at which it did."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.got: list[tuple[float, Mapping[str, Any]]] = []

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """All arrive."""
        self.got += [(self.office.elapsed / HOUR, effect.request) for effect in effects]
        return [Answer(effect.id, "sent") for effect in effects]

    @property
    def hours(self) -> list[float]:
        return [hour for hour, _ in self.got]


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    made.mailbox = Mailbox(made)  # type: ignore[attr-defined]
    made.platform.senders = {"mail": made.mailbox}  # type: ignore[attr-defined]
    yield made
    made.platform.close()


def apply(office: Office, **policy: Any) -> None:
    definitions.apply_definition(office.platform, {"kind": "mail", "name": "Customers", **policy})


def publish(office: Office, **params: Any) -> None:
    mail = {"to": "{{ $json.email }}", "subject": "News", "text": "News", **params}
    office.publish(
        workflow(
            {
                "new": ("trigger.record", {"object": "Lead", "on": ["created"]}),
                "mail": ("mail.send", mail),
                "sent": ("crm.update", {"object": "Lead", "fields": {"quality": "mailed"}}),
                "refused": ("crm.update", {"object": "Lead", "fields": {"quality": "refused"}}),
            },
            "new > mail", "mail:sent > sent", "mail:refused > refused",
        )
    )  # fmt: skip


def leads(office: Office, count: int) -> list[str]:
    made = [office.create("Lead", lastName=f"N{n}", email=f"lead{n}@example.com") for n in range(count)]
    office.go()
    return made


def hours(office: Office) -> list[float]:
    found: list[float] = office.mailbox.hours  # type: ignore[attr-defined]
    return found


def test_in_quiet_hours_a_mail_waits_for_the_morning(office: Office) -> None:
    apply(office, quiet="20:00-08:00")
    publish(office)
    leads(office, 2)  # at midnight
    assert hours(office) == []
    office.until(DAY)
    assert hours(office) == [8, 8]


def test_a_mail_that_people_cannot_refuse_leaves_at_once(office: Office) -> None:
    apply(office, quiet="20:00-08:00", per_hour=1)
    publish(office, consent_field=None)
    leads(office, 3)
    assert hours(office) == [0, 0, 0]


def test_over_the_cap_mails_wait_for_the_next_hours_and_none_is_lost(office: Office) -> None:
    apply(office, per_hour=3)
    publish(office)
    made = leads(office, 8)
    office.until(DAY)
    assert hours(office) == [0, 0, 0, 1, 1, 1, 2, 2]
    assert {office.record("Lead", lead)["quality"] for lead in made} == {"mailed"}


def test_each_mailbox_has_its_own_limits(office: Office) -> None:
    apply(office, mailboxes={"Ann@example.com": {"per_hour": 1, "per_day": 2}, "*": {"per_hour": 5}})
    publish(office, sender="{{ $json.lastName == 'N0' ? 'bob@example.com' : 'ann@example.com' }}")
    leads(office, 5)
    office.until(3 * DAY)
    assert hours(office) == [0, 0, 1, 24, 25]


def test_who_refuses_mail_while_it_waits_gets_none(office: Office) -> None:
    apply(office, quiet="20:00-08:00")
    publish(office)
    first, second = leads(office, 2)
    office.until(2 * HOUR)
    office.update("Lead", first, doNotEmail=True)
    office.until(DAY)
    assert len(hours(office)) == 1
    assert (office.record("Lead", first)["quality"], office.record("Lead", second)["quality"]) == ("refused", "mailed")


def test_no_mail_leaves_on_a_quiet_day(office: Office) -> None:
    apply(office, quiet_days=["thu", "sat", "sun"])
    publish(office)
    leads(office, 1)  # on Thursday
    office.until(3 * DAY)
    assert hours(office) == [24]


def test_what_a_mail_says_of_consent_does_not_leave_with_it(office: Office) -> None:
    publish(office)
    leads(office, 1)
    assert "about" not in office.mailbox.got[0][1]  # type: ignore[attr-defined]


def test_quiet_hours_that_never_end_are_refused(office: Office) -> None:
    with pytest.raises(TowpathError) as caught:
        apply(office, quiet="00:00-24:00")
    assert caught.value.code == "definition.invalid"
