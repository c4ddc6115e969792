"""The runs that a mark of a chart stands for: those that took so long, or stand at a node. No column tells either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from towpath.engine.state import decode
from towpath.engine.tables import RUN
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.ports.time import SECOND

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """Runs that took from ``least`` to less than ``under`` seconds (so far, when open), and stand at the node ``at``.

    A run stands where it waits, and where it failed.
    """

    least: float | None = None
    under: float | None = None
    at: str | None = None

    def __bool__(self) -> bool:
        return (self.least, self.under, self.at) != (None, None, None)

    def holds(self, seconds: float) -> bool:
        """Whether a run that took so long is meant."""
        return (self.least is None or seconds >= self.least) and (self.under is None or seconds < self.under)


def marked(
    tx: Reader, columns: tuple[str, ...], where: Condition | None, mark: Mark, *, now: int, limit: int, offset: int
) -> list[tuple[Any, ...]]:
    """The rows of the marked runs among those that match, newest first; reads no further than the page asked for."""
    ids = list(islice(_ids(tx, where, mark, now), offset, offset + limit))
    found = {row[0]: row[1:] for row in tx.get(RUN, ids, ("id", *columns))}
    return [found[run] for run in ids if run in found]


def seconds(started: int, ended: int | None, now: int) -> float:
    """How long a run took, or has been open; never negative, even when a clock was set back."""
    return max(0, (now if ended is None else ended) - started) / SECOND


def _ids(tx: Reader, where: Condition | None, mark: Mark, now: int) -> Iterator[str]:
    known = (where,) if where else ()
    if mark.at is not None:
        known = (*known, Comparison(Field("status"), "in", ("waiting", "failed")))
    columns = ("id", "started_at", "ended_at", *(("state",) if mark.at is not None else ()))
    after: tuple[Condition, ...] = ()
    while True:
        rows = tx.select(RUN, columns, All((*known, *after)), order=(Order("id", descending=True),), limit=BATCH)
        for run, started, ended, *state in rows:
            if mark.holds(seconds(started, ended, now)) and (not state or _stands_at(state[0], mark.at)):
                yield run
        if len(rows) < BATCH:
            return
        after = (Comparison(Field("id"), "<", rows[-1][0]),)


def _stands_at(state: bytes, node: str | None) -> bool:
    return any(token.node == node for token in decode(state).tokens)
