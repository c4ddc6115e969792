"""Sessions: 256 random bits in a cookie, kept as a hash, ended by signing out, by time, or with the account."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from towpath.errors import NotFoundError
from towpath.identity.tables import ACCOUNT, SESSION
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.service.access import Actor
from towpath.service.platform import Platform
from towpath.service.tokens import token_hash

DAY = 24 * 60 * 60 * SECOND
IDLE = 7 * DAY  # a session that nobody uses for so long has ended
LONGEST = 30 * DAY  # and any session after so long
SEEN_EVERY = 5 * 60 * SECOND  # how exactly the last use is known


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: its hash, who it belongs to, and the word that pages send with every change (CSRF)."""

    hash: str
    actor: Actor
    csrf: str

    def says(self, word: str | None) -> bool:
        """Whether a change comes from one of our own pages."""
        return word is not None and hmac.compare_digest(word.encode(), self.csrf.encode())


def open_session(tx: Transaction, account: str, now: int, *, agent: str = "", address: str = "") -> str:
    """A new session of the account; the secret for its cookie, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    row = (token_hash(secret), account, secrets.token_urlsafe(32), now, now, now + LONGEST, agent[:200], address)
    columns = ("hash", "account", "csrf", "created_at", "seen_at", "expires_at", "agent", "address")
    tx.insert(SESSION, columns, [row])
    tx.update(ACCOUNT, ("signed_in_at",), [(now, account)])
    return secret


def find_session(platform: Platform, secret: str) -> Session | None:
    """The session of a cookie, if it is open and its account active."""
    hashed, now = token_hash(secret), platform.clock.now()

    def work(tx: Any) -> tuple[Session, int] | None:
        rows = tx.get(SESSION, [hashed], ("account", "csrf", "seen_at", "expires_at"))
        if not rows:
            return None
        account, csrf, seen_at, expires_at = rows[0]
        people = tx.get(ACCOUNT, [account], ("role", "status"))
        if not people or people[0][1] != "active" or now > expires_at or now - seen_at > IDLE:
            return None
        return Session(hashed, Actor(account, people[0][0], person=True), csrf), seen_at

    found = platform.store.read(work)
    if found is None:
        return None
    if now - found[1] > SEEN_EVERY:
        platform.store.write(lambda tx: tx.update(SESSION, ("seen_at",), [(now, hashed)]))
    return found[0]


def end_session(platform: Platform, account: str, hashed: str) -> None:
    """End one session of the account."""

    def work(tx: Transaction) -> None:
        rows = tx.get(SESSION, [hashed], ("account",))
        if not rows or rows[0][0] != account:
            raise NotFoundError("there is no such session", code="session.unknown")
        tx.delete(SESSION, [hashed])

    platform.store.write(work)


def end_all(tx: Transaction, account: str, *, but: str | None = None) -> None:
    """End every session of the account, except the one to be kept."""
    rows = tx.select(SESSION, ("hash",), Comparison(Field("account"), "==", account))
    tx.delete(SESSION, [hashed for (hashed,) in rows if hashed != but])


def list_sessions(platform: Platform, account: str) -> list[dict[str, Any]]:
    """The open sessions of an account, the latest first."""
    columns = ("hash", "created_at", "seen_at", "expires_at", "agent", "address")
    now = platform.clock.now()
    rows = platform.store.read(
        lambda tx: tx.select(
            SESSION, columns, Comparison(Field("account"), "==", account), order=(Order("seen_at", descending=True),)
        )
    )
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return [each for each in found if each["expires_at"] > now and now - each["seen_at"] <= IDLE]
