"""Assignment as a service: loads follow what is saved, and queues are woken when there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from towpath.crm.assignment.tables import MEMBER, POOL, QUEUE
from towpath.engine.events import Event
from towpath.engine.tables import WAIT
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Transaction
from towpath.service.open_unit import OpenUnit
from towpath.service.signals import signal

_PAGE = 1000


def follow_pools(unit: OpenUnit, changes: Sequence[Change]) -> list[Event]:
    """Let the loads of pools follow what was saved, and wake as many of their queues as there is room for now."""
    if not unit.records.pools.pools:
        return []
    keys: list[str] = []
    for freed in unit.records.pools.finish(changes):
        keys += _leave(unit.tx, freed.pool, freed.places)
    return signal(unit.tx, {key: {"retry": True} for key in keys}, unit.platform.ids)


def _leave(tx: Transaction, pool: str, places: int) -> list[str]:
    """The oldest of the queue, as many as there are places, taken out of it; those that nobody waits for go too."""
    woken: list[str] = []
    gone: list[str] = []
    for page in _queued(tx, pool):
        alive = {key for (key,) in tx.get(WAIT, page, ("key",), by="key")}
        for key in page:
            if len(woken) >= places:
                break
            gone.append(key)
            if key in alive:
                woken.append(key)
        if len(woken) >= places:
            break
    if gone:
        tx.delete(QUEUE, gone)
    return woken


def _queued(tx: Transaction, pool: str) -> Iterator[list[str]]:
    after = ""
    while True:
        where = All((Comparison(Field("pool"), "==", pool), Comparison(Field("key"), ">", after)))
        page = [key for (key,) in tx.select(QUEUE, ("key",), where, order=(Order("key"),), limit=_PAGE)]
        if page:
            yield page
        if len(page) < _PAGE:
            return
        after = page[-1]


def forget(tx: Transaction, pool: str) -> None:
    """Take away what is remembered of a pool that is no more; runs that wait in its queue wait on."""
    tx.delete(MEMBER, [(pool, user) for (user,) in tx.select(MEMBER, ("user",), _of(pool))])
    tx.delete(POOL, [pool])


def _of(pool: str) -> Condition:
    return Comparison(Field("pool"), "==", pool)
