"""Field locks: fields of a record that nobody may edit while an approval decides about it.

A lock has an owner. A field is locked as long as any owner holds it, so nested locks count; taking one owner's locks
away leaves those of the others. The run that asked for a lock may still write the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from towpath.crm.saving import SaveBatch
from towpath.errors import ConflictError, Where
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Column, Index, Table
from towpath.ports.store import Transaction

LOCK = Table(
    "field_lock",
    (
        Column("owner", required=True),
        Column("object", required=True),
        Column("record", required=True),
        Column("field", required=True),
        Column("run"),
    ),
    key=("owner", "object", "record", "field"),
    indexes=(Index(("record",)),),
)


class FieldLocks:
    """The locks of one transaction. ``objects`` are those that ever had a lock: others are never looked up."""

    def __init__(self, transaction: Transaction, objects: Iterable[str]) -> None:
        self._transaction = transaction
        self.objects = set(objects)
        self.new_objects: set[str] = set()

    def lock(self, object_name: str, record: str, fields: Sequence[str], owner: str, run: str | None) -> None:
        """The owner locks fields of a record; what it holds already stays held."""
        if object_name not in self.objects:
            self.objects.add(object_name)
            self.new_objects.add(object_name)
        rows = [(owner, object_name, record, field, run) for field in dict.fromkeys(fields)]
        self._transaction.insert(LOCK, LOCK.names, rows, ignore_conflicts=True)

    def unlock(self, owners: Sequence[str]) -> None:
        """Give up everything that these owners hold."""
        held = Comparison(Field("owner"), "in", tuple(owners))
        keys = self._transaction.select(LOCK, LOCK.key, held) if owners else []
        if keys:
            self._transaction.delete(LOCK, keys)

    def of(self, object_name: str, records: Iterable[str]) -> dict[str, list[tuple[str, str, str | None]]]:
        """(field, owner, run) of each lock on these records, by record."""
        wanted = sorted(set(records))
        found: dict[str, list[tuple[str, str, str | None]]] = {}
        if not wanted:
            return found
        same = Comparison(Field("object"), "==", object_name)
        where = All((Comparison(Field("record"), "in", tuple(wanted)), same))
        for record, field, owner, run in self._transaction.select(LOCK, ("record", "field", "owner", "run"), where):
            found.setdefault(record, []).append((field, owner, run))
        return found

    def move(self, object_name: str, record: str, to: str) -> None:
        """Locks of a record that was merged into another go with it."""
        for field, owner, run in self.of(object_name, [record]).get(record, ()):
            self._transaction.delete(LOCK, [(owner, object_name, record, field)])
            self.lock(object_name, to, [field], owner, run)


def lock_rule(locks: FieldLocks, permitted: Callable[[str], bool]) -> Callable[[SaveBatch], None]:
    """Refuses changes of locked fields; ``permitted`` says for which records the writer holds the key."""

    def rule(batch: SaveBatch) -> None:
        olds = {old["id"]: i for i, old in enumerate(batch.old) if old is not None and not permitted(old["id"])}
        for record, held in locks.of(batch.object, olds).items():
            i = olds[record]
            for field, owner, run in held:
                if field in batch.values[i] and (run is None or run != batch.causes[i].run):
                    batch.reject(i, locked(batch.object, record, field, owner))

    return rule


def locked(object_name: str, record: str, field: str, owner: str) -> ConflictError:
    """The error for a field that an approval holds."""
    return ConflictError(
        f"{object_name}.{field} is locked while an approval decides about the record",
        code="record.locked",
        hint="Wait for the decision, or recall the request: towpath approvals list shows it.",
        where=Where(object=object_name, record=record, field=field),
        params={"object": object_name, "field": field, "owner": owner.partition(":")[0]},
    )
