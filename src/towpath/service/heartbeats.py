"""Heartbeats of workers: each says now and then that it lives, so that anybody can see whether work will be done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from towpath.engine.workers import WORKER
from towpath.model.condition import Comparison, Field
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.service.platform import Platform
from towpath.service.queues import due_queues

BEAT = 15 * SECOND  # between two heartbeats
SILENCE = 3 * BEAT  # after which a worker is taken for dead
FORGOTTEN = 24 * 3600 * SECOND


def beat(platform: Platform, worker: str, queues: Sequence[str]) -> None:
    """Say that a worker lives; those that have long been silent are forgotten."""
    now = platform.clock.now()

    def work(tx: Transaction) -> None:
        if tx.get(WORKER, [worker], ("id",)):
            tx.update(WORKER, ("seen_at",), [(now, worker)])
            return
        old = Comparison(Field("seen_at"), "<", now - FORGOTTEN)
        tx.delete(WORKER, [key for (key,) in tx.select(WORKER, ("id",), old)])
        tx.insert(WORKER, WORKER.names, [(worker, list(queues), now, now)])

    platform.store.write(work)


def end(platform: Platform, worker: str) -> None:
    """A worker has ended as it should."""
    platform.store.write(lambda tx: tx.delete(WORKER, [worker]))


def served_queues(platform: Platform) -> list[str]:
    """The queues of all workers that live, one entry for each worker and queue, in order."""
    living = Comparison(Field("seen_at"), ">=", platform.clock.now() - SILENCE)
    rows: list[tuple[Any, ...]] = platform.store.read(lambda tx: tx.select(WORKER, ("queues",), living))
    return sorted(queue for (queues,) in rows for queue in queues)


def unserved(platform: Platform) -> Collection[str]:
    """The queues in which something is due and that no worker serves."""
    return sorted(due_queues(platform).queues - set(served_queues(platform)))
