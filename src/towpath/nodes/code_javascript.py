"""JavaScript of one's own, once for all items of a run or for each item, in the sandbox."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.code import run_code
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """The code and how often it runs."""

    code: str = Field(
        description="The body of a function; what it returns is what goes on. $json, $input, $('Node') are there.",
        json_schema_extra={"x-code": "javascript"},
    )
    mode: Literal["all", "each"] = Field("all", description="Once for all items of a run, or once for each item.")


def run(batch: Batch[Params]) -> None:
    """The items that the code returns."""
    run_code(batch, "javascript", batch.params.code, each=batch.params.mode == "each")


EXAMPLE: dict[str, Any] = {"code": "return $input.all().map(item => ({ json: { name: item.json.name.trim() } }))"}

node_type = NodeType(
    name="code.javascript",
    title="JavaScript",
    description="Makes items with JavaScript in a sandbox. It reaches no network, no files and no modules.",
    icon="code",
    group="data",
    params=Params,
    run=run,
    code=lambda params: params.code,
    examples=(EXAMPLE, {"code": "return { ...$json, total: $json.price * $json.count }", "mode": "each"}),
)
