"""Waits until somebody calls the run's own web address."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams
from towpath.model.duration import Duration
from towpath.ports.time import SECOND

CAME, TIMEOUT = 0, 1


class Params(NodeParams):
    """How long to wait, and where what the call brought is put."""

    timeout: Duration | None = Field(None, description="How long to wait at most.")
    apart: bool = Field(True, description="Items whose time ran out leave by 'timeout'; otherwise they go on as usual.")
    into: str | None = Field(
        "call", min_length=1, description="The field that gets method, headers, query and body; null: it is the item."
    )


def run(batch: Batch[Params]) -> None:
    """All items of a run wait for one call."""
    due = batch.now + round(batch.params.timeout * SECOND) if batch.params.timeout is not None else None
    for visit, positions in batch.by_visit():
        if positions:
            batch.wait_for(positions[0], f"call:{visit.run.id}", due=due)


def resume(batch: Batch[Params]) -> None:
    """A call that is to be the item is one item, however many have waited."""
    params = batch.params
    for visit, positions in batch.by_visit():
        call: Any = next(iter(visit.answers.values()), None)
        if call is None:
            batch.forward_visit(visit, TIMEOUT if params.apart else CAME)
        elif params.into is None:
            batch.gather(positions, dict(call), CAME)
        else:
            for position in positions:
                item = batch.items[position]
                batch.derive(position, {**item.json, params.into: call}, CAME, binary=item.binary)


def _outputs(params: Params) -> tuple[Port, ...]:
    return (Port("out", "Called"), *((Port("timeout", "Time ran out"),) if params.apart else ()))


node_type = NodeType(
    name="wait.call",
    title="Wait for a web call",
    description="Waits until somebody calls the run's own address, {{ $execution.resumeUrl }}: a link in a mail, say.",
    icon="phone-incoming",
    group="wait",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    outputs=_outputs,
    examples=({"timeout": "3 days"}, {"timeout": "1 hour", "apart": False, "into": None}),
)
