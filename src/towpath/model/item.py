"""Items: what travels on edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

Pair: TypeAlias = int | tuple[tuple[int, int], ...]


def guessed_pair(place: int, made: int, given: int) -> Pair:
    """What a new item comes from where nobody says: the only item there was, or the one at its place of as many."""
    if given == 1:
        return 0
    return place if made == given else ()


class Item(msgspec.Struct, eq=False):
    """One JSON object on an edge.

    ``pair`` says which items of its step's input it came from (n8n's ``pairedItem``): a position at the first
    input (None is the first one there), or pairs of input and position, none of them where it came from no single
    one. ``binary`` maps names to references of stored files, ``record`` marks an item that still *is* the run's
    record, so that a parked run stores a reference instead of a copy and sees the record as it is when it wakes.
    ``lineage`` has what the item comes from by the name of the node that gave it; None while nobody has asked.
    Treat items as frozen.
    """

    json: dict[str, Any]
    pair: Pair | None = None
    binary: Mapping[str, Any] | None = None
    record: bool = False
    lineage: Mapping[str, Any] | None = None

    def at(self, pair: Pair | None) -> Item:
        """The same item, said to come from another place."""
        return self if self.pair == pair else Item(self.json, pair, self.binary, self.record, self.lineage)

    def __repr__(self) -> str:
        return f"Item({self.json!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and (self.json, self.binary) == (other.json, other.binary)

    __hash__ = None  # type: ignore[assignment]
