"""Guards on saves: what other parts of the CRM hold is changed through them alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from towpath.crm.locks import FieldLocks, lock_rule, locked
from towpath.crm.saving import SaveBatch, SaveRule
from towpath.crm.write import ObjectWriter
from towpath.errors import ConflictError, Where
from towpath.ports.records import Record
from towpath.ports.store import Transaction

_DECISION = frozenset({"status", "outcome", "response", "completedBy", "ownerId", "approvalId", "approvalRound"})
_STATE = frozenset({"status", "step", "round", "steps", "decidedBy", "relatedId", "relatedObject", "waiting"})
GuardMaker: TypeAlias = Callable[[Callable[[str], bool]], SaveRule]
"""Makes a guard of an object from the function that says for which records it is open."""
NEW = "+"  # opened where the keeper makes records


class Guards:
    """The guards of one transaction, and the records for which their keepers opened them."""

    def __init__(
        self, transaction: Transaction, locked_objects: Iterable[str], more: Mapping[str, GuardMaker] | None = None
    ) -> None:
        self.locks = FieldLocks(transaction, locked_objects)
        self._more = more or {}
        self._open: set[str] = set()

    @contextmanager
    def opened(self, *records: str) -> Iterator[None]:
        """Let the keeper write these records."""
        added = set(records) - self._open
        self._open |= added
        try:
            yield
        finally:
            self._open -= added

    def rules(self, object_name: str) -> tuple[SaveRule, ...]:
        """What a writer of the object has to ask before it saves; mostly nothing."""
        rules: list[SaveRule] = []
        if object_name in ("Task", "Approval"):
            rules.append(self._keep_decisions)
        if object_name in self.locks.objects:
            rules.append(lock_rule(self.locks, self._open.__contains__))
        if object_name in self._more:
            rules.append(self._more[object_name](self._open.__contains__))
        return tuple(rules)

    def lock(
        self, object_name: str, record: str, fields: Sequence[str], owner: str, run: str | None, writer: ObjectWriter
    ) -> None:
        """Lock fields, and have the object's writer ask from now on."""
        known = object_name in self.locks.objects
        self.locks.lock(object_name, record, fields, owner, run)
        if not known:
            writer.add_rule(lock_rule(self.locks, self._open.__contains__))

    def held(self, object_name: str, records: Sequence[str], writer: ObjectWriter) -> dict[str, ConflictError]:
        """The records that cannot be deleted, each with the error that says why."""
        if object_name in ("Task", "Approval"):
            writer.unit.load(records)
            known = writer.unit.records
            return {r: _kept(object_name, r) for r in records if r in known and _undecided(object_name, known[r])}
        if object_name not in self.locks.objects:
            return {}
        found = self.locks.of(object_name, [record for record in records if record not in self._open])
        return {record: locked(object_name, record, held[0][0], held[0][1]) for record, held in found.items()}

    def _keep_decisions(self, batch: SaveBatch) -> None:
        """A vote is given by its approver, never by a write to the record that holds it."""
        kept = _DECISION if batch.object == "Task" else _STATE
        for i, old in enumerate(batch.old):
            key, new = (NEW, batch.new(i)) if old is None else (old["id"], old)
            bound = batch.object == "Approval" or new["approvalId"] is not None
            if bound and key not in self._open and not kept.isdisjoint(batch.values[i]):
                batch.reject(i, _kept(batch.object, key))


def _undecided(object_name: str, record: Record) -> bool:
    if object_name == "Approval":
        return bool(record["status"] == "Pending")
    return record["approvalId"] is not None and record["status"] in ("Open", "Claimed")


def _kept(object_name: str, record: str) -> ConflictError:
    return ConflictError(
        "an approval is decided by its approvers, not by a write to its record",
        code="approval.kept",
        hint="towpath tasks complete --outcome approved or rejected gives the decision.",
        where=Where(object=object_name, record=record),
    )
