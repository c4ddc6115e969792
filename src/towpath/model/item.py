"""Items: what travels on edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Item:
    """One JSON object on an edge.

    ``pair`` is the position of the input item it came from (n8n's ``pairedItem``), ``binary`` maps names to
    references of stored files, ``record`` marks an item that still *is* the run's record, so that a parked run
    stores a reference instead of a copy and sees the record as it is when it wakes. Treat items as frozen.
    """

    __slots__ = ("binary", "json", "pair", "record")

    def __init__(
        self,
        json: dict[str, Any],
        pair: int | None = None,
        binary: Mapping[str, Any] | None = None,
        record: bool = False,
    ) -> None:
        self.json = json
        self.pair = pair
        self.binary = binary
        self.record = record

    def __repr__(self) -> str:
        return f"Item({self.json!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and (self.json, self.binary) == (other.json, other.binary)

    __hash__ = None  # type: ignore[assignment]
