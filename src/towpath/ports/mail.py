"""Mail messages (RFC 5322) from the requests of ``mail.send``: addresses and headers are checked, nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import Any, Protocol

from towpath.errors import EffectError, FormatError

MAX_RECIPIENTS = 100
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_KEY = re.compile(r"[^A-Za-z0-9._-]")


def compose(request: Mapping[str, Any], *, sender: str, key: str, date: datetime) -> EmailMessage:
    """The message of a request: ``to``, ``subject``, ``text`` or ``html``, perhaps ``cc``, ``reply_to``, ``sender``.

    ``sender`` is the author where the request names none; the Message-ID follows from ``key``, so that a message that
    goes out twice can be told. Blind copies are recipients but no header. Raises FormatError ``mail.invalid``.
    """
    message = EmailMessage(policy=SMTP)
    author = address(request.get("sender") or sender)
    message["From"] = author
    for name, field in (("To", "to"), ("Cc", "cc"), ("Reply-To", "reply_to")):
        found = addresses(request.get(field) or ())
        if found:
            message[name] = found
    message["Subject"] = header_line(str(request.get("subject") or ""))
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{_KEY.sub('-', key)}@{author.domain.encode('idna').decode()}>"
    message["Auto-Submitted"] = "auto-generated"
    text, html = request.get("text"), request.get("html")
    message.set_content(str(text if text is not None or html else ""))
    if html:
        if text is None:
            message.set_content(str(html), subtype="html")
        else:
            message.add_alternative(str(html), subtype="html")
    return message


def recipients(request: Mapping[str, Any]) -> list[str]:
    """The addresses that a request goes to, blind copies included, each once. Raises FormatError ``mail.invalid``."""
    found = [a.addr_spec for field in ("to", "cc", "bcc") for a in addresses(request.get(field) or ())]
    unique = list(dict.fromkeys(found))
    if not unique:
        raise _invalid("the mail has no recipient", "Give an address in 'to'.")
    if len(unique) > MAX_RECIPIENTS:
        raise _invalid(f"the mail has {len(unique)} recipients, more than {MAX_RECIPIENTS}", "Send one mail to each.")
    return unique


def addresses(value: str | Iterable[str]) -> list[Address]:
    """Addresses from a list of texts, or from one text with commas between them."""
    if isinstance(value, str):
        pairs = getaddresses([header_line(value)])
        parts = [f"{name} <{spec}>" if name else spec for name, spec in pairs] if pairs else [value]
    else:
        parts = list(value)
    return [address(part) for part in parts]


def address(text: str) -> Address:
    """One address, with or without a name: ``Ann Lee <ann@example.com>``. Raises FormatError ``mail.invalid``."""
    line = header_line(text).strip()
    name, _, rest = line.rpartition("<") if line.endswith(">") else ("", "", line)
    spec = rest.removesuffix(">").strip() if line.endswith(">") else line
    if not _ADDRESS.fullmatch(spec) or spec.startswith(".") or ".." in spec:
        raise _invalid(f"{text[:100]!r} is not a mail address", "Write name@example.com or Name <name@example.com>.")
    user, _, domain = spec.rpartition("@")
    return Address(name.strip().strip('"'), user, domain)


def header_line(text: str) -> str:
    """The text, if it may stand in a header: a line break in it could smuggle in another header."""
    if _CONTROL.search(text):
        raise _invalid("a line break or control character in an address or subject", "Remove it from the value.")
    return text


def _invalid(message: str, hint: str) -> FormatError:
    return FormatError(message, code="mail.invalid", hint=hint)


def not_sent(answer: Mapping[str, Any]) -> EffectError:
    """The error of a mail that did not leave, from what the outbox says of it."""
    return EffectError(
        f"the mail was not sent: {answer.get('error') or 'the mail server gave no reason'}",
        code="mail.failed",
        hint="Check the address and the mail server's settings, then retry the run from this step.",
        retryable=bool(answer.get("retryable")),
        retry_after=answer.get("retry_after"),
    )


class Inbox(Protocol):
    """A mailbox that mails are taken from."""

    def fetch(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """At most so many mails that have not been taken in, each with a key of its own. EffectError when it cannot."""
        ...

    def done(self, key: str) -> None:
        """The mail is on disk here, and need not come again."""
        ...
