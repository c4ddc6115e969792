"""Addresses of runs, for people and programs outside: who has the address may wake the run, nobody can guess it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from towpath.engine.tables import META
from towpath.errors import NotFoundError
from towpath.ports.store import Transaction
from towpath.service.platform import Platform

SECRET = "links.secret"  # noqa: S105 - the name of the row that has it
LENGTH = 32


def signature(platform: Platform, tx: Transaction, run: str) -> str:
    """The part of a run's address that proves that it was given out here."""
    return hmac.new(_secret(platform, tx), run.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def addresses(platform: Platform, tx: Transaction, run: str) -> dict[str, str]:
    """What expressions see as ``$execution.resumeUrl`` and ``$execution.resumeFormUrl``."""
    base, signed = platform.base_url or "", signature(platform, tx, run)
    return {
        "resumeUrl": f"{base}/resume/{run}/{signed}",
        "resumeFormUrl": f"{base}/forms/run/{run}/{signed}",
    }


def require_signature(platform: Platform, tx: Transaction, run: str, given: str) -> None:
    """Raise NotFoundError ``run.unknown_link`` for an address that was not given out here."""
    if not hmac.compare_digest(signature(platform, tx, run).encode(), given.encode()):
        raise NotFoundError("this address is not known here", code="run.unknown_link", hint="Check the whole address.")


def _secret(platform: Platform, tx: Transaction) -> bytes:
    """Made once for a store and kept in it, so that addresses outlive the process."""
    if platform.link_secret is None:
        rows = tx.get(META, [SECRET], ("value",))
        if not rows:
            tx.insert(META, ("key", "value"), [(SECRET, secrets.token_hex(32))], ignore_conflicts=True)
            rows = tx.get(META, [SECRET], ("value",))
        platform.link_secret = bytes.fromhex(rows[0][0])
    return platform.link_secret
