"""One object inside one transaction: the identity map of its records, and the writes that are held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from towpath.crm.cause import merged
from towpath.crm.plan import ObjectPlan
from towpath.crm.warm import WarmRecords
from towpath.model.change import Cause
from towpath.ports.records import Record
from towpath.ports.store import Transaction

UPDATE_STATEMENTS = 2  # most update statements of one flush: the commonest set of columns alone, all others together


class ObjectUnit:
    """The records of one object as this transaction sees them.

    ``records`` holds every record that was read or written, as it is now; ``first`` how each written one was at
    the start of the transaction (None: it was not there); ``touched`` the fields that were ever written since, and
    ``again`` the records of which that was more than once.
    ``inserts`` and ``updates`` wait for the next flush.
    """

    __slots__ = (
        "_fresh", "_warm", "absent", "again", "causes", "first", "insert_columns", "inserts", "now", "plan", "records",
        "touched", "transaction", "updates",
    )  # fmt: skip

    def __init__(self, plan: ObjectPlan, transaction: Transaction, now: str, warm: WarmRecords | None = None) -> None:
        self.plan = plan
        self.transaction = transaction
        self.now = now
        self._warm = warm
        self.records: dict[str, Record] = {}
        self.absent: set[str] = set()
        self.first: dict[str, Record | None] = {}
        self.touched: dict[str, tuple[str, ...]] = {}
        self.again: set[str] = set()
        self.causes: dict[str, Cause] = {}
        self.inserts: set[str] = set()
        self.insert_columns: set[str] = set()
        self.updates: dict[str, tuple[str, ...]] = {}
        self._fresh = plan.empty | {"createdAt": now, "updatedAt": now}

    # Reading

    def load(self, ids: Iterable[str]) -> None:
        """Make sure that every one of the records that exist is in ``records``, in one statement."""
        records, absent = self.records, self.absent
        missing = [key for key in dict.fromkeys(ids) if key not in records and key not in absent]
        if missing and self._warm is not None:
            records.update(self._warm.take(self.plan.schema.name, missing))
            missing = [key for key in missing if key not in records]
        if not missing:
            return
        self.adopt(self.transaction.get(self.plan.table, missing))
        absent.update(key for key in missing if key not in records)

    def adopt(self, rows: Iterable[tuple[Any, ...]]) -> list[Record]:
        """The records of rows just read; one that is known already stays the one it is."""
        records, names = self.records, self.plan.names
        found = []
        for row in rows:
            key = row[0]
            record = records.get(key)
            if record is None:
                record = records[key] = dict(zip(names, row, strict=True))
            found.append(record)
        return found

    def alive(self, key: str) -> Record | None:
        """The loaded record of that id unless it is deleted."""
        record = self.records.get(key)
        return record if record is not None and record["deletedAt"] is None else None

    # Writing

    def add(self, key: str, values: Mapping[str, Any], cause: Cause) -> Record:
        """A new record."""
        record = {**self._fresh, **values, "id": key}
        self.records[key] = record
        self.absent.discard(key)
        self.first[key] = None
        self.touched[key] = tuple(values)
        self.causes[key] = cause
        self.inserts.add(key)
        self.insert_columns.update(values)
        return record

    def change(self, old: Record, changes: Mapping[str, Any], cause: Cause) -> Record:
        """The record with ``changes``, which differ from ``old`` and are not empty."""
        key = old["id"]
        record = {**old, **changes, "updatedAt": self.now}
        columns = tuple(changes)
        self.records[key] = record
        if key in self.first:
            self._change_again(key, columns, cause)
        else:
            self.first[key] = old
            self.touched[key] = self.updates[key] = columns
            self.causes[key] = cause
        return record

    def _change_again(self, key: str, columns: tuple[str, ...], cause: Cause) -> None:
        self.again.add(key)
        self.touched[key] = _union(self.touched[key], columns)
        self.causes[key] = merged(self.causes[key], cause)
        if key in self.inserts:
            self.insert_columns.update(columns)
        else:
            self.updates[key] = _union(self.updates.get(key, ()), columns)

    # Leaving

    def flush(self) -> None:
        """Send what is held back: at most one insert and ``UPDATE_STATEMENTS`` updates, sorted by id."""
        if self.updates:
            for columns, keys in _grouped(self.updates):
                self._send_updates(columns, keys)
            self.updates = {}
        if self.inserts:
            self._send_inserts()
            self.inserts = set()

    def keep_warm(self) -> None:
        """Leave what was written for the next transactions."""
        if self._warm is not None and self.first:
            records = self.records
            self._warm.put(self.plan.schema.name, {key: records[key] for key in self.first})

    def _send_updates(self, columns: tuple[str, ...], keys: Sequence[str]) -> None:
        records, row = self.records, itemgetter(*columns, "updatedAt", "id")
        rows = [row(records[key]) for key in sorted(keys)]
        self.transaction.update(self.plan.table, (*columns, "updatedAt"), rows)

    def _send_inserts(self) -> None:
        # Columns that no record of the batch fills are left to the store's null: objects are wide, rows are not.
        filled = self.insert_columns | {name for name, value in self._fresh.items() if value is not None}
        columns = [name for name in self.plan.names if name in filled or name == "id"]
        records, row = self.records, itemgetter(*columns)
        rows = [row(records[key]) for key in sorted(self.inserts)]
        self.transaction.insert(self.plan.table, columns, rows)
        self.insert_columns = set()


def _union(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return some if some == others else tuple(dict.fromkeys(some + others))


def _grouped(updates: Mapping[str, tuple[str, ...]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Ids by the columns to write; beyond ``UPDATE_STATEMENTS`` sets of columns the rarer ones are joined.

    A record in a joined group is also given the values that it has already, which changes nothing.
    """
    by_columns: dict[tuple[str, ...], list[str]] = {}
    for key, columns in updates.items():
        by_columns.setdefault(columns, []).append(key)
    groups: dict[tuple[str, ...], list[str]] = {}
    for columns, keys in by_columns.items():
        groups.setdefault(tuple(sorted(columns)), []).extend(keys)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    kept, rest = ranked[: UPDATE_STATEMENTS - 1], ranked[UPDATE_STATEMENTS - 1 :]
    if len(rest) > 1:
        names = sorted({name for columns, _ in rest for name in columns})
        rest = [(tuple(names), [key for _, keys in rest for key in keys])]
    return kept + rest
