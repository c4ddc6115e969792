"""The audit log: one entry for every change that somebody asked for, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from towpath.identity.chain import BEGIN, Entry, entry_hash, first_broken
from towpath.identity.tables import AUDIT, AUDIT_HEAD
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Store, Transaction
from towpath.service.platform import Platform

T = TypeVar("T")
HEAD = "head"
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be written down: who did what to whom or what."""

    actor: str
    action: str
    target: str = ""
    detail: Mapping[str, Any] | None = None


def write_down(tx: Transaction, deed: Deed, now: int) -> None:
    """Add the deed to the log, after the entry that its head names."""
    rows = tx.get(AUDIT_HEAD, [HEAD], ("sequence", "hash"))
    sequence, previous = rows[0] if rows else (0, BEGIN)
    sequence += 1
    content = (sequence, now, deed.actor, deed.action, deed.target, dict(deed.detail or {}))
    hashed = entry_hash(previous, *content)
    if rows:
        tx.update(AUDIT_HEAD, ("sequence", "hash"), [(sequence, hashed, HEAD)])
    else:
        tx.insert(AUDIT_HEAD, ("key", "sequence", "hash"), [(HEAD, sequence, hashed)])
    tx.insert(AUDIT, AUDIT.names, [(*content, previous, hashed)])


class AuditedStore:
    """A store whose first write of a request carries the request's entry in the audit log."""

    def __init__(self, store: Store, deed: Deed, now: Callable[[], int]) -> None:
        self._store = store
        self._deed: Deed | None = deed
        self._now = now

    def write(self, work: Callable[[Transaction], T]) -> T:
        """The unit of work, and with the first one the entry: both or neither."""
        deed = self._deed
        if deed is None:
            return self._store.write(work)

        def together(tx: Transaction) -> T:
            result = work(tx)
            write_down(tx, deed, self._now())
            return result

        result = self._store.write(together)
        self._deed = None
        return result

    def read(self, work: Callable[[Reader], T]) -> T:
        """As the store does."""
        return self._store.read(work)

    def close(self) -> None:
        """Nothing: the store is not this one's."""


def list_entries(
    platform: Platform, *, actor: str | None = None, action: str | None = None, before: int | None = None,
    limit: int = 50,
) -> list[Entry]:  # fmt: skip
    """Entries, newest first."""
    parts: list[Condition] = []
    if actor is not None:
        parts.append(Comparison(Field("actor"), "==", actor))
    if action is not None:
        parts.append(Comparison(Field("action"), "==", action))
    if before is not None:
        parts.append(Comparison(Field("sequence"), "<", before))
    order = (Order("sequence", descending=True),)
    where = All(tuple(parts)) if parts else None
    rows = platform.store.read(lambda tx: tx.select(AUDIT, AUDIT.names, where, order=order, limit=limit))
    return [Entry(*row) for row in rows]


def verify(platform: Platform) -> int | None:
    """The number of the first entry that was altered or follows a missing one; None when the chain is whole."""
    return platform.store.read(lambda tx: first_broken(_all(tx)) or _lost_end(tx))


def _lost_end(tx: Reader) -> int | None:
    """Entries cut off at the end leave a head that points past the last one."""
    head = tx.get(AUDIT_HEAD, [HEAD], ("sequence",))
    count = tx.count(AUDIT)[0][0]
    return int(head[0][0]) if head and head[0][0] != count else None


def _all(tx: Reader) -> Iterator[Entry]:
    last = 0
    while True:
        where = Comparison(Field("sequence"), ">", last)
        rows = tx.select(AUDIT, AUDIT.names, where, order=(Order("sequence"),), limit=PAGE)
        yield from (Entry(*row) for row in rows)
        if len(rows) < PAGE:
            return
        last = rows[-1][0]
