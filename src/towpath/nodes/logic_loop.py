"""Loop: sends items through a part of the workflow batch by batch."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.node import NodeType, Port
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.state import Items
from towpath.errors import TowpathError

LOOP, DONE = 0, 1


class Params(NodeParams):
    """How many items at a time, and what goes on at the end."""

    size: Dynamic[Annotated[int, Field(ge=1)]] = Field(
        1, validate_default=True, description="Items of one batch; an expression sees the first item."
    )
    done: Literal["returned", "original"] = Field(
        "returned",
        description="What leaves when all batches are through: the items that came back, or those that came first.",
    )


def run(batch: Batch[Params]) -> None:
    """Items that come while the loop is under way are a batch that comes back, so the next one goes."""
    for first, visit in zip(batch.first, batch.visits, strict=True):
        state = visit.run.loops.get(batch.node.position)
        arrived = visit.token.inputs[0]
        if state is None:
            state = _begin(batch, visit, first) if arrived else None
        elif batch.params.done == "returned":
            state["done"] += arrived
        if state is not None:
            _next(batch, visit, state)


def _begin(batch: Batch[Params], visit: Visit, first: int) -> dict[str, Any] | None:
    """The loop's memory in the run; the items wait in reverse, so that taking the next ones moves no others."""
    (size,) = batch.params.size.evaluate([batch.scopes[first]], batch.context.sandbox)
    if isinstance(size, TowpathError):
        batch.fail(first, size)
        return None
    items = visit.token.inputs[0]
    state: dict[str, Any] = {
        "size": size,
        "left": items[::-1],
        "done": [] if batch.params.done == "returned" else list(items),
    }
    visit.run.loops[batch.node.position] = state
    return state


def _next(batch: Batch[Params], visit: Visit, state: dict[str, Any]) -> None:
    left: Items = state["left"]
    if left:
        taken = left[: -state["size"] - 1 : -1]
        del left[-state["size"] :]
        if batch.node.kept:  # what expressions ask for as $node['Loop'].context
            told = visit.run.scope.contexts.get(batch.node.name)
            number = told["currentRunIndex"] + 1 if told is not None and told["going"] else 0
            visit.run.scope.contexts[batch.node.name] = {
                "noItemsLeft": not left, "currentRunIndex": number, "going": True,
            }  # fmt: skip
        batch.send(visit, LOOP, _paired(taken))
    else:
        del visit.run.loops[batch.node.position]
        visit.run.scope.contexts.pop(batch.node.name, None)
        batch.send(visit, DONE, _paired(state["done"]))


def _paired(items: Items) -> Items:
    return [item.at(place or None) for place, item in enumerate(items)]


node_type = NodeType(
    name="logic.loop",
    title="Loop over items",
    description="Sends the items through the branch 'loop' batch by batch; lead that branch back here. "
    "When all are through, they leave by 'done'.",
    icon="repeat",
    params=Params,
    run=run,
    outputs=(Port("loop", "Each batch"), Port("done", "Done")),
    loops=True,
    examples=({}, {"size": 100, "done": "original"}),
)
