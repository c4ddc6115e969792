"""Values on their way into and out of rows: JSON as text, checkboxes as true and false; other columns cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
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
    return (lambda rows: _plain(rows, texts, checkboxes)) if texts or checkboxes else None


def json_text(value: object) -> str:
    """A JSON value as compact text."""
    return _to_json(value).decode()


def _positions(table: Table, columns: Sequence[str], kind: str) -> list[int]:
    return [position for position, name in enumerate(columns) if table.column(name).kind == kind]


def _with_texts(rows: Iterable[Sequence[Any]], places: list[int]) -> Iterator[Sequence[Any]]:
    """Column by column, for that costs half of going through each row."""
    for part in _parts(rows):
        columns: list[Sequence[Any]] = list(zip(*part, strict=True))
        for place in places:
            columns[place] = [None if value is None else _to_json(value).decode() for value in columns[place]]
        yield from zip(*columns, strict=True)


def _plain(rows: Rows, texts: list[int], checkboxes: list[int]) -> Rows:
    if not rows:
        return rows
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place in checkboxes:
        columns[place] = [None if value is None else value != 0 for value in columns[place]]
    for place in texts:
        columns[place] = [None if value is None else _from_json(value) for value in columns[place]]
    return list(zip(*columns, strict=True))


def _parts(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """The rows, so many at a time that a long stream of them need not be in memory."""
    stream = iter(rows)
    while part := list(islice(stream, _PART)):
        yield part


_PART = 1_000
