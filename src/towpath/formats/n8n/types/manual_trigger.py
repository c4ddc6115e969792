"""n8n's Manual Trigger: the button."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(_: Given) -> Mapped:
    """It has no parameters."""
    return Mapped("trigger.manual")


def write(params: Json) -> Json | None:
    """A button at records of an object cannot be said."""
    return {} if not params else None


dialect = Dialect("n8n-nodes-base.manualTrigger", (1,), read, target="trigger.manual", write=write)
