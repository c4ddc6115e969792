"""What people should see: alerts on time limits, brakes that were pulled, lines that workflows logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from towpath.engine.tables import NOTICE
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.service.platform import Platform

_COLUMNS = ("id", "at", "kind", "text", "version", "run", "node", "data")


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice; the time is in microseconds UTC, ``version`` the number of the workflow version in the store."""

    id: str
    at: int
    kind: str
    text: str
    version: int | None
    run: str | None
    node: str | None
    data: dict[str, Any] | None


def list_notices(
    platform: Platform, *, kind: str | None = None, run: str | None = None, before: str | None = None, limit: int = 50
) -> list[NoticeView]:
    """Notices, newest first; ``before`` is the id of the last one already seen."""
    asked = {"kind": kind, "run": run}
    parts: list[Condition] = [
        Comparison(Field(name), "==", value) for name, value in asked.items() if value is not None
    ]
    if before is not None:
        parts.append(Comparison(Field("id"), "<", before))

    def work(tx: Reader) -> list[NoticeView]:
        where = All(tuple(parts)) if parts else None
        rows = tx.select(NOTICE, _COLUMNS, where, order=(Order("id", descending=True),), limit=limit)
        return [NoticeView(*row) for row in rows]

    return platform.store.read(work)
