"""Unique fields inside one transaction: who holds which value, in the store and among the writes held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from towpath.crm import problems
from towpath.crm.tables import living_with
from towpath.crm.unit import ObjectUnit
from towpath.errors import SchemaError


class UniqueValues:
    """Who holds each value of an object's unique fields; looked up set-wise, kept up to date by every write."""

    __slots__ = ("_fields", "_holders", "_released", "_unit")

    def __init__(self, unit: ObjectUnit) -> None:
        self._unit = unit
        self._fields = unit.plan.unique
        self._holders: dict[str, dict[Any, str | None]] = {name: {} for name in self._fields}
        self._released: set[tuple[str, Any]] = set()

    def look_up(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Learn the holders of the values in ``rows``: at most one statement per unique field."""
        rows = list(rows)
        for name in self._fields:
            known = self._holders[name]
            wanted = {row[name] for row in rows if name in row} - known.keys() - {None}
            if wanted:
                known.update(dict.fromkeys(wanted))
                known.update(self._stored(name, sorted(wanted)))

    def _stored(self, name: str, wanted: list[Any]) -> Iterable[tuple[Any, str]]:
        unit = self._unit
        rows = unit.transaction.select(unit.plan.table, (name, "id"), living_with(name, wanted))
        for value, key in rows:
            pending = unit.records.get(key)  # what this transaction made of the record is newer than the store
            if pending is None or (pending[name] == value and pending["deletedAt"] is None):
                yield value, key

    def clash(self, key: str, values: Mapping[str, Any]) -> SchemaError | None:
        """The error if another record holds one of the values, which must have been looked up."""
        for name in self._fields & values.keys():
            holder = self._holders[name].get(values[name])
            if holder is not None and holder != key:
                return problems.duplicate(self._unit.plan.schema, name, values[name], holder)
        return None

    def take(self, key: str, values: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> None:
        """The record holds these values from now on, in place of those that it had in ``old``.

        A value that another record gave up in a write still held back is free for the store only once that
        write is out: it is flushed first. (Before this record gives up its own, which no flush has sent yet.)
        """
        taken = [(name, values[name]) for name in self._fields & values.keys() if values[name] is not None]
        if not self._released.isdisjoint(taken):
            self._unit.flush()
            self._released.clear()
        if old is not None:
            self.give_up(old, values)
        for name, value in taken:
            self._holders[name][value] = key

    def give_up(self, record: Mapping[str, Any], names: Iterable[str]) -> None:
        """The record no longer holds its values of the fields ``names``."""
        for name in self._fields.intersection(names):
            value = record[name]
            if value is not None:
                self._holders[name][value] = None
                self._released.add((name, value))
