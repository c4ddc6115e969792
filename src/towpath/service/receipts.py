"""Receipts of events from outside that named themselves: the same name again starts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Index, Order, Table
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND

MEMORY = 7 * 24 * 3600 * SECOND  # longer than senders go on trying
RECEIPT = Table(
    "receipt",
    (Column("key", required=True), Column("at", "integer", required=True), Column("run", required=True)),
    key=("key",),
    indexes=(Index(("at",)),),
)


def known_runs(tx: Reader, keys: Sequence[str], now: int) -> dict[str, str]:
    """The runs that events with these keys started, as far as they are remembered."""
    rows = tx.get(RECEIPT, keys, ("key", "run", "at")) if keys else []
    return {key: run for key, run, at in rows if at > now - MEMORY}


def keep_receipts(tx: Transaction, runs: Mapping[str, str], now: int) -> None:
    """Remember which run each key started, and forget at least as many that are too old."""
    _forget(tx, now, 2 * len(runs))
    if runs:
        tx.insert(RECEIPT, RECEIPT.names, [(key, now, run) for key, run in runs.items()])


def _forget(tx: Transaction, now: int, most: int) -> None:
    old = Comparison(Field("at"), "<=", now - MEMORY)
    keys = [key for (key,) in tx.select(RECEIPT, ("key",), old, order=(Order("at"),), limit=most)]
    if keys:
        tx.delete(RECEIPT, keys)
