"""Which items of earlier nodes an item comes from, so that ``$('Node').item`` finds the one that belongs to it.

Every item carries the JSON of its ancestors, by the name of the node that gave them, for the nodes that expressions
ask about. It is handed on with each step by the item's ``pair``, so no step has to be looked up again later, however
often a node has run since. Where an item comes from several items of one node, that node's entry is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from towpath.engine.batch import Visit
from towpath.engine.state import Items
from towpath.model.item import Item, Pair

Lineage = Mapping[str, Any]
NOTHING: Lineage = {}


def inherit(visits: Iterable[Visit]) -> None:
    """Give what each visit has sent so far the lineage of what it was made from."""
    for visit in visits:
        inputs = visit.token.inputs
        for items in visit.outputs.values():
            for item in items:
                if item.lineage is None:
                    item.lineage = _inherited(item.pair, inputs)


def named(names: Sequence[str], items: Items) -> Items:
    """The items as those that a node gave which expressions call by these names."""
    return [
        Item(
            item.json,
            item.pair,
            item.binary,
            item.record,
            {**(item.lineage or NOTHING), **dict.fromkeys(names, item.json)},
        )
        for item in items
    ]


def _inherited(pair: Pair | None, inputs: Sequence[Items]) -> Lineage:
    if not isinstance(pair, tuple):
        return _lineage(inputs, 0, pair or 0)
    if len(pair) == 1:
        return _lineage(inputs, *pair[0])
    return _together(_lineage(inputs, *place) for place in pair)


def _lineage(inputs: Sequence[Items], number: int, place: int) -> Lineage:
    items = inputs[number] if number < len(inputs) else []
    return (items[place].lineage or NOTHING) if place < len(items) else NOTHING


def _together(lineages: Iterable[Lineage]) -> Lineage:
    """What several items come from: a node that gave them different items has no single one."""
    merged: dict[str, Any] = {}
    for lineage in lineages:
        for name, json in lineage.items():
            merged[name] = json if merged.setdefault(name, json) is json else None
    return merged
