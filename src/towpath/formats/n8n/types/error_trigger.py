"""n8n's Error Trigger."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(_: Given) -> Mapped:
    """The item has other names inside than n8n's."""
    said = "the item tells of the failed run in Towpath's words (see trigger.error), not as n8n's execution.error"
    return Mapped("trigger.error", warnings=(said,))


def write(params: Json) -> Json | None:
    """It has no parameters."""
    return {} if not params else None


dialect = Dialect("n8n-nodes-base.errorTrigger", (1,), read, target="trigger.error", write=write)
