"""n8n's old Cron trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.schedules import cron_of_time


def read(given: Given) -> Mapped:
    """One time; several would be several triggers."""
    rows = given.rows("triggerTimes.item")
    if len(rows) != 1:
        raise UnmappedError(f"it has {len(rows)} times", "Use a trigger for each time.")
    return Mapped("trigger.schedule", {"cron": cron_of_time(rows[0])})


dialect = Dialect("n8n-nodes-base.cron", (1,), read, {1: {"triggerTimes": {"item": [{}]}}})
