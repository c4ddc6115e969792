"""Mails that are written to a folder instead of being sent."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

from towpath.connectors.outbox_file import OutboxFileSender
from towpath.ports.effects import Effect


def test_a_mail_becomes_a_file_that_a_mail_program_can_open(tmp_path: Path) -> None:
    request = {"to": "ann@example.com", "subject": "Hello", "text": "Welcome"}
    sender = OutboxFileSender(tmp_path / "mails")
    answers = sender.send([Effect("e1", "mail", request, "key-1"), Effect("e2", "mail", request, "../evil")])
    assert [answer.state for answer in answers] == ["sent", "sent"]
    assert sorted(path.name for path in (tmp_path / "mails").iterdir()) == ["---evil.eml", "key-1.eml"]
    message = message_from_bytes((tmp_path / "mails" / "key-1.eml").read_bytes(), policy=policy.default)
    assert (message["To"], message["Message-ID"]) == ("ann@example.com", "<key-1@localhost.invalid>")


def test_a_mail_that_is_written_twice_is_there_once(tmp_path: Path) -> None:
    effect = Effect("e1", "mail", {"to": "ann@example.com", "subject": "Hello", "text": "Welcome"}, "key-1")
    sender = OutboxFileSender(tmp_path)
    sender.send([effect])
    sender.send([effect])
    assert len(list(tmp_path.iterdir())) == 1


def test_a_mail_without_a_recipient_fails_alone(tmp_path: Path) -> None:
    (answer,) = OutboxFileSender(tmp_path).send([Effect("e1", "mail", {"to": [], "subject": "x", "text": "y"}, "k")])
    assert (answer.state, answer.error) == ("failed", "the mail has no recipient")
    assert not list(tmp_path.iterdir())
