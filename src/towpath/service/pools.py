"""A look at pools: who has what, who is there, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.crm.assignment.tables import QUEUE
from towpath.model.condition import Comparison, Field
from towpath.service.platform import Platform
from towpath.service.unit import Unit, in_unit


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member of a pool: what it has, what it can take, and whether it is there."""

    user: str
    name: str
    load: float
    capacity: float | None
    assigned: float
    away: str | None
    back: int | None


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool, whose turn it was last, and how many records wait in its queue for which reason."""

    name: str
    object: str
    strategy: str
    pointer: str | None
    members: tuple[MemberView, ...]
    queued: dict[str, int]


def list_pools(platform: Platform) -> list[PoolView]:
    """All pools by name, as they stand."""
    return in_unit(platform, _views)


def _views(unit: Unit) -> list[PoolView]:
    pools, views = unit.records.pools, []
    for name, pool in pools.pools.items():
        opened = pools.opened(name)
        users = unit.records.get("User", [member.user for member in opened.chooser.members])
        members = tuple(
            MemberView(m.user, users[m.user]["name"], m.load, m.capacity, m.assigned, m.away, m.back)
            for m in opened.chooser.members
        )
        queued = dict(unit.tx.count(QUEUE, Comparison(Field("pool"), "==", name), by=("reason",)))
        views.append(PoolView(name, pool.object, pool.strategy, opened.pointer, members, queued))
    return views
