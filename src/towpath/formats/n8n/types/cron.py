"""n8n's old Cron trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.schedules import cron_of_time


def read(given: Given) -> Mapped:
    """One time; each further one is a trigger of its own."""
    rows = given.rows("triggerTimes.item")
    if not rows:
        raise UnmappedError("it has no times")
    first, *others = ({"cron": cron_of_time(row)} for row in rows)
    return Mapped("trigger.schedule", first, beside=tuple(others))


dialect = Dialect("n8n-nodes-base.cron", (1,), read, {1: {"triggerTimes": {"item": [{}]}}})
