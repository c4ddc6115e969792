"""Mail over a real mail server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from towpath.connectors.smtp import SmtpSender, SmtpSettings
from towpath.ports.effects import Effect


class Box:
    """What the server got; it dislikes some recipients and messages."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 - the server looks for these names
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        if address.startswith("full"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = bytes(envelope.content or b"")
        if b"Subject: spam" in content:
            return "554 spam"
        if b"Subject: crash" in content:
            server.transport.abort()
            return "250 never seen"
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    handler = Box()
    controller = Controller(handler, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)
    controller.port = _free_port()
    controller.start()
    yield handler, controller.port
    controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def sender_to(port: int, **more: Any) -> SmtpSender:
    return SmtpSender(SmtpSettings("127.0.0.1", "Towpath <crm@example.com>", port, "none", timeout=2.0, **more))


def mail(number: int = 1, **request: Any) -> Effect:
    basis = {"to": "ann@example.com", "subject": "Hello", "text": "Welcome"}
    return Effect(f"e{number}", "mail", {**basis, **request}, f"key-{number}")


def parsed(envelope: Envelope) -> EmailMessage:
    found = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_message_arrives_with_its_texts_and_a_message_id_from_its_key(box: tuple[Box, int]) -> None:
    handler, port = box
    request = {
        "to": ["Zoë <zoe@example.com>"], "cc": "bob@example.com, cid@example.com", "bcc": "dan@example.com",
        "reply_to": "sales@example.com", "subject": "Grüße 你好", "text": "Liebe Zoë", "html": "<p>Liebe Zoë</p>",
    }  # fmt: skip
    (answer,) = sender_to(port).send([mail(**request)])
    assert answer.state == "sent"
    (envelope,) = handler.mails
    message = parsed(envelope)
    assert envelope.rcpt_tos == ["zoe@example.com", "bob@example.com", "cid@example.com", "dan@example.com"]
    assert (message["Subject"], message["To"], message["Reply-To"]) == (
        "Grüße 你好", "Zoë <zoe@example.com>", "sales@example.com",
    )  # fmt: skip
    assert message["Message-ID"] == "<key-1@example.com>" == answer.response["messageId"]
    assert message["Bcc"] is None
    bodies = [part.get_content().strip() for part in message.iter_parts()]
    assert bodies == ["Liebe Zoë", "<p>Liebe Zoë</p>"]


def test_a_batch_goes_over_one_connection_and_bad_messages_fail_alone(box: tuple[Box, int]) -> None:
    handler, port = box
    answers = sender_to(port).send([
        mail(1), mail(2, to="nobody@example.com"), mail(3, to="full@example.com"), mail(4, subject="spam"),
        mail(5, subject="a\nBcc: x@example.com"), mail(6, to=["ann@example.com", "nobody@example.com"]), mail(7),
    ])  # fmt: skip
    assert [answer.id for answer in answers] == [f"e{number}" for number in range(1, 8)]
    assert [(answer.state, answer.retryable) for answer in answers] == [
        ("sent", False), ("failed", False), ("failed", True), ("failed", False), ("failed", False), ("sent", False),
        ("sent", False),
    ]  # fmt: skip
    assert "550 no such user" in str(answers[1].error)
    assert answers[5].response["refused"] == {"nobody@example.com": "550 no such user"}
    assert (handler.connections, len(handler.mails)) == (1, 3)


def test_a_connection_lost_while_sending_leaves_the_message_in_doubt_and_the_next_goes_on(box: tuple[Box, int]) -> None:
    handler, port = box
    answers = sender_to(port).send([mail(1, subject="crash"), mail(2)])
    assert [answer.state for answer in answers] == ["unknown", "sent"]
    assert handler.connections == 2


def test_without_a_server_nothing_was_sent_and_it_is_worth_another_try() -> None:
    (answer,) = sender_to(_free_port()).send([mail()])
    assert (answer.state, answer.retryable) == ("failed", True)


def test_a_server_that_offers_no_encryption_gets_nothing_where_encryption_is_wanted(box: tuple[Box, int]) -> None:
    handler, port = box
    sender = SmtpSender(SmtpSettings("127.0.0.1", "crm@example.com", port, "starttls", timeout=2.0))
    assert sender.send([mail()])[0].state == "failed"
    assert not handler.mails


def test_a_password_is_sent_and_never_shown() -> None:
    seen: list[LoginPassword] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append(data)
        return AuthResult(success=data.password == b"secret", handled=False)

    controller = Controller(
        Box(), hostname="127.0.0.1", port=_free_port(), authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    try:
        good = SmtpSettings("127.0.0.1", "crm@example.com", controller.port, "none", "crm", "secret", 2.0)
        bad = SmtpSettings("127.0.0.1", "crm@example.com", controller.port, "none", "crm", "wrong", 2.0)
        assert SmtpSender(good).send([mail()])[0].state == "sent"
        (answer,) = SmtpSender(bad).send([mail()])
        assert (answer.state, answer.retryable) == ("failed", False)
        assert "secret" not in repr(good)
        assert "wrong" not in str(answer)
    finally:
        controller.stop()
    assert seen
