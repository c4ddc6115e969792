"""Writes a line that people see beside the run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.events import Notice
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text


class Params(NodeParams):
    """What is written, and how much it matters."""

    text: Dynamic[Text] = Field(description="The line.")
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much it matters.")


def run(batch: Batch[Params]) -> None:
    """One line for each item; the items go on as they are."""
    notices, node = batch.context.notices, batch.node.id
    for position, text in batch.resolve(batch.params.text):
        run = batch.runs[position]
        notices.append(
            Notice(batch.now, "log", text, None, run.id, node, {"level": batch.params.level, "record": run.record})
        )
        batch.forward(position)


node_type = NodeType(
    name="notify.log",
    title="Write to the log",
    description="Writes a line that is shown with the run. The items go on as they are.",
    icon="message-square",
    group="notify",
    params=Params,
    run=run,
    examples=({"text": "{{ 'Score is ' + $json.score }}"}, {"text": "No owner", "level": "warning"}),
)
