"""Whether the records that references point to exist, looked up set-wise and remembered for the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from towpath.crm import problems
from towpath.crm.unit import ObjectUnit
from towpath.errors import SchemaError


class References:
    """Knows which targets exist; one statement per target object and batch of rows, for ids not met before."""

    __slots__ = ("_exists", "_unit_of")

    def __init__(self, unit_of: Callable[[str], ObjectUnit]) -> None:
        self._unit_of = unit_of
        self._exists: dict[str, dict[str, bool]] = {}

    def look_up(self, references: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Learn about the targets of ``rows``; ``references`` has the target object of each field to look at."""
        rows = list(rows)
        wanted: dict[str, set[str]] = {}
        for name, target in references.items():
            wanted.setdefault(target, set()).update(row[name] for row in rows if row.get(name) is not None)
        for target, ids in wanted.items():
            unit, known = self._unit_of(target), self._exists.setdefault(target, {})
            unknown = sorted(ids - unit.records.keys() - known.keys())
            if unknown:
                known.update(dict.fromkeys(unknown, False))
                found = unit.transaction.get(unit.plan.table, unknown, ("id", "deletedAt"))
                known.update((key, deleted is None) for key, deleted in found)

    def broken(self, unit: ObjectUnit, values: Mapping[str, Any]) -> SchemaError | None:
        """The error for the first reference among ``values``, all looked up, that leads nowhere."""
        references = unit.plan.references
        for name in references.keys() & values.keys():
            key = values[name]
            if key is not None and not self._found(references[name], key):
                return problems.missing_reference(unit.plan.schema, name, references[name], key)
        return None

    def _found(self, target: str, key: str) -> bool:
        unit = self._unit_of(target)
        if key in unit.records:
            return unit.alive(key) is not None
        return self._exists.get(target, {}).get(key, False)
