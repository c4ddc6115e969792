"""n8n's Execute Workflow Trigger: the start of a sub-workflow."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(_: Given) -> Mapped:
    """Declared inputs are documentation: the items come as the caller sends them."""
    return Mapped("trigger.workflow")


def write(params: Json) -> Json | None:
    """All data is passed on."""
    return {"inputSource": "passthrough"} if not params else None


dialect = Dialect(
    "n8n-nodes-base.executeWorkflowTrigger", (1, 1.1), read, target="trigger.workflow", write=write, writes=1.1
)
