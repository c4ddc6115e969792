"""Values on their way into and out of rows: JSON as text, checkboxes as true and false; other columns cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import msgspec

from towpath.model.table import Table

Rows: TypeAlias = list[tuple[Any, ...]]
Encoder: TypeAlias = Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]]
Decoder: TypeAlias = Callable[[Rows], Rows]
_Change: TypeAlias = Callable[[Any], Any]

_from_json = msgspec.json.Decoder().decode
_to_json = msgspec.json.Encoder().encode


def encoder(table: Table, columns: Sequence[str]) -> Encoder | None:
    """What makes plain rows storable, or None where they are storable as they are."""
    changes = _positions(table, columns, {"json": json_text})
    if not changes:
        return None
    return lambda rows: (_changed(row, changes) for row in rows)


def decoder(table: Table, columns: Sequence[str]) -> Decoder | None:
    """What makes stored rows plain, or None where they are plain already."""
    changes = _positions(table, columns, {"json": _from_json, "boolean": bool})
    if not changes:
        return None
    return lambda rows: [tuple(_changed(row, changes)) for row in rows]


def json_text(value: object) -> str:
    """A JSON value as compact text."""
    return _to_json(value).decode()


def _positions(table: Table, columns: Sequence[str], by_kind: dict[str, _Change]) -> list[tuple[int, _Change]]:
    kinds = [table.column(name).kind for name in columns]
    return [(position, by_kind[kind]) for position, kind in enumerate(kinds) if kind in by_kind]


def _changed(row: Sequence[Any], changes: list[tuple[int, _Change]]) -> list[Any]:
    values = list(row)
    for position, change in changes:
        value = values[position]
        if value is not None:
            values[position] = change(value)
    return values
