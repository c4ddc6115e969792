"""Gives records to people of a pool; what nobody can take waits in the pool's queue until there is room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.fields import object_problems
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids
from towpath.model.problem import Problem
from towpath.model.span import WrittenSpan
from towpath.ports.records import Nobody

ASSIGNED, NOBODY = 0, 1


class Params(NodeParams):
    """Which pool, which record, and what happens while nobody can take it."""

    pool: str = Field(min_length=1, description="Name of the pool: a definition of the kind 'assignment'.")
    object: str = Field(description="The kind of record that the pool is for, such as Lead.")
    id: Dynamic[str] | None = Field(None, description="Id of the record; the item's own id when nothing is said.")
    when_full: Literal["wait", "go_on"] = Field(
        "wait", description="When nobody can take it: wait in the queue, or leave by 'nobody' at once."
    )
    timeout: WrittenSpan | None = Field(
        None, description="How long it waits in the queue at most, then it leaves by 'nobody'; for ever if empty."
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object must exist."""
    yield from object_problems(context, params.object)


def run(batch: Batch[Params]) -> None:
    """All records of the batch in one pass, in the order of the items."""
    timeout = batch.params.timeout
    deadline = None if timeout is None else batch.node.after(batch.now, timeout)
    keys = iter(batch.context.ids.many(len(batch.items)))
    _assign(batch, [(p, record, f"assign:{next(keys)}", deadline) for p, record in record_ids(batch, batch.params.id)])


def resume(batch: Batch[Params]) -> None:
    """There is room, or somebody is back, or the time is over: try again in the order of the queue."""
    waiting: list[tuple[int, str, str, int | None]] = []
    expired: list[tuple[int, str]] = []
    for position in batch.live():
        memo = batch.owners[position].token.memo["queued"].get(str(batch.places[position]))
        if memo is None:
            continue  # it left the node when the others began to wait
        record, key, deadline = memo
        if deadline is not None and deadline <= batch.now:
            expired.append((position, key))
        else:
            waiting.append((position, record, key, deadline))
    batch.context.records.dequeue([key for _, key in expired] + [key for _, _, key, _ in waiting])
    for position, _ in expired:
        batch.forward(position, NOBODY)
    _assign(batch, sorted(waiting, key=_by_key))


def _assign(batch: Batch[Params], rows: list[tuple[int, str, str, int | None]]) -> None:
    params, records = batch.params, batch.context.records
    positions = [position for position, *_ in rows]
    outcomes = records.assign(params.pool, [record for _, record, *_ in rows], batch.causes(positions))
    for (position, record, key, deadline), outcome in zip(rows, outcomes, strict=True):
        if not isinstance(outcome, Nobody):
            batch.put(params.object, [position], [outcome], ASSIGNED)
        elif params.when_full == "go_on":
            batch.derive(position, {**batch.items[position].json, "unassigned": outcome.reason}, NOBODY)
        else:
            _queue(batch, position, record, key, deadline, outcome)


def _queue(batch: Batch[Params], position: int, record: str, key: str, deadline: int | None, nobody: Nobody) -> None:
    """The item waits for an answer to its key, until somebody is back, or until its time is over."""
    visit = batch.owners[position]
    parking = batch.park(visit)
    parking.keys[key] = batch.places[position]
    dues = [due for due in (parking.due, nobody.again, deadline) if due is not None]
    parking.due = min(dues, default=None)
    parking.memo = parking.memo or {"queued": {}}
    parking.memo["queued"][str(batch.places[position])] = [record, key, deadline]
    batch.context.records.enqueue(batch.params.pool, key, record, nobody.reason)


def _by_key(row: tuple[int, str, str, int | None]) -> str:
    return row[2]


node_type = NodeType(
    name="crm.assign",
    title="Assign record",
    description="Gives the record to somebody of a pool: by turns, by weights or to the least loaded, within capacity, "
    "shift and territory. What nobody can take waits in the pool's queue until there is room.",
    icon="user-plus",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    outputs=(Port("out", "Assigned"), Port("nobody", "Nobody could take it")),
    examples=(
        {"object": "Lead", "pool": "Inbound leads"},
        {"object": "Case", "pool": "First level", "timeout": "2 business hours"},
    ),
)
