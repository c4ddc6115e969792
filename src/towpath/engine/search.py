"""Finds the records that each item of a batch asks for, with as few questions as there are different ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.batch import Batch
from towpath.engine.conditions import WrittenCondition
from towpath.engine.params import Dynamic
from towpath.errors import NodeError, Where
from towpath.model.condition import ALWAYS
from towpath.model.table import Order
from towpath.ports.records import Record

Found = list[tuple[int, list[Record]]]  # per item that has not failed: its position and its records


def search(
    batch: Batch[Any],
    object_name: str,
    where: WrittenCondition | None,
    *,
    order: Sequence[Order] = (),
    limit: int | None = None,
) -> Found:
    """The records that match each item's condition.

    One statement where the condition is ``field == value``, else one for each distinct condition.
    """
    equality = where.equality if where else None
    if equality is not None:
        field, value = equality
        values = batch.evaluate(value) if isinstance(value, Dynamic) else [value] * len(batch.items)
        if all(value is None or isinstance(value, str) for value in values):
            return _by_text(batch, object_name, field, values, order, limit)
    return _by_condition(batch, object_name, where, order, limit)


def _by_condition(
    batch: Batch[Any], object_name: str, where: WrittenCondition | None, order: Sequence[Order], limit: int | None
) -> Found:
    conditions = where.bound(batch.scopes, batch.sandbox) if where else [ALWAYS] * len(batch.items)
    results: dict[str, list[Record]] = {}
    found: Found = []
    for position in batch.live():
        key = repr(conditions[position])  # not the condition itself: 1 == True to a dict, but not to a record
        if key not in results:
            results[key] = batch.context.records.find(object_name, conditions[position], order=order, limit=limit)
        found.append((position, results[key]))
    return found


def _by_text(
    batch: Batch[Any], object_name: str, field: str, values: list[Any], order: Sequence[Order], limit: int | None
) -> Found:
    """``find_by`` asks for all values at once; order and limit are per item, so they are applied here."""
    wanted = dict.fromkeys(values[position] for position in batch.live() if values[position] is not None)
    records = batch.context.records.find_by(object_name, field, list(wanted))
    if order:
        records = {key: ordered(rows, order) for key, rows in records.items()}
    return [(position, records.get(values[position], [])[:limit]) for position in batch.live()]


def ordered(rows: Sequence[Record], order: Sequence[Order]) -> list[Record]:
    """Records by several keys, nulls first ascending and last descending, ties as they were."""
    rows = list(rows)
    for key in reversed(order):
        name = key.column
        rows.sort(key=lambda row: (row.get(name) is not None, row.get(name)), reverse=key.descending)
    return rows


def record_ids(batch: Batch[Any], value: Dynamic[Any] | None) -> list[tuple[int, str]]:
    """``(position, id)`` of the record that each item is about: the parameter's value, else the item's own ``id``."""
    if value is not None:
        return batch.resolve(value)
    pairs = []
    for position in batch.live():
        record_id = batch.items[position].json.get("id")
        if isinstance(record_id, str) and record_id:
            pairs.append((position, record_id))
        else:
            batch.fail(position, missing_id())
    return pairs


def missing_id() -> NodeError:
    """The item does not say which record is meant."""
    return NodeError(
        "the item has no 'id'",
        code="node.missing_id",
        hint="Say which record is meant in the parameter 'id', for example {{ $record.id }} or {{ $global.leadId }}.",
        where=Where(field="id"),
    )
