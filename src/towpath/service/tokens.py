"""API tokens: made at random, shown once, kept as a hash, compared in constant time.

The store's own token has every right and no owner; the others belong to an account, and have its role.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from towpath.engine.tables import META
from towpath.errors import InputError, NotFoundError
from towpath.identity.tables import ACCOUNT, API_TOKEN
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.access import Actor
from towpath.service.platform import Platform

KEY = "api.tokens"
PREFIX = "tp_"
SHORTEST = 32  # characters of a token that somebody brings along
DAY = 24 * 60 * 60 * SECOND
USED_EVERY = DAY  # how exactly the last use is known
_SHOWN = ("id", "name", "created_at", "expires_at", "used_at")


def first_token(platform: Platform) -> str | None:
    """The token of a store that has none yet, which nobody will be shown again; None when there is one."""
    return platform.store.write(lambda tx: None if _stored(tx) else _make(platform, tx))


def replace_token(platform: Platform) -> str:
    """A new token; all earlier ones stop working within seconds."""
    return platform.store.write(lambda tx: _make(platform, tx))


def stored_hashes(platform: Platform) -> list[str]:
    """The hashes of the tokens that are good now."""
    return platform.store.read(lambda tx: [entry["hash"] for entry in _stored(tx)])


def given_hash(token: str) -> str:
    """The hash of a token that the operator chose. InputError when it is short enough to be guessed."""
    if len(token) < SHORTEST:
        raise InputError(
            f"an API token needs at least {SHORTEST} characters",
            code="auth.weak_token",
            hint='Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    return token_hash(token)


def identify(token: str | None, hashes: Sequence[str]) -> Actor | None:
    """Whose token it is. Tokens have 256 random bits, so a plain hash is enough; all are compared, whichever fits."""
    if token is None:
        return None
    asked = token_hash(token)
    found = [hmac.compare_digest(asked, known) for known in hashes]
    return Actor("api", "owner") if any(found) else None


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def make_personal(platform: Platform, account: str, name: str, *, days: int | None = None) -> tuple[str, str]:
    """A token with the role of the account, for so many days or until it is deleted: its id and the token."""
    token, now = PREFIX + secrets.token_urlsafe(32), platform.clock.now()
    made, expires_at = platform.ids.new(), None if days is None else now + days * DAY

    def work(tx: Transaction) -> None:
        if not tx.get(ACCOUNT, [account], ("id",)):
            raise InputError("an API token belongs to a person", code="auth.no_account", hint="Sign in as a person.")
        columns = ("id", "hash", "account", "name", "created_at", "expires_at")
        tx.insert(API_TOKEN, columns, [(made, token_hash(token), account, name, now, expires_at)])

    platform.store.write(work)
    return made, token


def list_personal(platform: Platform, account: str) -> list[dict[str, Any]]:
    """The tokens of an account, the newest first; the tokens themselves are known to nobody."""
    where, order = Comparison(Field("account"), "==", account), (Order("id", descending=True),)
    rows = platform.store.read(lambda tx: tx.select(API_TOKEN, _SHOWN, where, order=order))
    return [dict(zip(_SHOWN, row, strict=True)) for row in rows]


def delete_personal(platform: Platform, account: str, token_id: str) -> None:
    """Delete a token of the account: it stops working within seconds."""

    def work(tx: Transaction) -> None:
        rows = tx.get(API_TOKEN, [token_id], ("account",))
        if not rows or rows[0][0] != account:
            raise NotFoundError("there is no such token", code="token.unknown")
        tx.delete(API_TOKEN, [token_id])

    platform.store.write(work)


def find_personal(platform: Platform, token: str) -> Actor | None:
    """Whose token it is, if it is good and its account active."""
    now = platform.clock.now()

    def work(tx: Reader) -> tuple[Actor, str, int | None] | None:
        rows = tx.get(API_TOKEN, [token_hash(token)], ("id", "account", "expires_at", "used_at"), by="hash")
        if not rows or (rows[0][2] is not None and rows[0][2] < now):
            return None
        token_id, account, _, used_at = rows[0]
        people = tx.get(ACCOUNT, [account], ("role", "status"))
        if not people or people[0][1] != "active":
            return None
        return Actor(account, people[0][0], person=True), token_id, used_at

    found = platform.store.read(work)
    if found is None:
        return None
    if now - (found[2] or 0) > USED_EVERY:
        platform.store.write(lambda tx: tx.update(API_TOKEN, ("used_at",), [(now, found[1])]))
    return found[0]


def _make(platform: Platform, tx: Transaction) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    entry = {"hash": token_hash(token), "made_at": platform.clock.now()}
    if tx.get(META, [KEY], ("value",)):
        tx.update(META, ("value",), [([entry], KEY)])
    else:
        tx.insert(META, ("key", "value"), [(KEY, [entry])])
    return token


def _stored(tx: Reader) -> list[dict[str, Any]]:
    rows = tx.get(META, [KEY], ("value",))
    return list(rows[0][0]) if rows else []
