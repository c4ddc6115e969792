"""How Towpath is doing, in figures for whoever watches it: what waits, how late it is, how much disk is left."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from towpath.engine.claim import next_due
from towpath.engine.tables import EVENT, OUTBOX
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.ports.time import SECOND
from towpath.service.platform import Platform

LOW_DISK = 64 * 1024 * 1024  # bytes; with less, a commit may fail at any moment
LATE = 60.0  # seconds; what has been due for longer is said


@dataclass(frozen=True, slots=True)
class Vitals:
    """Counts of rows; ages and delays in seconds; bytes, where the store is a folder on this machine."""

    events: int
    runs_late: float
    effects_due: int
    effects_late: float
    effects_unknown: int
    disk_free: int | None


def vitals(platform: Platform) -> Vitals:
    """The figures of one moment. Raises StorageError where the store cannot be read."""

    def work(tx: Reader) -> Vitals:
        now = platform.clock.now()
        due = All((Comparison(Field("due"), "is_not_empty"), Comparison(Field("due"), "<=", now)))
        return Vitals(
            events=int(tx.count(EVENT)[0][0]),
            runs_late=_late(next_due(tx), now),
            effects_due=int(tx.count(OUTBOX, due)[0][0]),
            effects_late=_late(_next_effect(tx), now),
            effects_unknown=int(tx.count(OUTBOX, Comparison(Field("state"), "==", "unknown"))[0][0]),
            disk_free=disk_free(platform),
        )

    return platform.store.read(work)


def disk_free(platform: Platform) -> int | None:
    """Bytes left where the data folder is; None where there is no folder."""
    return None if platform.folder is None else shutil.disk_usage(platform.folder).free


def unready(platform: Platform) -> str | None:
    """The code of what keeps Towpath from working; None when nothing does. Raises StorageError, OSError."""
    platform.store.read(lambda tx: tx.select(EVENT, ("id",), limit=1))
    free = disk_free(platform)
    return "disk.low" if free is not None and free < LOW_DISK else None


def lateness(platform: Platform) -> dict[str, int]:
    """For how many seconds the oldest due run and the oldest due call have waited, where that is longer than LATE."""

    def work(tx: Reader) -> dict[str, float]:
        now = platform.clock.now()
        return {"runs_late": _late(next_due(tx), now), "effects_late": _late(_next_effect(tx), now)}

    return {name: int(seconds) for name, seconds in platform.store.read(work).items() if seconds > LATE}


def _next_effect(tx: Reader) -> int | None:
    """When the first call of the outbox is due."""
    waiting = Comparison(Field("due"), "is_not_empty")
    first = tx.select(OUTBOX, ("due",), waiting, order=(Order("due"),), limit=1)
    return int(first[0][0]) if first else None


def _late(due: int | None, now: int) -> float:
    return 0.0 if due is None else max(0, now - due) / SECOND
