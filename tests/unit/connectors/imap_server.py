"""A small IMAP4rev1 server over a socket: one folder, real commands, real literals."""

from __future__ import annotations

import re
import socketserver
import threading
from typing import Self


class _Handler(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        mailbox: ImapServer = self.server.mailbox  # type: ignore[attr-defined]
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode("ascii").strip().partition(" ")
            word, _, rest = rest.partition(" ")
            if word.upper() == "UID":
                word, _, rest = rest.partition(" ")
            mailbox.asked.append(word.upper())
            answer = getattr(self, f"_{word.lower()}", None)
            if answer is None:
                self._say(f"{tag} BAD unknown".encode())
            elif answer(mailbox, rest):
                self._say(f"{tag} OK done".encode())
            else:
                self._say(f"{tag} NO refused".encode())
            if word.upper() == "LOGOUT":
                return

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def _capability(self, _mailbox: ImapServer, _rest: str) -> bool:
        self._say(b"* CAPABILITY IMAP4rev1")
        return True

    def _login(self, mailbox: ImapServer, rest: str) -> bool:
        return [part.strip('"') for part in rest.split()] == [mailbox.user, mailbox.password]

    def _select(self, mailbox: ImapServer, _rest: str) -> bool:
        self._say(f"* {len(mailbox.messages)} EXISTS".encode())
        return True

    def _search(self, mailbox: ImapServer, _rest: str) -> bool:
        unseen = [str(uid) for uid in sorted(mailbox.messages) if uid not in mailbox.seen]
        self._say(f"* SEARCH {' '.join(unseen)}".encode())
        return True

    def _fetch(self, mailbox: ImapServer, rest: str) -> bool:
        uid = int(rest.split(maxsplit=1)[0])
        body = mailbox.messages[uid]
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(body)}}}\r\n".encode() + body + b")\r\n")
        if "PEEK" not in rest:
            mailbox.seen.add(uid)
        return True

    def _store(self, mailbox: ImapServer, rest: str) -> bool:
        found = re.match(r"(\d+) \+FLAGS", rest)
        if found and "Seen" in rest:
            mailbox.seen.add(int(found[1]))
        return found is not None

    def _logout(self, _mailbox: ImapServer, _rest: str) -> bool:
        self._say(b"* BYE")
        return True


class ImapServer:
    """A mailbox with messages by UID; ``seen`` are those that were marked, ``asked`` the commands that came."""

    def __init__(self, user: str = "support", password: str = "secret") -> None:
        self.user, self.password = user, password
        self.messages: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.asked: list[str] = []
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.mailbox = self  # type: ignore[attr-defined]
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def add(self, message: bytes) -> int:
        """A message comes in; its UID."""
        uid = len(self.messages) + 1
        self.messages[uid] = message
        return uid

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
