"""The pools of one transaction: whose turn it is, what each member has, and giving records in one pass.

A member's load follows every change of the records that it counts, whoever makes it, in the transaction of the
change; a pool is locked by a write to its row before it is read, so that two workers never give the same turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from towpath.crm.assignment.choosing import Chooser, Standing
from towpath.crm.assignment.people import find_members
from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.assignment.tables import MEMBER, POOL
from towpath.crm.definitions import unknown_definition
from towpath.crm.problems import no_record
from towpath.crm.validation import read_written
from towpath.errors import TowpathError
from towpath.expr import compile_condition
from towpath.model.business_time import Calendars
from towpath.model.change import Cause, Change
from towpath.model.condition import Comparison, Condition, Field
from towpath.ports.records import Nobody, Outcome, Record, Records
from towpath.ports.store import Transaction

OWNER = "ownerId"
Tally: TypeAlias = Callable[[str, str, Condition | None], Mapping[Any, int]]
"""How many records of an object match, by the value of a field."""
_PEOPLE = frozenset({"active", "absentFrom", "absentUntil", "capacity", "teamId"})


@dataclass(slots=True)
class Opened:
    """A pool that this transaction has locked: its chooser, and the rows of its members as they were."""

    pool: AssignmentPool
    chooser: Chooser
    rows: dict[str, tuple[float, float, int]]
    overflow: str | None
    pointer: str | None
    counts: Callable[[Record], bool]


@dataclass(slots=True)
class Freed:
    """Room that a transaction made in a pool: how many more records its members can take now."""

    pool: str
    places: int


class Pools:
    """All pools, by name, inside one transaction."""

    def __init__(
        self,
        records: Records,
        tally: Tally,
        transaction: Transaction,
        pools: Mapping[str, AssignmentPool],
        calendars: Calendars,
        now: int,
    ) -> None:
        self.records = records
        self.tally = tally
        self.transaction = transaction
        self.now = now
        self.pools = pools
        self.calendars = calendars
        self._open: dict[str, Opened] = {}
        self._renewed: set[str] = set()

    def renew(self, name: str) -> None:
        """Begin the loads of a pool anew from the records as they are, and offer its room to its queue."""
        opened = self.opened(name)
        self.transaction.delete(MEMBER, [(name, user) for user in opened.rows])
        opened.rows.clear()
        self._renewed.add(name)

    def assign(self, name: str, ids: Sequence[str], causes: Sequence[Cause]) -> list[Outcome | Nobody]:
        """Give records to members in order; for each the record with its owner, or why nobody can take it."""
        opened = self.opened(name)
        pool = opened.pool
        found = self.records.get(pool.object, ids)
        owners = self._sticky(pool, found.values())
        given: dict[int, str] = {}
        outcomes: dict[int, Outcome | Nobody] = {}
        for place, key in enumerate(ids):
            record = found.get(key)
            if record is None:
                outcomes[place] = no_record(self.records.schema(pool.object), key)
                continue
            alike = record[pool.sticky] if pool.sticky else None
            chosen = self._choose(opened, record, owners.get(alike))
            if isinstance(chosen, Nobody):
                outcomes[place] = chosen
                continue
            given[place] = chosen
            if alike is not None:
                owners.setdefault(alike, chosen)
        outcomes |= self._save(opened, ids, given, causes)
        self._fill(name, ids, causes, given, outcomes)
        return [outcomes[place] for place in range(len(ids))]

    def _fill(
        self,
        name: str,
        ids: Sequence[str],
        causes: Sequence[Cause],
        given: Iterable[int],
        outcomes: dict[int, Outcome | Nobody],
    ) -> None:
        """Give the room of records that could not be saved to those for which there had been none."""
        left = [place for place, outcome in sorted(outcomes.items()) if isinstance(outcome, Nobody)]
        if left and any(isinstance(outcomes[place], TowpathError) for place in given):
            again = self.assign(name, [ids[place] for place in left], [causes[place] for place in left])
            outcomes.update(zip(left, again, strict=True))

    def _save(
        self, opened: Opened, ids: Sequence[str], given: Mapping[int, str], causes: Sequence[Cause]
    ) -> dict[int, Outcome | Nobody]:
        values = [{OWNER: user} for user in given.values()]
        pool = opened.pool
        saved = self.records.update(pool.object, [ids[p] for p in given], values, [causes[p] for p in given])
        for user, outcome in zip(given.values(), saved, strict=True):
            member = opened.chooser.member(user)
            if isinstance(outcome, TowpathError) and member is not None:  # it was refused: the member has room again
                member.load -= pool.weight
                member.assigned -= 1
        return dict(zip(given, saved, strict=True))

    def _choose(self, opened: Opened, record: Record, preferred: str | None) -> str | Nobody:
        chooser, weight = opened.chooser, opened.pool.weight
        before = chooser.member(record[OWNER])
        if before is not None and opened.counts(record):
            before.load -= weight  # the record is handed on: its place is free, for it too
            chosen = chooser.choose(record, preferred)
            if isinstance(chosen, Nobody):
                before.load += weight
        else:
            chosen = chooser.choose(record, preferred)
        return chosen.user if isinstance(chosen, Standing) else opened.overflow or chosen

    def _sticky(self, pool: AssignmentPool, records: Iterable[Record]) -> dict[Any, str]:
        """Who owns records by the value that keeps them together, the oldest such record first; one statement."""
        if pool.sticky is None:
            return {}
        values = list(dict.fromkeys(r[pool.sticky] for r in records if r[pool.sticky] is not None))
        others = self.records.find_by(pool.object, pool.sticky, values) if values else {}
        owners = {value: next((r[OWNER] for r in rows if r[OWNER]), None) for value, rows in others.items()}
        return {value: owner for value, owner in owners.items() if owner is not None}

    # Opening

    def opened(self, name: str) -> Opened:
        """The pool, locked until the transaction ends."""
        opened = self._open.get(name)
        if opened is None:
            pool = self.pools.get(name)
            if pool is None:
                raise unknown_definition("assignment", name, self.pools)
            opened = self._open[name] = self._lock(pool)
        return opened

    def _lock(self, pool: AssignmentPool) -> Opened:
        tx = self.transaction
        if not tx.get(POOL, [pool.name], ("name",)):
            tx.insert(POOL, ("name",), [(pool.name,)], ignore_conflicts=True)
        tx.update(POOL, ("touched",), [(self.now, pool.name)])
        ((pointer,),) = tx.get(POOL, [pool.name], ("pointer",))
        where = Comparison(Field("pool"), "==", pool.name)
        rows = {user: (load, assigned, last) for user, load, assigned, last in
                tx.select(MEMBER, ("user", "load", "assigned", "last"), where)}  # fmt: skip
        members, overflow = find_members(self.records, pool, self.calendars, self.now)
        self._stand(pool, members, rows)
        chooser = Chooser(pool.strategy, members, pool.weight, pointer)
        return Opened(pool, chooser, rows, overflow, pointer, counting(pool))

    def _stand(
        self, pool: AssignmentPool, members: Iterable[Standing], rows: Mapping[str, tuple[float, float, int]]
    ) -> None:
        """Load and past of each member; a new one begins with what it owns, and owes nothing to the others."""
        fresh = [member for member in members if member.user not in rows]
        loads = self.loads(pool) if fresh else {}
        known = [member for member in members if member.user in rows]
        for member in known:
            member.load, member.assigned, member.last = rows[member.user]
        per_share = sum(m.assigned for m in known) / (sum(m.share for m in known) or 1.0)
        for member in fresh:
            member.load, member.assigned = loads.get(member.user, 0.0), per_share * member.share

    def loads(self, pool: AssignmentPool) -> dict[str, float]:
        """What each owner has of the records that count, asked of the store."""
        where = None if pool.counts is None else read_written(pool.counts)
        counted = self.tally(pool.object, OWNER, where)
        return {owner: number * pool.weight for owner, number in counted.items() if owner is not None}

    # Following what was saved

    def finish(self, changes: Sequence[Change]) -> list[Freed]:
        """Let loads follow the net changes of the transaction and write every pool that was opened."""
        freed: list[Freed] = []
        people = any(c.object == "User" and not _PEOPLE.isdisjoint(c.fields) for c in changes)
        for name, pool in self.pools.items():
            deltas = self._deltas(pool, changes)
            if deltas or name in self._open or people:
                opened = self.opened(name)
                self._write(opened, deltas)
                if people or name in self._renewed or any(delta < 0 for delta in deltas.values()):
                    freed.append(Freed(name, _places(opened.chooser)))
        return freed

    def _deltas(self, pool: AssignmentPool, changes: Sequence[Change]) -> dict[str, float]:
        mine = [change for change in changes if change.object == pool.object]
        if not mine:
            return {}
        holds, deltas = counting(pool), dict[str, float]()
        for change in mine:
            before = change.old[OWNER] if change.old is not None and holds(change.old) else None
            after = change.new[OWNER] if change.new is not None and holds(change.new) else None
            if before != after:
                for owner, delta in ((before, -pool.weight), (after, pool.weight)):
                    if owner is not None:
                        deltas[owner] = deltas.get(owner, 0.0) + delta
        return {owner: delta for owner, delta in deltas.items() if delta}

    def _write(self, opened: Opened, deltas: Mapping[str, float]) -> None:
        """Loads are what they were at the start plus what the changes came to: one update and at most one insert."""
        pool, chooser, rows = opened.pool, opened.chooser, opened.rows
        left = sorted(rows.keys() - {member.user for member in chooser.members})
        if left:  # who comes back begins as a new member does
            self.transaction.delete(MEMBER, [(pool.name, user) for user in left])
        known, fresh = [], []
        for member in chooser.members:
            if member.user in rows:
                member.load = max(0.0, rows[member.user][0] + deltas.get(member.user, 0.0))
                state = (member.load, member.assigned, member.last)
                if state != rows[member.user]:
                    known.append((*state, pool.name, member.user))
            else:
                fresh.append(member)
        if fresh:
            loads = self.loads(pool)
            for member in fresh:
                member.load = loads.get(member.user, 0.0)
            values = [(pool.name, m.user, m.load, m.assigned, m.last) for m in fresh]
            self.transaction.insert(MEMBER, MEMBER.names, sorted(values))
        if known:
            self.transaction.update(MEMBER, ("load", "assigned", "last"), sorted(known, key=_key))
        if chooser.pointer != opened.pointer:
            self.transaction.update(POOL, ("pointer",), [(chooser.pointer, pool.name)])


def _key(row: Sequence[Any]) -> str:
    return str(row[-1])


def _places(chooser: Chooser) -> int:
    """How many more records the members who are there can take; a thousand where one has no limit."""
    there = [member for member in chooser.members if member.away is None]
    if any(member.capacity is None for member in there):
        return 1000
    return sum(max(0, int(((m.capacity or 0.0) - m.load) // chooser.weight)) for m in there)


def counting(pool: AssignmentPool) -> Callable[[Record], bool]:
    """Whether a record is load of its owner."""
    if pool.counts is None:
        return lambda record: True
    holds = compile_condition(read_written(pool.counts))
    return lambda record: holds(record, None)
