"""Merge: waits for several branches and makes one stream of items of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product, zip_longest
from typing import Any, Literal, NamedTuple

import msgspec
from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams
from towpath.engine.paths import read
from towpath.engine.state import Items
from towpath.errors import LimitError
from towpath.model.item import Item


class Part(NamedTuple):
    """An item with the input it came by and its place there."""

    number: int
    place: int
    item: Item


Row = list[Part]  # what becomes one item
KeyRow = tuple[bytes | None, Row]


class Params(NodeParams):
    """How the items of the inputs come together."""

    mode: Literal["append", "position", "key", "all", "choose"] = Field(
        "append",
        description="append: one after the other; position: the first with the first, and so on; "
        "key: where keys are equal; all: each with each; choose: those of one input.",
    )
    inputs: int = Field(2, ge=2, le=16, description="How many inputs: in1, in2, and so on.")
    keys: tuple[str | tuple[str, ...], ...] = Field(
        (),
        description="With key: the fields that must be equal; a list of one name for each input where they differ.",
    )
    join: Literal["inner", "left", "right", "outer", "unmatched"] = Field(
        "inner",
        description="With key: which items without a partner go on: none, those of in1, of in2, all, or only they. "
        "With position: left and right let only those of in1 or in2 go on alone.",
    )
    give: Literal["both", "first", "last"] = Field(
        "both",
        description="With key: what goes on of a match: both items as one, that of in1, or that of the last input; "
        "with join: unmatched, whose items go on.",
    )
    loose: bool = Field(False, description="With key: missing, null and empty are the same, and so are 3 and '3'.")
    complete: bool = Field(False, description="Nothing goes on unless every input brought items.")
    matches: Literal["all", "first"] = Field(
        "all", description="With key: an item with several partners meets all or the first."
    )
    unpaired: bool = Field(True, description="With position: items without a partner go on alone.")
    clash: Literal["last", "first", "suffix"] = Field(
        "last",
        description="Fields with different values: the last or first input wins, or the names get _1, _2.",
    )
    choose: int | None = Field(
        None, ge=1, description="With choose: the input; the first that brings items when nothing is said."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Params:
        if (self.mode == "key") != bool(self.keys):
            raise ValueError("give 'keys' when mode is 'key', and only then")
        if any(isinstance(key, tuple) and len(key) != self.inputs for key in self.keys):
            raise ValueError(f"a key written as a list needs one name for each of the {self.inputs} inputs")
        if self.choose is not None and self.choose > self.inputs:
            raise ValueError(f"there is no input {self.choose}")
        return self

    def key_names(self, number: int) -> list[str]:
        """What one input calls the key fields."""
        return [key if isinstance(key, str) else key[number] for key in self.keys]


def run(batch: Batch[Params]) -> None:
    """One stream for each run; a result that is too large fails the run instead of filling the memory."""
    limit = batch.node.settings.limits.items
    for visit in batch.visits:
        if batch.params.complete and not all(visit.token.inputs):
            continue
        items = list(islice(_merged(batch.params, visit.token.inputs), limit + 1))
        if len(items) > limit:
            batch.fail_visit(visit, _too_many(limit))
        elif items:
            batch.send(visit, 0, items)


def _merged(params: Params, inputs: Sequence[Items]) -> Iterator[Item]:
    columns = [[Part(number, place, item) for place, item in enumerate(items)] for number, items in enumerate(inputs)]
    return (_combined(row, params.clash) for row in _rows(params, columns))


def _rows(params: Params, columns: list[list[Part]]) -> Iterable[Row]:
    if params.mode == "append":
        return ([part] for column in columns for part in column)
    if params.mode == "choose":
        chosen = columns[params.choose - 1] if params.choose else next(filter(None, columns), [])
        return ([part] for part in chosen)
    if params.mode == "all":
        return map(list, product(*columns))
    if params.mode == "key":
        return _by_key(params, columns)
    return _by_position(params, columns)


def _by_position(params: Params, columns: list[list[Part]]) -> Iterator[Row]:
    together = zip_longest(*columns) if params.unpaired else zip(*columns, strict=False)
    most = {"left": len(columns[0]), "right": len(columns[-1])}.get(params.join)
    return ([part for part in row if part is not None] for row in islice(together, most))


def _by_key(params: Params, columns: list[list[Part]]) -> Iterator[Row]:
    """Inputs are joined one after the other, each with what the ones before gave; an empty key has no partner."""
    keyed = [
        [(_key(part, params.key_names(number), params.loose), [part]) for part in column]
        for number, column in enumerate(columns)
    ]
    rows: Iterable[KeyRow] = keyed[0]
    for column in keyed[1:]:
        rows = _join(rows, column, params)
    return (_given(row, params.give) for _, row in rows)


def _given(row: Row, give: str) -> Row:
    return row if give == "both" else [row[0] if give == "first" else row[-1]]


def _join(left: Iterable[KeyRow], right: list[KeyRow], params: Params) -> Iterator[KeyRow]:
    alone = _alone(params)
    partners: dict[bytes, list[Row]] = {}
    for key, row in right:
        if key is not None:
            partners.setdefault(key, []).append(row)
    met: set[bytes] = set()
    for key, row in left:
        found = partners.get(key, []) if key is not None else []
        if found and key is not None:
            met.add(key)
            if params.join != "unmatched":
                yield from ((key, row + partner) for partner in (found if params.matches == "all" else found[:1]))
        elif "left" in alone:
            yield key, row
    if "right" in alone:
        yield from ((key, row) for key, row in right if key is None or key not in met)


def _alone(params: Params) -> Sequence[str]:
    """Of which sides items without a partner go on."""
    if params.join == "unmatched":
        return {"first": ("left",), "last": ("right",)}.get(params.give, ("left", "right"))
    return {"inner": (), "outer": ("left", "right")}.get(params.join, (params.join,))


def _key(part: Part, names: list[str], loose: bool) -> bytes | None:
    values = [read(part.item.json, name) for name in names]
    if loose:
        return msgspec.json.encode([_loosened(value) for value in values], order="sorted")
    return None if None in values else msgspec.json.encode(values, order="sorted")


def _loosened(value: Any) -> Any:
    if value in (None, "", [], {}):
        return None
    return str(value).lower() if isinstance(value, bool | int | float | str) else value


def _combined(row: Row, clash: str) -> Item:
    if len(row) == 1:
        number, place, item = row[0]
        return item.at(((number, place),) if number else place or None)
    json: dict[str, Any] = {}
    for part in row if clash == "last" else reversed(row):
        json.update(part.item.json)
    if clash == "suffix":
        json = _suffixed(row, json)
    binary = {name: file for part in row for name, file in (part.item.binary or {}).items()}
    return Item(json, tuple((part.number, part.place) for part in row), binary or None)


def _suffixed(row: Row, json: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in json:
        values = [(part.number, part.item.json[name]) for part in row if name in part.item.json]
        if all(value == values[0][1] for _, value in values):
            made[name] = values[0][1]
        else:
            made.update({f"{name}_{number + 1}": value for number, value in values})
    return made


def _too_many(limit: int) -> LimitError:
    return LimitError(
        f"the merge would give more than {limit} items",
        code="limit.items",
        hint="Merge by key with matches: first, or raise settings.limits.items of the workflow.",
        params={"limit": limit},
    )


def _inputs(params: Params) -> tuple[Port, ...]:
    return tuple(Port(f"in{number}", f"Input {number}") for number in range(1, params.inputs + 1))


node_type = NodeType(
    name="logic.merge",
    title="Merge",
    description="Waits until every connected branch has come or can no longer come, and makes one stream of them.",
    icon="merge",
    params=Params,
    run=run,
    inputs=_inputs,
    joins=True,
    examples=(
        {},
        {"mode": "key", "keys": ["email"], "join": "left"},
        {"mode": "key", "keys": [["accountId", "id"]], "clash": "suffix"},
        {"mode": "choose", "inputs": 3},
    ),
)
