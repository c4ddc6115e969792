"""n8n's Error Trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(_: Given) -> Mapped:
    """The item has ``execution`` and ``workflow`` as n8n's, and more."""
    return Mapped("trigger.error")


def write(params: Json) -> Json | None:
    """It has no parameters."""
    return {} if not params else None


dialect = Dialect("n8n-nodes-base.errorTrigger", (1,), read, target="trigger.error", write=write)
