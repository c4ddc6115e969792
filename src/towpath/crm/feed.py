"""The change feed as a table: one row per changed record and transaction, with the old and new values of its fields.

It is the field history of every record at the same time. Ids are made inside the writing transaction, so
their order is the order of commits wherever one writer commits at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.model.change import Cause, Change, ChangeKind
from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Index, Order, Table
from towpath.ports.store import Reader

FEED = Table(
    "change",
    (
        Column("id", required=True),
        Column("at", "integer", required=True),
        Column("txn", required=True),
        Column("object", required=True),
        Column("record", required=True),
        Column("kind", required=True),
        Column("old", "json"),
        Column("new", "json"),
        Column("actor", required=True),
        Column("run"),
        Column("chain", "json"),
        Column("bulk", "boolean", required=True),
    ),
    indexes=(Index(("record",)),),
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One committed change: when (microseconds), in which transaction, and the fields that differ, old and new."""

    id: str
    at: int
    transaction: str
    object: str
    record: str
    kind: ChangeKind
    old: dict[str, Any]
    new: dict[str, Any]
    cause: Cause


def feed_rows(changes: Iterable[Change], ids: Sequence[str], at: int, transaction: str) -> list[tuple[Any, ...]]:
    """The rows of ``FEED`` for net changes. Created, deleted and undeleted records keep their filled fields."""
    rows = []
    for key, change in zip(ids, changes, strict=True):
        old, new, fields, cause = change.old, change.new, change.fields, change.cause
        before = None if old is None else {name: old[name] for name in fields}
        after = None if new is None else {name: new[name] for name in fields}
        head = (key, at, transaction, change.object, change.id, change.kind, before, after)
        rows.append((*head, cause.actor, cause.run, cause.chain or None, cause.bulk))
    return rows


def read_feed(reader: Reader, after: str = "", limit: int = 1_000) -> list[FeedEntry]:
    """The next changes after the entry ``after`` (empty: from the beginning), oldest first."""
    where = Comparison(Field("id"), ">", after)
    return [feed_entry(row) for row in reader.select(FEED, where=where, order=(Order("id"),), limit=limit)]


def feed_entry(row: Sequence[Any]) -> FeedEntry:
    """An entry from a whole row of ``FEED``."""
    key, at, transaction, name, record, kind, old, new, actor, run, chain, bulk = row
    pairs = tuple((workflow, link) for workflow, link in chain or ())
    return FeedEntry(key, at, transaction, name, record, kind, old or {}, new or {}, Cause(actor, run, pairs, bulk))
