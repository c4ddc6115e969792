"""The CRM inside one transaction: a unit of work that reads and writes records set-wise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from towpath.crm import problems
from towpath.crm.alarms import write_alarms
from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.assignment.pools import Pools
from towpath.crm.assignment.tables import QUEUE
from towpath.crm.catalogue import Catalogue
from towpath.crm.cause import each
from towpath.crm.changes import net_changes
from towpath.crm.conditions import search_condition, search_order
from towpath.crm.convert import convert_leads
from towpath.crm.duplicates.doubles import Doubles
from towpath.crm.duplicates.tables import REDIRECT
from towpath.crm.feed import FEED, feed_rows
from towpath.crm.guards import GuardMaker, Guards
from towpath.crm.references import References
from towpath.crm.saving import SaveRule, SaveRules
from towpath.crm.tables import living_with
from towpath.crm.unit import ObjectUnit
from towpath.crm.upsert import upsert
from towpath.crm.values.times import timestamp
from towpath.crm.warm import WarmRecords
from towpath.crm.write import ObjectWriter
from towpath.errors import TowpathError
from towpath.model.business_time import BusinessTime, Calendars
from towpath.model.change import Change
from towpath.model.condition import Condition
from towpath.model.duplicates import DuplicateRule
from towpath.model.schema import ObjectSchema
from towpath.model.table import Order
from towpath.ports.records import Causes, Nobody, Outcome, Record
from towpath.ports.store import Transaction
from towpath.ports.time import Ids

Rows = Sequence[Mapping[str, Any]]


class Session:
    """Implements the ``Records`` port for one transaction.

    ``now`` is the time of the transaction in microseconds; ``rules`` the before-save rules by object, ``checks`` what
    may refuse a record once they have been applied: validation rules, then the search for duplicates. Writes are held
    back until something must read the store or ``finish`` is called, which sends them and writes the feed.
    """

    def __init__(
        self,
        transaction: Transaction,
        catalogue: Catalogue,
        now: int,
        ids: Ids,
        rules: SaveRules | None = None,
        checks: SaveRules | None = None,
        *,
        locked: Iterable[str] = (),
        guards: Mapping[str, GuardMaker] | None = None,
        merged: Iterable[str] = (),
        duplicates: Mapping[str, Sequence[DuplicateRule]] | None = None,
        warm: WarmRecords | None = None,
        calendars: Calendars | None = None,
        pools: Mapping[str, AssignmentPool] | None = None,
    ) -> None:
        self._transaction = transaction
        self._catalogue = catalogue
        self._ids = ids
        self._rules = rules or {}
        self._checks = checks or {}
        self._warm = warm
        self._units: dict[str, ObjectUnit] = {}
        self._writers: dict[str, ObjectWriter] = {}
        self._references = References(self._unit)
        self._merged = frozenset(merged)
        self._duplicates = duplicates or {}
        self._doubles: dict[str, Doubles] = {}
        self.confirmed: set[str] = set()  # tokens of duplicates that somebody has seen and wants saved
        self._alarms: dict[tuple[str, str], int | None] = {}
        self._queued: list[tuple[Any, ...]] = []
        self.guards = Guards(transaction, locked, guards)
        self._calendars = calendars or Calendars()
        self.pools = Pools(self, self.tally, transaction, pools or {}, self._calendars, now)
        self.at = now
        self.now = timestamp(now)

    # Reading

    def schema(self, object_name: str) -> ObjectSchema:
        """The object's schema; SchemaError ``schema.unknown_object`` with the nearest name."""
        return self._catalogue.schema(object_name)

    def get(self, object_name: str, ids: Sequence[str]) -> dict[str, Record]:
        """Records by id; missing and deleted ones are left out. Of one that was merged, the record that it is now."""
        unit = self._unit(object_name)
        unit.load(ids)
        moved = self._redirects(object_name, ids)
        return {key: record for key in ids if (record := unit.alive(moved.get(key, key))) is not None}

    def find(
        self,
        object_name: str,
        where: Condition | None = None,
        *,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
        deleted: bool = False,
    ) -> list[Record]:
        """Records that match, in order (default: by id, which is by age); with ``deleted``, deleted ones too."""
        unit = self._flushed(object_name)
        rows = self._transaction.select(
            unit.plan.table,
            where=search_condition(unit.plan, where, deleted=deleted),
            order=search_order(unit.plan, order),
            limit=limit,
            offset=offset,
        )
        return unit.adopt(rows)

    def find_by(self, object_name: str, field: str, values: Sequence[Any]) -> dict[Any, list[Record]]:
        """For each value the records whose ``field`` has it, oldest first, in one statement."""
        unit = self._flushed(object_name)
        plan = unit.plan
        if field not in plan.forms:
            raise problems.unknown_field(plan.schema, field)
        forms = {value: plan.stored_form(field, value) for value in values}
        wanted = list({form: None for form in forms.values() if form is not None})
        groups: dict[Any, list[Record]] = {form: [] for form in wanted}
        rows = self._transaction.select(plan.table, where=living_with(field, wanted)) if wanted else []
        for record in unit.adopt(sorted(rows)):
            groups[record[field]].append(record)
        return {value: groups.get(form, []) for value, form in forms.items()}

    def count(self, object_name: str, where: Condition | None = None) -> int:
        """How many records match."""
        unit = self._flushed(object_name)
        return int(self._transaction.count(unit.plan.table, search_condition(unit.plan, where))[0][0])

    def tally(self, object_name: str, field: str, where: Condition | None = None) -> dict[Any, int]:
        """How many records match, by the value of a field; values that no record has are left out."""
        unit = self._flushed(object_name)
        return dict(self._transaction.count(unit.plan.table, search_condition(unit.plan, where), by=(field,)))

    # Writing

    def create(self, object_name: str, rows: Rows, causes: Causes) -> list[Outcome]:
        """New records with ids, defaults and times filled in."""
        writer = self._writer(object_name)
        return writer.create(rows, self._ids.many(len(rows)), each(causes, len(rows)))

    def update(self, object_name: str, ids: Sequence[str], values: Rows, causes: Causes) -> list[Outcome]:
        """Set fields of records; the whole updated record comes back. A value equal to the old one changes nothing."""
        moved = self._redirects(object_name, ids)
        targets = [moved.get(key, key) for key in ids] if moved else ids
        return self._writer(object_name).update(targets, values, each(causes, len(ids)))

    def upsert(self, object_name: str, key: str, rows: Rows, causes: Causes) -> list[Outcome]:
        """Update the record whose field ``key`` has the row's value, or create it; two equal rows meet one record."""
        return upsert(self, self._catalogue.plan(object_name), key, rows, causes)

    def delete(self, object_name: str, ids: Sequence[str], causes: Causes) -> list[Outcome]:
        """Soft-delete; the record as it was comes back."""
        writer = self._writer(object_name)
        held = self.guards.held(object_name, ids, writer)
        if not held:
            return writer.delete(ids, each(causes, len(ids)))
        free = [(key, cause) for key, cause in zip(ids, each(causes, len(ids)), strict=True) if key not in held]
        deleted = iter(writer.delete([key for key, _ in free], [cause for _, cause in free]))
        return [held[key] if key in held else next(deleted) for key in ids]

    def undelete(self, object_name: str, ids: Sequence[str], causes: Causes) -> list[Outcome]:
        """Bring soft-deleted records back."""
        return self._writer(object_name).undelete(ids, each(causes, len(ids)))

    def link(
        self, object_name: str, ids: Sequence[str], field: str, targets: Sequence[str | None], causes: Causes
    ) -> list[Outcome]:
        """Point a reference field at other records, which must exist; None unlinks."""
        plan = self._catalogue.plan(object_name)
        if field not in plan.references:
            raise problems.not_a_reference(plan.schema, field, plan.references)
        return self.update(object_name, ids, [{field: target} for target in targets], causes)

    def convert_leads(
        self, ids: Sequence[str], options: Mapping[str, Any], causes: Causes
    ) -> list[dict[str, Any] | TowpathError]:
        """Turn leads into account, contact and (option ``deal``) deal; answers with their ids."""
        return convert_leads(self, ids, options, causes, self.now)

    # Assignment

    def assign(self, pool: str, ids: Sequence[str], causes: Causes) -> list[Outcome | Nobody]:
        """Give records to people of a pool, in order: the record with its owner, or why nobody can take it."""
        return self.pools.assign(pool, ids, each(causes, len(ids)))

    def enqueue(self, pool: str, key: str, record: str, reason: str) -> None:
        """Keep a record that nobody can take in the pool's queue; the wait ``key`` is answered when there is room."""
        self._queued.append((key, pool, record, reason, self.at))

    def dequeue(self, keys: Sequence[str]) -> None:
        """Take records out of their queues."""
        if keys:
            self._transaction.delete(QUEUE, keys)

    # What rules of the CRM hold on to

    def lock(self, object_name: str, record: str, fields: Sequence[str], owner: str, run: str | None = None) -> None:
        """Lock fields of a record for an owner; only the run that asked, if one did, may still write them."""
        plan = self._catalogue.plan(object_name)
        for name in fields:
            if name not in plan.forms:
                raise problems.unknown_field(plan.schema, name)
        self.guards.lock(object_name, record, fields, owner, run, self._writer(object_name))

    def unlock(self, owners: Sequence[str]) -> None:
        """Give up the locks of these owners; what others hold stays locked."""
        self.guards.locks.unlock(owners)

    def set_alarm(self, kind: str, subject: str, due: int | None) -> None:
        """Have the rule of that kind look at the subject at ``due`` (microseconds); None clears it."""
        self._alarms[kind, subject] = due

    def business_time(self) -> BusinessTime:
        """The calendar that business time is counted by."""
        return self._calendars.of()

    def opened(self, *records: str) -> AbstractContextManager[None]:
        """Let the keeper of these records write them, as nobody else may."""
        return self.guards.opened(*records)

    def wrote(self, object_name: str) -> bool:
        """Whether this transaction has written records of the object."""
        unit = self._units.get(object_name)
        return unit is not None and bool(unit.first)

    # Leaving

    def flush(self) -> None:
        """Send the writes that are held back."""
        for unit in self._units.values():
            unit.flush()

    def _redirects(self, object_name: str, ids: Sequence[str]) -> dict[str, str]:
        """Where those of the records have gone that were merged into others."""
        if object_name not in self._merged:
            return {}
        unit = self._unit(object_name)
        unit.load(ids)
        lost = [key for key in dict.fromkeys(ids) if unit.alive(key) is None]
        moved = dict(self._transaction.get(REDIRECT, lost, ("record", "target"))) if lost else {}
        unit.load(moved.values())
        return moved

    def _doubles_of(self, object_name: str) -> Doubles | None:
        rules = self._duplicates.get(object_name)
        if rules and object_name not in self._doubles:
            load = partial(self.get, object_name)
            self._doubles[object_name] = Doubles(self._transaction, rules, load, self.at, self.confirmed)
        return self._doubles.get(object_name)

    def changes(self) -> list[Change]:
        """The net changes of the transaction so far."""
        return [change for unit in self._units.values() for change in net_changes(unit)]

    def finish(self) -> list[Change]:
        """Send all writes and write the feed, once, as the last act of the transaction; gives the net changes."""
        self.flush()
        changes = self.changes()
        for doubles in self._doubles.values():
            doubles.flush()
        write_alarms(self._transaction, self._alarms)
        if self._queued:
            self._transaction.insert(QUEUE, QUEUE.names, self._queued)
        if changes:
            transaction_id, *ids = self._ids.many(len(changes) + 1)
            rows = feed_rows(changes, ids, self.at, transaction_id)
            self._transaction.insert(FEED, FEED.names, rows)
        for unit in self._units.values():
            unit.keep_warm()
        return changes

    def close(self) -> None:
        """Let go of all records at once: the session, its pools and references know one another, and would wait for
        Python's garbage collector with them."""
        self._units.clear()
        self._writers.clear()

    def _unit(self, object_name: str) -> ObjectUnit:
        unit = self._units.get(object_name)
        if unit is None:
            plan = self._catalogue.plan(object_name)
            unit = self._units[object_name] = ObjectUnit(plan, self._transaction, self.now, self._warm)
        return unit

    def _flushed(self, object_name: str) -> ObjectUnit:
        unit = self._unit(object_name)
        unit.flush()
        return unit

    def _writer(self, object_name: str) -> ObjectWriter:
        writer = self._writers.get(object_name)
        if writer is None:
            rules = _of(self._rules, object_name)
            checks = (*_of(self._checks, object_name), *self.guards.rules(object_name))
            doubles = self._doubles_of(object_name)
            writer = ObjectWriter(self._unit(object_name), self._references, rules, checks, doubles)
            self._writers[object_name] = writer
        return writer


def _of(rules: SaveRules, object_name: str) -> tuple[SaveRule, ...]:
    return (*rules.get("*", ()), *rules.get(object_name, ()))
