"""What became of the fields of a record over time, read from the change feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from towpath.crm.feed import FEED, FeedEntry, feed_entry
from towpath.model.change import Cause, ChangeKind
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field got another value: when (microseconds), by which kind of change, from what to what, and why."""

    at: int
    kind: ChangeKind
    field: str
    old: Any
    new: Any
    cause: Cause


def field_history(reader: Reader, record: str, field: str | None = None, limit: int = 1_000) -> list[FieldChange]:
    """The changes of a record's fields (or of one of them), oldest first, from its latest ``limit`` changes."""
    rows = reader.select(
        FEED, where=Comparison(Field("record"), "==", record), order=(Order("id", descending=True),), limit=limit
    )
    entries = [feed_entry(row) for row in reversed(rows)]
    return [change for entry in entries for change in _field_changes(entry) if field in (None, change.field)]


def _field_changes(entry: FeedEntry) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*entry.old, *entry.new)):
        yield FieldChange(entry.at, entry.kind, name, entry.old.get(name), entry.new.get(name), entry.cause)
