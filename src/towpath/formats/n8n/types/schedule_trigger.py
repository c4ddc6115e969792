"""n8n's Schedule Trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.schedules import cron_of_rule


def read(given: Given) -> Mapped:
    """One rule; each further one is a trigger of its own."""
    rows = given.rows("rule.interval")
    if not rows:
        raise UnmappedError("it has no rules")
    first, *others = ({"cron": cron_of_rule(row)} for row in rows)
    return Mapped("trigger.schedule", first, beside=tuple(others))


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
