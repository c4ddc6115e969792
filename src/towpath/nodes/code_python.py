"""Python of one's own, once for all items of a run or for each item, in the sandbox."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.code import run_code
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams


class Params(NodeParams):
    """The code and how often it runs."""

    code: str = Field(
        description="The body of a function; what it returns is what goes on. _items, _item and _json are there.",
        json_schema_extra={"x-code": "python"},
    )
    mode: Literal["all", "each"] = Field("all", description="Once for all items of a run, or once for each item.")


def run(batch: Batch[Params]) -> None:
    """The items that the code returns."""
    run_code(batch, "python", batch.params.code, each=batch.params.mode == "each")


node_type = NodeType(
    name="code.python",
    title="Python",
    description="Makes items with Python in a sandbox. It reaches no network, no files and only a few modules.",
    icon="code",
    group="data",
    params=Params,
    run=run,
    code=lambda params: params.code,
    examples=(
        {"code": "return [{'json': {'name': item['json']['name'].strip()}} for item in _items]"},
        {"code": "return {**_json, 'total': _json['price'] * _json['count']}", "mode": "each"},
    ),
)
