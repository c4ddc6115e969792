"""Mails as they come in: RFC 5322 bytes to what a CRM asks of them. Nothing in a mail is trusted, or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message, MIMEPart
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser
from mimetypes import guess_extension

from towpath.errors import FormatError

MAX_BYTES = 25_000_000
MAX_TEXT = 100_000  # characters of a body that are kept
MAX_IDS = 100
_ID = re.compile(r"<([^<>\s]{1,400})>")
_QUOTE = re.compile(
    r"^\s*(>|-{2,}\s*original message|_{10,}|on .{3,200} wrote:|am .{3,200} schrieb|在.{3,200}写道[：:])",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment: what the sender calls it, its type and its bytes. The name is only data."""

    name: str
    type: str
    data: bytes

    @property
    def size(self) -> int:
        """Its bytes, counted."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class InboundMail:
    """One mail. Ids are without angle brackets, in lower case; ``reply`` is the text above what it quotes."""

    message_id: str | None
    references: tuple[str, ...]
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    reply: str
    automatic: bool
    attachments: tuple[Part, ...]


def read_mail(raw: bytes) -> InboundMail:
    """Read a mail. FormatError ``mail.unreadable`` for what has no sender, ``mail.too_large`` for what is too large."""
    if len(raw) > MAX_BYTES:
        raise FormatError(
            f"the mail has {len(raw)} bytes, more than {MAX_BYTES}", code="mail.too_large",
            params={"bytes": len(raw), "limit": MAX_BYTES},
        )  # fmt: skip
    try:
        message = message_from_bytes(raw, policy=policy.default)
        return _read(message)
    except FormatError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _unreadable(f"the mail cannot be read: {error}") from None


def _read(message: EmailMessage) -> InboundMail:
    name, sender = parseaddr(_header(message, "From"))
    if "@" not in sender:
        raise _unreadable("the mail has no sender")
    text, attachments = _parts(message)
    found = _QUOTE.search(text)
    ids = _ID.findall(_header(message, "References")) + _ID.findall(_header(message, "In-Reply-To"))
    own = _ID.findall(_header(message, "Message-ID"))
    to = getaddresses([_header(message, name) for name in ("To", "Cc", "Delivered-To")])
    return InboundMail(
        own[0].lower() if own else None,
        tuple(dict.fromkeys(each.lower() for each in ids[-MAX_IDS:])),
        sender.lower(),
        name[:200],
        tuple(dict.fromkeys(address.lower() for _, address in to if "@" in address))[:MAX_IDS],
        " ".join(_header(message, "Subject").split())[:500],
        text[:MAX_TEXT],
        (text[: found.start()] if found else text).strip()[:MAX_TEXT],
        _is_automatic(message),
        tuple(attachments),
    )


def _parts(message: EmailMessage) -> tuple[str, list[Part]]:
    """The text, plain before HTML, and the attachments."""
    plain: list[str] = []
    html: list[str] = []
    attachments: list[Part] = []
    for part in _leaves(message):
        kind, name = part.get_content_type(), part.get_filename()
        shown = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"
        if shown and name is None:
            (plain if kind == "text/plain" else html).append(_decoded(part))
        else:
            attachments.append(Part(name or _named(kind), kind, _bytes_of(part)))
    text = "\n".join(plain) if any(each.strip() for each in plain) else _text_of("\n".join(html))
    return text.replace("\r\n", "\n").strip(), attachments


def _leaves(message: MIMEPart) -> Iterator[MIMEPart]:
    """The parts with content of their own; a mail that is attached to a mail is one of them."""
    for part in message.iter_parts() if message.is_multipart() else [message]:
        if part is message or part.get_content_type() == "message/rfc822" or not part.is_multipart():
            yield part
        else:
            yield from _leaves(part)


def _named(kind: str) -> str:
    """What a part without a name is called."""
    return "attachment" + (".eml" if kind == "message/rfc822" else guess_extension(kind) or "")


def _bytes_of(part: MIMEPart) -> bytes:
    attached = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(attached, list):
        return b"".join(message.as_bytes() for message in attached if isinstance(message, Message))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: MIMEPart) -> str:
    data = _bytes_of(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a character set that nobody knows
        return data.decode("utf-8", "replace")


def _is_automatic(message: EmailMessage) -> bool:
    """An answer by a machine, a bounce or a mailing: it must not start a conversation of machines (RFC 3834)."""
    submitted = _header(message, "Auto-Submitted").lower()
    precedence = _header(message, "Precedence").lower()
    return (
        (submitted not in ("", "no"))
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or _header(message, "Return-Path").strip() == "<>"
        or bool(_header(message, "List-Id"))
        or message.get_content_type() == "multipart/report"
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name) or "")


class _Text(HTMLParser):
    """The text of a page, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in ("script", "style", "head"):
            self._hidden += 1
        elif tag in ("p", "br", "div", "tr", "li", "blockquote"):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head") and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _text_of(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).splitlines())
    return "\n".join(line for line in lines if line)


def _unreadable(text: str) -> FormatError:
    return FormatError(text, code="mail.unreadable", hint="Send the whole message as it came in (message/rfc822).")
