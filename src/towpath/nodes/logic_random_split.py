"""Random split: sends shares of the records down different branches, always the same record the same way."""

from __future__ import annotations

from bisect import bisect_right
from hashlib import blake2b
from itertools import accumulate
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text


class Branch(BaseModel):
    """One branch and its share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="Name of the output.")
    share: float = Field(1, gt=0, description="Its weight beside the others': 90 and 10, or 0.9 and 0.1.")


class Params(NodeParams):
    """The branches, and what decides."""

    branches: tuple[Branch, ...] = Field(min_length=2, max_length=50, description="The branches with their shares.")
    by: Literal["key", "chance"] = Field(
        "key",
        description="key: fixed, so that a record goes the same way every time; chance: a new draw for each item.",
    )
    key: Dynamic[Text] | None = Field(
        None,
        description="What goes the same way; the item's id, else the run's record, else the run, when nothing is said.",
    )
    salt: str | None = Field(
        None, description="Splits with the same salt scatter alike; the node's id when nothing is said."
    )

    @model_validator(mode="after")
    def _different(self) -> Params:
        if len({branch.name for branch in self.branches}) < len(self.branches):
            raise ValueError("branches need different names")
        return self


def run(batch: Batch[Params]) -> None:
    """Items go on as they are."""
    bounds = list(accumulate(branch.share for branch in batch.params.branches))
    for position, draw in _draws(batch):
        batch.forward(position, min(bisect_right(bounds, draw * bounds[-1]), len(bounds) - 1))


def _draws(batch: Batch[Params]) -> list[tuple[int, float]]:
    """For every item a number in [0, 1)."""
    if batch.params.by == "chance":
        return [(position, batch.context.chance.random()) for position in batch.live()]
    salt = batch.params.salt if batch.params.salt is not None else batch.node.id
    key = batch.params.key
    keys = (
        batch.resolve(key) if key is not None else [(position, _own_key(batch, position)) for position in batch.live()]
    )
    return [(position, _scatter(f"{salt}\n{text}")) for position, text in keys]


def _own_key(batch: Batch[Params], position: int) -> str:
    item_id = batch.items[position].json.get("id")
    run = batch.runs[position]
    return str(item_id) if isinstance(item_id, str | int) else run.record or run.id


def _scatter(text: str) -> float:
    return (int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 11) / 2**53


def _outputs(params: Params) -> tuple[Port, ...]:
    return tuple(Port(branch.name, branch.name) for branch in params.branches)


node_type = NodeType(
    name="logic.random_split",
    title="Random split",
    description="Sends shares of the records down different branches, for tests of one way against another.",
    icon="shuffle",
    params=Params,
    run=run,
    outputs=_outputs,
    examples=({"branches": [{"name": "new", "share": 10}, {"name": "old", "share": 90}]},),
)
