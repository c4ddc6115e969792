"""API tokens: made at random, shown once, kept as a hash, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from towpath.engine.tables import META
from towpath.errors import InputError
from towpath.ports.store import Reader, Transaction
from towpath.service.access import Actor
from towpath.service.platform import Platform

KEY = "api.tokens"
PREFIX = "tp_"
SHORTEST = 32  # characters of a token that somebody brings along


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
