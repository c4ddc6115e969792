"""The CRM as node types see it: set-wise work on records inside the transaction of the batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from towpath.errors import TowpathError
from towpath.model.business_time import BusinessTime
from towpath.model.change import Cause
from towpath.model.condition import Condition
from towpath.model.schema import ObjectSchema
from towpath.model.table import Order

Record = dict[str, Any]
Outcome = Record | TowpathError  # one per input row, in order: a bad row fails alone


@dataclass(frozen=True, slots=True)
class Nobody:
    """Why nobody of a pool can take a record, and when to ask again at the latest (microseconds; None: at no time)."""

    reason: str
    again: int | None = None


class Records(Protocol):
    """One transaction's view of the CRM.

    Writes are held back and leave as one statement per table; reads see them. Records are plain dicts of JSON
    values: dates as ``YYYY-MM-DD``, datetimes as ``YYYY-MM-DDTHH:MM:SS.mmmZ``, money and numbers as numbers,
    multi-choice as a list, references as ids. Callers must not change a record they were given.
    Each row of a write has its own cause (or one cause for all).
    """

    def schema(self, object_name: str) -> ObjectSchema:
        """The object's schema; SchemaError ``schema.unknown_object`` with the nearest name."""
        ...

    def create(self, object_name: str, rows: Sequence[Mapping[str, Any]], causes: Causes) -> list[Outcome]:
        """New records with ids, defaults and times filled in."""
        ...

    def update(
        self, object_name: str, ids: Sequence[str], values: Sequence[Mapping[str, Any]], causes: Causes
    ) -> list[Outcome]:
        """Set fields of records; the whole updated record comes back. A value equal to the old one changes nothing."""
        ...

    def upsert(self, object_name: str, key: str, rows: Sequence[Mapping[str, Any]], causes: Causes) -> list[Outcome]:
        """Update the record whose field ``key`` has the row's value, or create it; two equal rows meet one record."""
        ...

    def delete(self, object_name: str, ids: Sequence[str], causes: Causes) -> list[Outcome]:
        """Soft-delete; the record as it was comes back."""
        ...

    def undelete(self, object_name: str, ids: Sequence[str], causes: Causes) -> list[Outcome]:
        """Bring soft-deleted records back."""
        ...

    def get(self, object_name: str, ids: Sequence[str]) -> dict[str, Record]:
        """Records by id; missing and deleted ones are left out."""
        ...

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
        """Records that match, in order (default: by id, which is by age)."""
        ...

    def find_by(self, object_name: str, field: str, values: Sequence[Any]) -> dict[Any, list[Record]]:
        """For each value the records whose ``field`` has it, oldest first, in one statement."""
        ...

    def count(self, object_name: str, where: Condition | None = None) -> int:
        """How many records match."""
        ...

    def link(
        self, object_name: str, ids: Sequence[str], field: str, targets: Sequence[str | None], causes: Causes
    ) -> list[Outcome]:
        """Point a reference field at other records, which must exist; None unlinks."""
        ...

    def convert_leads(
        self, ids: Sequence[str], options: Mapping[str, Any], causes: Causes
    ) -> list[dict[str, Any] | TowpathError]:
        """Turn leads into account, contact and (option ``deal``) deal; answers with their ids."""
        ...

    def assign(self, pool: str, ids: Sequence[str], causes: Causes) -> list[Outcome | Nobody]:
        """Give records to people of a pool, in order: the record with its owner, or why nobody can take it."""
        ...

    def enqueue(self, pool: str, key: str, record: str, reason: str) -> None:
        """Keep a record that nobody can take in the pool's queue; the wait ``key`` is answered when there is room."""
        ...

    def dequeue(self, keys: Sequence[str]) -> None:
        """Take records out of their queues."""
        ...

    def lock(self, object_name: str, record: str, fields: Sequence[str], owner: str, run: str | None = None) -> None:
        """Lock fields of a record for an owner; only the run that asked, if one did, may still write them."""
        ...

    def unlock(self, owners: Sequence[str]) -> None:
        """Give up the locks of these owners; what others hold stays locked."""
        ...

    def set_alarm(self, kind: str, subject: str, due: int | None) -> None:
        """Have the rule of that kind look at the subject at ``due`` (microseconds); None clears it."""
        ...

    def business_time(self) -> BusinessTime:
        """The calendar that business time is counted by."""
        ...

    def opened(self, *records: str) -> AbstractContextManager[None]:
        """Let the keeper of these records (``+``: new ones) write them, as nobody else may."""
        ...


Causes = Cause | Sequence[Cause]
