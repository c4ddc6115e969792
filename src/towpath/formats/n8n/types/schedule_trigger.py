"""n8n's Schedule Trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.schedules import cron_of_rule


def read(given: Given) -> Mapped:
    """One rule; several would be several triggers."""
    rows = given.rows("rule.interval")
    if len(rows) != 1:
        raise UnmappedError(f"it has {len(rows)} rules", "Use a trigger for each rule.")
    return Mapped("trigger.schedule", {"cron": cron_of_rule(rows[0])})


def write(params: Json) -> Json | None:
    """A cron expression; schedules over records cannot be said."""
    if set(params) - {"cron"}:
        return None
    return {"rule": {"interval": [{"field": "cronExpression", "expression": params.get("cron")}]}}


dialect = Dialect(
    "n8n-nodes-base.scheduleTrigger",
    (1, 1.1, 1.2, 1.3),
    read,
    {1: {"rule": {"interval": [{}]}}},
    target="trigger.schedule",
    write=write,
    writes=1.2,
)
