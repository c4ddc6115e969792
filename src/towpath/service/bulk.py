"""Many records of one object at once: change, delete, bring back; those named, or all that match.

A declared bulk job: each thousand records are one transaction; one that cannot be changed is left out and told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towpath.crm.conditions import search_condition
from towpath.errors import InputError, TowpathError, Where
from towpath.model.change import Cause
from towpath.model.condition import Condition
from towpath.model.table import Order
from towpath.service.parts import save_in_parts
from towpath.service.platform import Platform
from towpath.service.records import BATCH
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.unit import Unit, in_unit

MOST = 10_000  # records changed by one request
Work = Callable[[Unit, Sequence[str]], Sequence[Any]]


@dataclass(slots=True)
class Changed:
    """The ids that were changed, (id, error) of those that were not, and by id what changed values were before."""

    ids: list[str] = field(default_factory=list)
    errors: list[tuple[str, TowpathError]] = field(default_factory=list)
    before: dict[str, dict[str, Any]] = field(default_factory=dict)


def matching(platform: Platform, object_name: str, where: Condition | None) -> list[str]:
    """The ids of all that match. InputError ``bulk.too_many`` above ``MOST``: then nothing should be done."""

    def work(state: Snapshot) -> list[str]:
        plan = state.catalogue.plan(object_name)
        found = search_condition(plan, where)
        rows = state.tx.select(plan.table, ("id",), found, order=(Order("id"),), limit=MOST + 1)
        if len(rows) > MOST:
            ((count,),) = state.tx.count(plan.table, found)
            raise InputError(
                f"{count:,} records match, and {MOST:,} can be changed at a time", code="bulk.too_many",
                hint="Narrow the filter.", where=Where(object=object_name), params={"count": count, "most": MOST},
            )  # fmt: skip
        return [key for (key,) in rows]

    return in_snapshot(platform, work)


def update_many(
    platform: Platform, object_name: str, rows: Mapping[str, Mapping[str, Any]], *, actor: str = "system"
) -> Changed:
    """Change many records, each by its id; ``before`` is what takes all of it back."""
    cause, before = Cause(actor, bulk=True), dict[str, dict[str, Any]]()

    def work(unit: Unit, part: Sequence[str]) -> Sequence[Any]:
        olds = unit.records.get(object_name, part)
        before.update((key, {name: olds[key].get(name) for name in rows[key]}) for key in part if key in olds)
        return unit.records.update(object_name, part, [rows[key] for key in part], cause)

    changed = _each_part(platform, list(rows), work)
    changed.before = {key: before[key] for key in changed.ids}
    return changed


def delete_many(platform: Platform, object_name: str, ids: Sequence[str], *, actor: str = "system") -> Changed:
    """Soft-delete many records."""
    cause = Cause(actor, bulk=True)
    return _each_part(platform, ids, lambda unit, part: unit.records.delete(object_name, part, cause))


def restore_many(platform: Platform, object_name: str, ids: Sequence[str], *, actor: str = "system") -> Changed:
    """Bring many deleted records back."""
    cause = Cause(actor, bulk=True)
    return _each_part(platform, ids, lambda unit, part: unit.records.undelete(object_name, part, cause))


def _each_part(platform: Platform, ids: Sequence[str], work: Work) -> Changed:
    changed = Changed()

    def save(part: Sequence[str]) -> None:
        outcomes = in_unit(platform, lambda unit: work(unit, part))
        for key, outcome in zip(part, outcomes, strict=True):
            if isinstance(outcome, TowpathError):
                changed.errors.append((key, outcome))
            else:
                changed.ids.append(key)

    for start in range(0, len(ids), BATCH):
        save_in_parts(ids[start : start + BATCH], save, lambda key, error: changed.errors.append((key, error)))
    return changed
