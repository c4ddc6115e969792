"""The net changes of a transaction: what each record was at its start against what it is now."""

from __future__ import annotations

from collections.abc import Iterator

from towpath.crm.unit import ObjectUnit
from towpath.model.change import Change
from towpath.ports.records import Record

_OWN = frozenset({"id", "createdAt", "updatedAt", "deletedAt"})  # these change with every write and say nothing


def net_changes(unit: ObjectUnit) -> Iterator[Change]:
    """The changes of one object, in the order in which its records were first written.

    Nothing comes of a record that is again as it was, or that came and went within the transaction.
    """
    name = unit.plan.schema.name
    records, first, causes, again = unit.records, unit.first, unit.causes, unit.again
    for key, touched in unit.touched.items():
        old, new = first[key], records[key]
        was_there = old is not None and old["deletedAt"] is None
        if new["deletedAt"] is not None:
            if was_there:
                yield Change("deleted", name, key, old, None, filled(old), causes[key])
        elif old is None:
            fields = tuple([field for field in touched if new[field] is not None])
            yield Change("created", name, key, None, new, fields, causes[key])
        elif was_there:
            # Written once, all of them differ; of several writes one may have undone another.
            fields = tuple([f for f in touched if old[f] != new[f]]) if key in again else touched
            if fields:
                yield Change("updated", name, key, old, new, fields, causes[key])
        else:
            yield Change("undeleted", name, key, None, new, filled(new), causes[key])


def filled(record: Record | None) -> tuple[str, ...]:
    """The fields of the object that have a value."""
    return tuple(name for name, value in (record or {}).items() if value is not None and name not in _OWN)
