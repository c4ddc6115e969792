"""n8n's Execute Workflow: a sub-workflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import ours


def read(given: Given) -> Mapped:
    """The other workflow is named by its id, which import keeps only as a name to look for."""
    if given.fixed("source") != "database":
        raise UnmappedError("its workflow is not one of the stored ones", "Import that workflow by itself.")
    chosen = given.get("workflowId")
    named = None
    if isinstance(chosen, Mapping):
        named, chosen = chosen.get("cachedResultName"), chosen.get("value")
    chosen = named or chosen
    if not isinstance(chosen, str) or not chosen or chosen.startswith("="):
        raise UnmappedError("it does not name a fixed workflow")
    params: dict[str, Any] = {"workflow": chosen}
    if given.fixed("mode") == "each":
        params["items"] = "each"
    if given.fixed("options.waitForSubWorkflow", True) is False:
        params["wait"] = False
    inputs = given.get("workflowInputs.value")
    fields = (
        ("data.set", {"fields": ours(dict(inputs)), "keep": False}) if isinstance(inputs, Mapping) and inputs else None
    )
    said = f"the workflow {chosen!r} must be imported and published, too"
    return Mapped("workflow.run", params, warnings=(said,), before=fields)


def write(params: Json) -> Json | None:
    """By name, as n8n shows it."""
    name = params.get("workflow")
    made: dict[str, Any] = {
        "workflowId": {"__rl": True, "mode": "list", "value": name, "cachedResultName": name},
        "options": {} if params.get("wait", True) else {"waitForSubWorkflow": False},
    }
    return {**made, "mode": "each"} if params.get("items", "all") == "each" else made


dialect = Dialect(
    "n8n-nodes-base.executeWorkflow",
    (1, 1.1, 1.2, 1.3),
    read,
    {1: {"source": "database", "mode": "once"}},
    target="workflow.run",
    write=write,
    writes=1.2,
)
