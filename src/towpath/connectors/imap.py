"""Reads a mailbox over IMAP4rev1: what is not seen yet, and marks as seen what has been taken in."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from towpath.errors import EffectError

MAX_BYTES = 25_000_000


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where the mailbox is. With ``tls`` "none" the password goes over the wire in clear: for a server on this host."""

    host: str
    user: str
    password: str
    port: int = 993
    tls: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"
    timeout: float = 30.0


class ImapInbox:
    """The unseen mails of one folder, oldest first."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings

    def fetch(self, limit: int) -> list[tuple[str, bytes]]:
        """At most ``limit`` unseen mails, each with its UID; fetching marks nothing. EffectError when it cannot."""
        with self._connected() as server:
            found = self._ask(server.uid("SEARCH", "UNSEEN"))
            uids = b" ".join(part for part in found if isinstance(part, bytes)).split()[:limit]
            return [(uid.decode("ascii"), self._message(server, uid)) for uid in uids]

    def done(self, key: str) -> None:
        """The mail is taken in: it is marked as seen."""
        with self._connected() as server:
            self._ask(server.uid("STORE", key, "+FLAGS.SILENT", r"(\Seen)"))

    def _message(self, server: imaplib.IMAP4, uid: bytes) -> bytes:
        parts = self._ask(server.uid("FETCH", uid.decode("ascii"), f"(BODY.PEEK[]<0.{MAX_BYTES + 1}>)"))
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    @contextmanager
    def _connected(self) -> Iterator[imaplib.IMAP4]:
        settings = self._settings
        try:
            server = self._open()
            try:
                self._ask(server.login(settings.user, settings.password))
                self._ask(server.select(settings.folder))
                yield server
            finally:
                with suppress(imaplib.IMAP4.error, OSError):
                    server.logout()
        except (imaplib.IMAP4.error, OSError, socket.gaierror) as error:
            raise EffectError(
                f"the mailbox of {settings.host} cannot be read: {error}", code="mail.imap",
                hint="Look at TOWPATH_IMAP_HOST, _PORT, _TLS, _USER, _PASSWORD and _FOLDER.",
                params={"host": settings.host},
            ) from None  # fmt: skip

    def _open(self) -> imaplib.IMAP4:
        settings = self._settings
        if settings.tls == "tls":
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=settings.timeout)
        server = imaplib.IMAP4(settings.host, settings.port, timeout=settings.timeout)
        if settings.tls == "starttls":
            server.starttls(ssl.create_default_context())
        return server

    def _ask(self, answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
        status, data = answer
        if status != "OK":
            raise imaplib.IMAP4.error(f"the server says {status}")
        return data
