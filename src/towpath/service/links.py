"""One-time links: the first owner's, an invitation, a new password. The code in them is random and kept as a hash."""

from __future__ import annotations

import secrets
from typing import Literal

from towpath.errors import AccessError
from towpath.identity.tables import LINK
from towpath.model.condition import All, Comparison, Field
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.tokens import token_hash

Purpose = Literal["enter", "join"]  # sign in at once; or choose name and password first
HOUR = 60 * 60 * SECOND
LASTS: dict[Purpose, int] = {"enter": 24 * HOUR, "join": 7 * 24 * HOUR}


class LinkError(AccessError):
    """The link is no good; whether it was used, is too old or never was is not told."""

    code = "auth.link"


def make_link(tx: Transaction, account: str, purpose: Purpose, now: int, *, by: str) -> str:
    """The code of a new link; earlier links of the account for the same purpose stop working."""
    where = All((Comparison(Field("account"), "==", account), Comparison(Field("purpose"), "==", purpose)))
    tx.delete(LINK, [hashed for (hashed,) in tx.select(LINK, ("hash",), where)])
    code = secrets.token_urlsafe(32)
    columns = ("hash", "purpose", "account", "created_by", "created_at", "expires_at")
    tx.insert(LINK, columns, [(token_hash(code), purpose, account, by, now, now + LASTS[purpose])])
    return code


def look_at_link(tx: Reader, code: str, now: int) -> tuple[str, Purpose]:
    """Whose link it is and what for; it stays as it is. LinkError when it is no good."""
    rows = tx.get(LINK, [token_hash(code)], ("account", "purpose", "expires_at"))
    if not rows or rows[0][2] < now:
        raise LinkError(
            "this link has been used or is too old",
            hint="Ask for a new one; towpath serve prints one while nobody has a password.",
        )
    return rows[0][0], rows[0][1]


def use_link(tx: Transaction, code: str, now: int) -> tuple[str, Purpose]:
    """The same, and the link is used up."""
    found = look_at_link(tx, code, now)
    tx.delete(LINK, [token_hash(code)])
    return found
