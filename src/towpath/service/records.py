"""Working with records from outside a run: create, change, find, and load many from rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from towpath.crm.duplicates.tables import REDIRECT
from towpath.crm.history import FieldChange, field_history
from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.model.condition import Condition
from towpath.model.table import Order
from towpath.service.parts import save_in_parts
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.unit import Unit, in_unit

BATCH = 1000
Numbered = tuple[int, Mapping[str, Any]]


def create(
    platform: Platform,
    object_name: str,
    values: Mapping[str, Any],
    *,
    actor: str = "system",
    confirm: str | None = None,
) -> dict[str, Any]:
    """Create one record; the record with its id. ``confirm`` is the token of a warning about duplicates."""

    def work(unit: Unit) -> dict[str, Any]:
        unit.records.confirmed |= {confirm} if confirm else set()
        return _one(unit.records.create(object_name, [values], Cause(actor)))

    return in_unit(platform, work)


def update(
    platform: Platform, object_name: str, record_id: str, values: Mapping[str, Any], *, actor: str = "system"
) -> dict[str, Any]:
    """Change fields of one record; the whole record."""
    return in_unit(platform, lambda unit: _one(unit.records.update(object_name, [record_id], [values], Cause(actor))))


def delete(platform: Platform, object_name: str, record_id: str, *, actor: str = "system") -> dict[str, Any]:
    """Soft-delete one record; the record as it was."""
    return in_unit(platform, lambda unit: _one(unit.records.delete(object_name, [record_id], Cause(actor))))


def undelete(platform: Platform, object_name: str, record_id: str, *, actor: str = "system") -> dict[str, Any]:
    """Bring one soft-deleted record back."""
    return in_unit(platform, lambda unit: _one(unit.records.undelete(object_name, [record_id], Cause(actor))))


def convert_lead(
    platform: Platform, lead_id: str, options: Mapping[str, Any], *, actor: str = "system"
) -> dict[str, Any]:
    """Turn a lead into account, contact and deal; their ids."""
    return in_unit(platform, lambda unit: _one(unit.records.convert_leads([lead_id], options, Cause(actor))))


def get(platform: Platform, object_name: str, record_id: str) -> dict[str, Any] | None:
    """One record, or None; of one that was merged, the record that it is now."""

    def work(state: Snapshot) -> dict[str, Any] | None:
        found = state.records.get(object_name, [record_id]).get(record_id)
        rows = state.tx.get(REDIRECT, [record_id], ("target",)) if found is None else ()
        return state.records.get(object_name, [rows[0][0]]).get(rows[0][0]) if rows else found

    return in_snapshot(platform, work)


def find(
    platform: Platform,
    object_name: str,
    where: Condition | None = None,
    *,
    order: Sequence[Order] = (),
    limit: int | None = 50,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Records that match."""
    return in_snapshot(
        platform, lambda state: state.records.find(object_name, where, order=order, limit=limit, offset=offset)
    )


def count(platform: Platform, object_name: str, where: Condition | None = None) -> int:
    """How many records match."""
    return in_snapshot(platform, lambda state: state.records.count(object_name, where))


def history(platform: Platform, record_id: str) -> list[FieldChange]:
    """Every change of the record's fields, oldest first."""
    return platform.store.read(lambda tx: field_history(tx, record_id))


@dataclass(slots=True)
class Loaded:
    """What loading rows came to; ``errors`` has (row number, error) for rows that were left out."""

    created: int = 0
    updated: int = 0
    errors: list[tuple[int, TowpathError]] = field(default_factory=list)


def load_rows(
    platform: Platform,
    object_name: str,
    rows: Iterable[tuple[int, Mapping[str, Any]]],
    *,
    key: str | None = None,
    actor: str = "system",
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Loaded:
    """Create (or, with ``key``, update or create) records from numbered rows, as a declared bulk job.

    Each thousand rows is one transaction; a bad row is left out and reported, the others stay. With ``dry_run``
    everything is checked and nothing is kept.
    """
    loaded = Loaded()

    def save(batch: Sequence[Numbered]) -> None:
        part = Loaded()
        with suppress(_DryRunError):
            in_unit(platform, partial(_load_batch, object_name, batch, key, actor, dry_run, part))
        loaded.created += part.created
        loaded.errors += part.errors

    for batch in _batches(rows, BATCH):
        save_in_parts(batch, save, lambda row, error: loaded.errors.append((row[0], error)))
        if progress is not None:
            progress(len(batch))
    return loaded


class _DryRunError(Exception):
    """Rolls a trial transaction back."""


def _load_batch(
    object_name: str,
    batch: Sequence[Numbered],
    key: str | None,
    actor: str,
    dry_run: bool,
    loaded: Loaded,
    unit: Unit,
) -> None:
    values = [row for _, row in batch]
    cause = Cause(actor, bulk=True)
    loaded.errors, loaded.created = [], 0  # a unit may be run again
    if key is None:
        outcomes = unit.records.create(object_name, values, cause)
    else:
        outcomes = unit.records.upsert(object_name, key, values, cause)
    for (number, _), outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, TowpathError):
            loaded.errors.append((number, outcome))
        else:
            loaded.created += 1
    if dry_run:
        raise _DryRunError


def _one(outcomes: Sequence[Any]) -> dict[str, Any]:
    (outcome,) = outcomes
    if isinstance(outcome, TowpathError):
        raise outcome
    result: dict[str, Any] = outcome
    return result


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
