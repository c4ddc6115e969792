"""Looking at calls to outside systems: what is to be sent, was sent, failed, or waits for a person to decide."""

from __future__ import annotations

from typing import Any

from towpath.engine.tables import OUTBOX
from towpath.errors import InputError
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.service.platform import Platform

STATES = ("new", "sending", "sent", "failed", "unknown", "cancelled")
_LISTED = ("id", "run", "node", "kind", "state", "attempt", "due", "created_at", "changed_at", "error")


def list_effects(
    platform: Platform, *, state: str | None = None, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Effects, newest first; times are microseconds UTC. Requests are left out: they may hold secrets."""
    if state is not None and state not in STATES:
        raise InputError(
            f"{state!r} is not the state of an effect",
            code="effect.unknown_state",
            hint="Known: " + ", ".join(STATES) + ".",
            params={"state": state},
        )
    where = None if state is None else Comparison(Field("state"), "==", state)
    rows = platform.store.read(
        lambda tx: tx.select(OUTBOX, _LISTED, where, order=(Order("id", descending=True),), limit=limit, offset=offset)
    )
    return [dict(zip(_LISTED, row, strict=True)) for row in rows]
