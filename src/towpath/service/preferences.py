"""What is kept for one person from browser to browser: small values by name, such as a tour that is done."""

from __future__ import annotations

from typing import Any

from towpath.engine.tables import META
from towpath.errors import LimitError
from towpath.ports.store import Reader, Transaction
from towpath.service.access import Actor
from towpath.service.platform import Platform

MOST = 50  # values of a person


def preferences(platform: Platform, actor: Actor) -> dict[str, Any]:
    """Everything that is kept for the actor, by name."""
    return platform.store.read(lambda tx: preferences_in(tx, actor))


def set_preference(platform: Platform, actor: Actor, name: str, value: Any) -> None:
    """Keep a value; None takes it away. LimitError for too many."""
    platform.store.write(lambda tx: keep_in(tx, actor, name, value))


def preferences_in(tx: Reader, actor: Actor) -> dict[str, Any]:
    """The same within a transaction."""
    rows = tx.get(META, [_key(actor)], ("value",))
    return dict(rows[0][0]) if rows else {}


def keep_in(tx: Transaction, actor: Actor, name: str, value: Any) -> None:
    """The same within a transaction."""
    known = bool(tx.get(META, [_key(actor)], ("key",)))
    kept = {**preferences_in(tx, actor), name: value}
    if value is None:
        del kept[name]
    if len(kept) > MOST:
        raise LimitError(f"{MOST} values are kept for a person", code="preference.too_many")
    if known:
        tx.update(META, ("value",), [(kept, _key(actor))])
    else:
        tx.insert(META, ("key", "value"), [(_key(actor), kept)])


def _key(actor: Actor) -> str:
    return f"person.{actor.id}"
