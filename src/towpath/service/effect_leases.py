"""Holding calls that are under way, where several workers share the store.

A lease is only a due time: a call of a dead worker falls due again, and whoever finds it settles what became of it. The
moment at which calls were taken is the mark of who holds them: it changes with every taking, so that a worker which was
frozen for longer than its lease cannot write over what others did meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from towpath.engine.tables import OUTBOX
from towpath.errors import TowpathError
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.platform import Platform

LEASE = 60 * SECOND  # how long calls are held before another worker may settle what became of them
Row = tuple[Any, ...]
log = logging.getLogger("towpath.effects")


@dataclass(slots=True)
class Taken:
    """Calls that this process holds since ``mark``; ``lapsed`` is how many others had lost."""

    mark: int
    rows: list[Row]
    lapsed: int = 0


@contextmanager
def held(platform: Platform, taken: Taken) -> Iterator[None]:
    """Hold the calls for as long as sending them takes."""
    if not platform.shared:
        yield
        return
    ended = Event()
    renewing = Thread(target=_renew, args=(platform, taken, ended), name="towpath-lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        ended.set()
        renewing.join()


def still_held(tx: Reader, taken: Taken) -> set[str]:
    """The ids of the calls that nobody else has settled."""
    rows = tx.get(OUTBOX, [row[0] for row in taken.rows], ("id", "state", "changed_at"))
    return {effect_id for effect_id, state, mark in rows if state == "sending" and mark == taken.mark}


def _renew(platform: Platform, taken: Taken, ended: Event) -> None:
    while not ended.wait(LEASE / SECOND / 3):
        try:
            platform.store.write(lambda tx: _prolong(platform, tx, taken))
        except TowpathError as error:
            log.warning("calls under way could not be held: %s", error)


def _prolong(platform: Platform, tx: Transaction, taken: Taken) -> None:
    until = platform.clock.now() + LEASE
    tx.update(OUTBOX, ("due",), [(until, effect_id) for effect_id in still_held(tx, taken)])
