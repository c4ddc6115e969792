"""Before-save rules: what may change or refuse records between the check of their values and the write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from towpath.crm.plan import ObjectPlan, Values
from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.ports.records import Record


@dataclass(slots=True)
class SaveBatch:
    """The records of one object that one call creates (``old`` is None), updates or, where ``restoring``, brings back.

    A rule looks at ``old`` and ``new`` and calls ``set`` and ``reject``; it does no I/O. A record that is created
    has no id yet. One that is brought back is its own ``old``: none of its fields has changed, but what looks at
    records that come must look at it. ``now`` is the time of the transaction as records hold it.
    """

    plan: ObjectPlan
    old: Sequence[Record | None]
    values: list[Values]
    causes: Sequence[Cause]
    now: str
    restoring: bool = False
    refusals: dict[int, str | TowpathError] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def object(self) -> str:
        """The name of the object."""
        return self.plan.schema.name

    def new(self, index: int) -> Record:
        """The record as it would be saved now."""
        back = {"deletedAt": None} if self.restoring else {}
        return {**(self.old[index] or self.plan.empty), **self.values[index], **back}

    def changes(self, index: int, name: str) -> bool:
        """Whether the save gives the field another value, or a value at all where the record is new."""
        before = self.old[index]
        was = None if before is None else before[name]
        return bool(self.values[index].get(name, self.plan.empty[name] if before is None else was) != was)

    def set(self, index: int, values: Mapping[str, Any]) -> None:
        """Set fields of the record; they are checked like any others."""
        self.values[index].update(values)
        self.changed.add(index)

    def refused(self, index: int) -> bool:
        """Whether an earlier rule refused the record."""
        return index in self.refusals

    def reject(self, index: int, reason: str | TowpathError) -> None:
        """Refuse the record: it fails alone with this reason."""
        self.refusals.setdefault(index, reason)


SaveRule: TypeAlias = Callable[[SaveBatch], None]
SaveRules: TypeAlias = Mapping[str, Sequence[SaveRule]]
"""The rules of each object by its name, in order; those under ``"*"`` come first for every object."""
