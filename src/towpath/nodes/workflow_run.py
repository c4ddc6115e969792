"""Runs another workflow, and waits for what it gives back or does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch, Visit
from towpath.engine.events import Event, Start
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.errors import LimitError, NodeError, TowpathError, Where
from towpath.model.item import Item, guessed_pair


class Params(NodeParams):
    """Which workflow gets which items."""

    workflow: str = Field(min_length=1, description="Id or name of the workflow; its published version runs.")
    items: Literal["all", "each"] = Field("all", description="One run for all items, or one for each item.")
    wait: bool = Field(
        True, description="Wait for the other workflow; its last items go on. Otherwise the items go on at once."
    )


def run(batch: Batch[Params]) -> None:
    """All runs to start leave as one event, with the batch's own transaction."""
    params = batch.params
    version = batch.context.find_workflow(params.workflow)
    starts: list[Start] = []
    for first, visit in zip(batch.first, batch.visits, strict=True):
        error = _too_deep(visit, batch.node.settings.limits.depth) if version is not None else _unknown(params.workflow)
        if error is not None:
            batch.fail_visit(visit, error)
            continue
        starts += _starts(batch, first, visit)
        if not params.wait:
            batch.forward_visit(visit)
    if starts and version is not None:
        batch.context.events.append(
            Event(batch.context.ids.new(), "start", version, starts=starts, bulk=batch.context.bulk)
        )


def _starts(batch: Batch[Params], first: int, visit: Visit) -> list[Start]:
    """The runs that one run starts; it waits for each of them under the key ``run:<id>``."""
    run, items = visit.run, [item.json for item in visit.token.inputs[0]]
    groups = [items] if batch.params.items == "all" else [[item] for item in items]
    starts = []
    for index, group in enumerate(groups):
        child = batch.context.ids.new()
        parent = (run.id, f"run:{child}") if batch.params.wait else None
        starts.append(Start(child, None, group, chain=run.cause_chain, parent=parent, depth=run.depth + 1))
        if parent is not None:
            batch.wait_for(first + index, parent[1])
    return starts


def _unknown(workflow: str) -> TowpathError:
    return NodeError(
        f"there is no published workflow {workflow!r}",
        code="node.unknown_workflow",
        hint="Publish it first, or check its name.",
        where=Where(field="workflow"),
    )


def _too_deep(visit: Visit, limit: int) -> TowpathError | None:
    if visit.run.depth < limit:
        return None
    return LimitError(
        f"workflows run each other more than {limit} deep",
        code="limit.depth",
        hint="Let one of them end without running the next, or raise settings.limits.depth of the workflow.",
        params={"limit": limit},
    )


def resume(batch: Batch[Params]) -> None:
    """What the other workflow's last step gave goes on; when it failed, so do the items it was given."""
    for position, answer in batch.results:
        if batch.params.items == "all" and batch.scopes[position].index:
            continue  # the first item stands for all
        error = _failure(batch.params.workflow, answer)
        if error is not None and batch.params.items == "all":
            batch.fail_visit(batch.owners[position], error)
        elif error is not None:
            batch.fail(position, error)
        else:
            _give(batch, position, answer["items"])


def _give(batch: Batch[Params], position: int, items: list[dict[str, Any]]) -> None:
    if batch.params.items == "each":
        for json in items:
            batch.derive(position, json)
    else:
        given = len(batch.owners[position].token.inputs[0])
        batch.send(
            batch.owners[position], 0, [Item(json, guessed_pair(n, len(items), given)) for n, json in enumerate(items)]
        )


def _failure(workflow: str, answer: Mapping[str, Any]) -> NodeError | None:
    if answer["status"] == "completed":
        return None
    error = answer.get("error") or {"message": f"its run is {answer['status']}"}
    return NodeError(
        f"the workflow {workflow!r} did not complete: {error.get('message')}",
        code="node.workflow_failed",
        hint="Look at the other workflow's run; retry it there, then retry this one.",
        params={"code": error.get("code")},
    )


node_type = NodeType(
    name="workflow.run",
    title="Run a workflow",
    description="Runs another workflow with the items. What its last step gives goes on; or the items go on at once.",
    icon="play-circle",
    group="workflow",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    examples=({"workflow": "Enrich a lead"}, {"workflow": "Welcome mails", "items": "each", "wait": False}),
)
