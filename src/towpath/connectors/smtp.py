"""Sends mail through an SMTP server: one connection for a whole batch of messages."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Literal

from towpath.errors import FormatError
from towpath.ports.effects import Answer, Effect
from towpath.ports.mail import compose, recipients


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server. ``sender`` is the author of mails that name none; ``tls`` is how the connection is encrypted."""

    host: str
    sender: str
    port: int = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    ca_file: str | None = None


class SmtpSender:
    """The ``mail`` sender where a mail server is configured."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """Send all; one answer each, in order. A lost connection is made anew for the next message."""
        answers: list[Answer] = []
        server: smtplib.SMTP | None = None
        for effect in effects:
            try:
                message, to = self._message(effect)
                server = server or self._connect()
            except (FormatError, smtplib.SMTPException, OSError) as error:
                answers.append(_not_sent(effect, error))
                continue
            answer, alive = _deliver(server, effect, message, to)
            answers.append(answer)
            if not alive:
                _close(server)
                server = None
        if server is not None:
            _close(server)
        return answers

    def _message(self, effect: Effect) -> tuple[EmailMessage, list[str]]:
        message = compose(effect.request, sender=self._settings.sender, key=effect.key, date=datetime.now(UTC))
        return message, recipients(effect.request)

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.ca_file) if settings.tls != "none" else None
        server: smtplib.SMTP
        if settings.tls == "tls":
            server = smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=context)
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
        try:
            if settings.tls == "starttls":
                server.starttls(context=context)
            if settings.user is not None:
                server.login(settings.user, settings.password or "")
            server.ehlo_or_helo_if_needed()
        except BaseException:
            _close(server)
            raise
        return server


def _deliver(server: smtplib.SMTP, effect: Effect, message: EmailMessage, to: list[str]) -> tuple[Answer, bool]:
    """The answer for one message, and whether the connection can still be used."""
    try:
        refused = _envelope(server, message, to)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return _not_sent(effect, error), _reset(server)
    try:
        code, text = server.data(message.as_bytes())
    except smtplib.SMTPDataError as error:  # the server did not want to see the message
        return _not_sent(effect, error), _reset(server)
    except (smtplib.SMTPException, OSError) as error:
        return Answer(effect.id, "unknown", error=f"the connection was lost while sending: {error}"), False
    if code != 250:
        return _not_sent(effect, smtplib.SMTPDataError(code, text)), _reset(server)
    response = {"messageId": str(message["Message-ID"]), "refused": refused}
    return Answer(effect.id, "sent", response), True


def _envelope(server: smtplib.SMTP, message: EmailMessage, to: list[str]) -> dict[str, str]:
    """Say from whom and to whom; the recipients that the server refuses, with its words. Raises if it wants none."""
    author = message["From"].addresses[0].addr_spec
    international = not all(text.isascii() for text in (author, *to))
    code, text = server.mail(author, ["SMTPUTF8"] if international else [])
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, text, author)
    refused: dict[str, tuple[int, bytes]] = {}
    for recipient in to:
        code, text = server.rcpt(recipient)
        if code not in (250, 251):
            refused[recipient] = (code, text)
    if len(refused) == len(to):
        raise smtplib.SMTPRecipientsRefused(refused)
    return {recipient: _reply(*reply) for recipient, reply in refused.items()}


def _not_sent(effect: Effect, error: Exception) -> Answer:
    """Certainly not sent; worth another try where the server, or the way to it, has a passing trouble."""
    if isinstance(error, FormatError):
        return Answer(effect.id, "failed", error=error.message)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = list(error.recipients.values())
        text = "; ".join(f"{to}: {_reply(*reply)}" for to, reply in error.recipients.items())
        return Answer(effect.id, "failed", error=text, retryable=any(code < 500 for code, _ in replies))
    if isinstance(error, smtplib.SMTPResponseException):
        text = _reply(error.smtp_code, error.smtp_error)
        return Answer(effect.id, "failed", error=text, retryable=error.smtp_code < 500)
    return Answer(effect.id, "failed", error=f"no connection to the mail server: {error}", retryable=_is_passing(error))


def _is_passing(error: Exception) -> bool:
    """Whether a lost or missing connection may be there next time; smtplib's errors are OSErrors, too."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLCertVerificationError)


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}".strip()


def _reset(server: smtplib.SMTP) -> bool:
    """Forget the message that was begun; whether the connection is alive."""
    try:
        return server.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _close(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
