"""Values on their way to and from rows: JSON columns as text, checkboxes as 0 and 1; other columns cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from towpath.model.table import Table

Rows = Iterable[Sequence[Any]]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


@lru_cache(maxsize=4096)
def reader(table: Table, columns: tuple[str, ...]) -> Callable[[list[tuple[Any, ...]]], list[tuple[Any, ...]]] | None:
    """What makes stored rows plain, or None where they are plain already."""
    special = _special(table, columns)
    if not special:
        return None

    def read(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        plain = []
        for row in rows:
            values = list(row)
            for position, kind in special:
                value = values[position]
                if value is not None:
                    values[position] = bool(value) if kind == "boolean" else _decode(value)
            plain.append(tuple(values))
        return plain

    return read


@lru_cache(maxsize=4096)
def writer(table: Table, columns: tuple[str, ...]) -> Callable[[Rows], Rows] | None:
    """What makes plain rows storable, or None where they are so already."""
    special = [position for position, kind in _special(table, columns) if kind == "json"]
    if not special:
        return None

    def write(rows: Rows) -> Rows:
        for row in rows:
            values = list(row)
            for position in special:
                if values[position] is not None:
                    values[position] = _encode(values[position]).decode()
            yield values

    return write


def _special(table: Table, columns: Sequence[str]) -> list[tuple[int, str]]:
    kinds = {column.name: column.kind for column in table.columns}
    return [(position, kinds[name]) for position, name in enumerate(columns) if kinds[name] in ("json", "boolean")]
