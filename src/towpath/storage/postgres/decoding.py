"""Stored values as they were: texts and JSON without the codes of their rare characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from towpath.model.table import Table
from towpath.storage.postgres.escaping import plain, plain_json
from towpath.storage.relational.codec import Decoder, Rows

_from_json = msgspec.json.Decoder().decode


def decoder(table: Table, columns: Sequence[str]) -> Decoder | None:
    """What makes stored rows plain, or None where they are plain already."""
    kinds = [table.column(name).kind for name in columns]
    texts = [at for at, kind in enumerate(kinds) if kind == "text"]
    jsons = [at for at, kind in enumerate(kinds) if kind == "json"]
    if not texts and not jsons:
        return None
    return lambda rows: _decoded(rows, [at for at in texts if _has_codes(rows, at)], jsons)


def _has_codes(rows: Rows, at: int) -> bool:
    return any("\1" in value for row in rows if (value := row[at]) is not None)


def _decoded(rows: Rows, texts: list[int], jsons: list[int]) -> Rows:
    return list(map(tuple, _plain(rows, texts, jsons))) if texts or jsons else rows


def _plain(rows: Rows, texts: list[int], jsons: list[int]) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for at in texts:
            if values[at] is not None:
                values[at] = plain(values[at])
        for at in jsons:
            if values[at] is not None:
                values[at] = _from_json(plain_json(values[at]))
        yield values
