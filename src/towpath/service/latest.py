"""What changed last: the newest row of each table that only grows. Cheap enough to be asked every second."""

from __future__ import annotations

from typing import TypeAlias

from towpath.crm.feed import FEED
from towpath.engine.tables import NOTICE, SEGMENT, WORKFLOW
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.service.platform import Platform

Latest: TypeAlias = tuple[object, ...]
_GROWING = (FEED, SEGMENT, NOTICE)


def latest(platform: Platform) -> Latest:
    """Differs from an earlier answer once records, steps, notices or workflows have changed since."""

    def work(tx: Reader) -> Latest:
        newest = [tx.select(table, ("id",), order=(Order("id", descending=True),), limit=1) for table in _GROWING]
        changed = tx.select(WORKFLOW, ("id", "status", "active", "updated_at", "paused"))
        return (*(rows[0][0] if rows else None for rows in newest), *changed)

    return platform.store.read(work)
