"""Mail messages: addresses in all common forms, and nothing that smuggles in a header."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.errors import FormatError
from towpath.ports.mail import address, addresses, compose, recipients

DATE = datetime(2026, 3, 2, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("text", "name", "spec"),
    [
        ("ann@example.com", "", "ann@example.com"),
        (" Ann Lee <ann@example.com> ", "Ann Lee", "ann@example.com"),
        ('"Lee, Ann" <ann@example.com>', "Lee, Ann", "ann@example.com"),
        ("Zoë <z@bücher.example>", "Zoë", "z@bücher.example"),
    ],
)
def test_an_address_is_understood(text: str, name: str, spec: str) -> None:
    found = address(text)
    assert (found.display_name, found.addr_spec) == (name, spec)


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@example.com", "ann@", "a b@example.com", "a@b@c", "a..b@example.com", "a@x.de\nBcc: b@x.de", "<>"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(FormatError) as error:
        address(text)
    assert error.value.code == "mail.invalid"


def test_several_addresses_in_one_text() -> None:
    assert [a.addr_spec for a in addresses('"Lee, Ann" <ann@x.de>, bob@x.de')] == ["ann@x.de", "bob@x.de"]


def test_every_recipient_counts_once() -> None:
    request = {"to": "a@x.de, b@x.de", "cc": ["b@x.de"], "bcc": "c@x.de"}
    assert recipients(request) == ["a@x.de", "b@x.de", "c@x.de"]
    with pytest.raises(FormatError):
        recipients({"to": [f"a{n}@x.de" for n in range(101)]})


@given(subject=TEXT, text=TEXT, name=TEXT)
def test_no_text_adds_a_header_or_gets_lost(subject: str, text: str, name: str) -> None:
    request = {"to": [f"{name} <ann@x.de>"], "subject": subject, "text": text}
    try:
        data = compose(request, sender="crm@x.de", key="k", date=DATE).as_bytes()
    except FormatError:
        return
    message = message_from_bytes(data, policy=policy.default)
    assert message.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    ]  # fmt: skip
    assert [a.addr_spec for a in message["To"].addresses] == ["ann@x.de"]
    assert message["Message-ID"] == "<k@x.de>"
