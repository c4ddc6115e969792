"""Starts a run when another system calls the workflow's web address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.model.duration import Duration


class Params(NodeParams):
    """The address, and how calls are trusted and told apart."""

    path: str = Field(
        pattern=r"^(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-]+)(/(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-]+))*$",
        max_length=200,
        description="The end of the address, for example new-lead. With orders/:id a call of orders/17 is taken, too: "
        "the item has 17 in params.id. A path without a parameter comes first.",
    )
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field("POST", description="The HTTP method of the call.")
    secret: str | None = Field(
        None, description="Name of the stored secret that callers sign with; without it anyone may call."
    )
    dedupe: str | None = Field(
        None,
        description="Where a call carries its own identity, for example body.id or headers.x-event-id: "
        "a repeated call with the same value starts nothing.",
    )

    answer: Literal["at_once", "result", "node"] = Field(
        "at_once",
        description="at_once: the caller is told that the call is safe; result: gets what the run ends with; node: "
        "gets what the node 'Answer a web call' says. Who waits too long is told that the call is safe.",
    )
    answer_within: Duration = Field(30.0, gt=0, le=300, description="How long a caller waits at most.")
    answer_give: Literal["first", "all", "file", "nothing"] = Field(
        "first", description="With result: the first item, all items, a file of the first one, or nothing."
    )
    answer_status: int = Field(200, ge=200, le=599, description="With result: the HTTP status.")

    def dedupe_key(self, item: Mapping[str, Any]) -> str | None:
        """The call's own identity in the item made from it, or None where it has none."""
        value: Any = item
        for part in self.dedupe.split(".") if self.dedupe else ():
            value = value.get(part) if isinstance(value, Mapping) else None
        return str(value) if isinstance(value, str | int | float) and self.dedupe else None


node_type = NodeType(
    name="trigger.webhook",
    title="Webhook",
    description="Starts a run for each call of a web address. The item has method, path, headers, query and body, "
    "and params where the path has parameters.",
    icon="webhook",
    group="trigger",
    params=Params,
    trigger="webhook",
    examples=(
        {"path": "new-lead"},
        {"path": "orders/:id/paid"},
        {"path": "shop/orders", "secret": "shop", "dedupe": "headers.x-event-id"},
    ),
)
