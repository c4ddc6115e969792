"""Compare: what two branches have in common, what differs, and what only one of them has."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams
from towpath.engine.paths import read, without
from towpath.engine.state import Items
from towpath.model.item import Item

Json = dict[str, Any]
ONLY_A, SAME, DIFFERENT, ONLY_B = 0, 1, 2, 3


class Params(NodeParams):
    """By which fields items belong together, and what is said of those that differ."""

    keys: tuple[str | tuple[str, str], ...] = Field(
        min_length=1, description="The fields by which items belong together; a list of two names where they differ."
    )
    different: Literal["both", "a", "b"] = Field(
        "both", description="Of items that differ: both values of each field that does, the item of A, or that of B."
    )
    skip: tuple[str, ...] = Field((), description="Fields whose differences do not count.")
    matches: Literal["all", "first"] = Field(
        "all", description="An item with several partners is compared with all of them, or with the first."
    )
    loose: bool = Field(False, description="Missing, null and empty are the same, and so are 3 and '3'.")

    def names(self, side: int) -> list[str]:
        """What one side calls the key fields."""
        return [key if isinstance(key, str) else key[side] for key in self.keys]


def run(batch: Batch[Params]) -> None:
    """Both sides of each run, in the order of A and then of B."""
    for visit in batch.visits:
        left, right = (*visit.token.inputs, [], [])[:2]
        _compare(batch, visit, left, right)


def _compare(batch: Batch[Params], visit: Visit, left: Items, right: Items) -> None:
    params, partners, met = batch.params, dict[bytes, list[tuple[int, Item]]](), set[bytes]()
    for place, item in enumerate(right):
        partners.setdefault(_key(params, item.json, 1), []).append((place, item))
    for place, item in enumerate(left):
        key = _key(params, item.json, 0)
        found = partners.get(key, [])
        met.add(key)
        for there, other in found if params.matches == "all" else found[:1]:
            port, json = _verdict(params, item.json, other.json)
            batch.send(visit, port, [Item(json, ((0, place), (1, there)), item.binary)])
        if not found:
            batch.send(visit, ONLY_A, [item.at(place or None)])
    alone = [(place, item) for place, item in enumerate(right) if _key(params, item.json, 1) not in met]
    batch.send(visit, ONLY_B, [item.at(((1, place),)) for place, item in alone])


def _verdict(params: Params, one: Json, other: Json) -> tuple[int, Json]:
    """Whether two items are the same, and the item that says so."""
    ignored = (*params.names(0), *params.names(1), *params.skip)
    mine, theirs = without(one, ignored), without(other, ignored)
    names = list(dict.fromkeys((*mine, *theirs)))
    differing = [name for name in names if not _equal(params, mine.get(name), theirs.get(name))]
    if not differing:
        return SAME, one
    if params.different != "both":
        return DIFFERENT, one if params.different == "a" else other
    return DIFFERENT, {
        "keys": {name: read(one, name) for name in params.names(0)},
        "same": {name: mine.get(name) for name in names if name not in differing},
        "different": {name: {"inputA": mine.get(name), "inputB": theirs.get(name)} for name in differing},
        "skipped": {name: {"inputA": read(one, name), "inputB": read(other, name)} for name in params.skip},
    }


def _equal(params: Params, one: Any, other: Any) -> bool:
    if params.loose:
        one, other = _loosened(one), _loosened(other)
    return _bytes(one) == _bytes(other)


def _loosened(value: Any) -> Any:
    if value in (None, "", [], {}):
        return None
    return str(value).lower() if isinstance(value, bool | int | float | str) else value


def _key(params: Params, json: Json, side: int) -> bytes:
    values = [read(json, name) for name in params.names(side)]
    return _bytes([_loosened(value) for value in values] if params.loose else values)


def _bytes(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")


node_type = NodeType(
    name="data.compare",
    title="Compare",
    description="Waits for two branches and sorts their items into those only in A, the same in both, different, and "
    "only in B.",
    icon="git-compare",
    group="data",
    params=Params,
    run=run,
    inputs=(Port("a", "Input A"), Port("b", "Input B")),
    outputs=(
        Port("only_a", "Only in A"), Port("same", "Same"), Port("different", "Different"), Port("only_b", "Only in B"),
    ),
    joins=True,
    examples=({"keys": ["email"]}, {"keys": [["accountId", "id"]], "different": "b", "skip": ["updatedAt"]}),
)  # fmt: skip
