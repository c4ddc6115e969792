"""The changes of a past period with the whole records as they were: the feed unwound from the present."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from towpath.crm.feed import FEED, FeedEntry, feed_entry
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.service.snapshot import Snapshot

PAGE = 1000
Row = dict[str, Any]


def past_changes(state: Snapshot, object_name: str, since: int, until: int) -> Iterator[tuple[int, Change]]:
    """(time, change) of one object in the period, newest first; times are microseconds.

    Records are read once, as they are now, and every later change is taken back from them.
    """
    plan = state.catalogue.plan(object_name)
    records: dict[str, Row] = {}
    for page in _pages(state, since):
        mine = [entry for entry in page if entry.object == object_name]
        fresh = sorted({entry.record for entry in mine} - records.keys())
        if fresh:
            found = state.tx.get(plan.table, fresh)
            records |= {row[0]: dict(zip(plan.names, row, strict=True)) for row in found}
        for entry in mine:
            after = records.get(entry.record)
            if after is None:  # erased since
                continue
            change, records[entry.record] = _taken_back(entry, after)
            if entry.at < until:
                yield entry.at, change


def _pages(state: Snapshot, since: int) -> Iterator[list[FeedEntry]]:
    """Entries newest first; ids are in the order of their making, so those of the period come before older ones."""
    before = None
    while True:
        where = () if before is None else (Comparison(Field("id"), "<", before),)
        rows = state.tx.select(FEED, where=All(where), order=(Order("id", descending=True),), limit=PAGE)
        entries = [entry for entry in map(feed_entry, rows) if entry.at >= since]
        if entries:
            yield entries
        if len(rows) < PAGE or len(entries) < len(rows):
            return
        before = rows[-1][0]


def _taken_back(entry: FeedEntry, after: Row) -> tuple[Change, Row]:
    """The change with the records around it, and the record as it was before."""
    new = {**after, **entry.new, "deletedAt": None}
    before = {**new, **entry.old}
    fields = tuple(dict.fromkeys((*entry.old, *entry.new)))
    created = entry.kind in ("created", "undeleted")
    old = None if created else before
    shown = None if entry.kind == "deleted" else new
    return Change(entry.kind, entry.object, entry.record, old, shown, fields, entry.cause), before
