"""n8n's old Interval trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.schedules import every


def read(given: Given) -> Mapped:
    """Every so many minutes or hours; the calendar has no seconds."""
    unit, amount = str(given.fixed("unit")), given.fixed("interval")
    if not isinstance(amount, int) or amount < 1:
        raise UnmappedError(f"its interval is {amount!r}")
    return Mapped("trigger.schedule", {"cron": every(unit, amount)})


dialect = Dialect("n8n-nodes-base.interval", (1,), read, {1: {"interval": 1, "unit": "seconds"}})
