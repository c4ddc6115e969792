"""Values on their way into and out of rows: JSON as text, checkboxes as true and false; other columns cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from towpath.model.table import Table

Rows: TypeAlias = list[tuple[Any, ...]]
Encoder: TypeAlias = Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]]
Decoder: TypeAlias = Callable[[Rows], Rows]

_from_json = msgspec.json.Decoder().decode
_to_json = msgspec.json.Encoder().encode


def encoder(table: Table, columns: Sequence[str]) -> Encoder | None:
    """What makes plain rows storable, or None where they are storable as they are."""
    places = _positions(table, columns, "json")
    return (lambda rows: _with_texts(rows, places)) if places else None


def decoder(table: Table, columns: Sequence[str]) -> Decoder | None:
    """What makes stored rows plain, or None where they are plain already."""
    texts, checkboxes = _positions(table, columns, "json"), _positions(table, columns, "boolean")
    return (lambda rows: list(map(tuple, _plain(rows, texts, checkboxes)))) if texts or checkboxes else None


def json_text(value: object) -> str:
    """A JSON value as compact text."""
    return _to_json(value).decode()


def _positions(table: Table, columns: Sequence[str], kind: str) -> list[int]:
    return [position for position, name in enumerate(columns) if table.column(name).kind == kind]


def _with_texts(rows: Iterable[Sequence[Any]], places: list[int]) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for place in places:
            value = values[place]
            if value is not None:
                values[place] = _to_json(value).decode()
        yield values


def _plain(rows: Rows, texts: list[int], checkboxes: list[int]) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for place in checkboxes:
            value = values[place]
            if value is not None:
                values[place] = value != 0
        for place in texts:
            value = values[place]
            if value is not None:
                values[place] = _from_json(value)
        yield values
