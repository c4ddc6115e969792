"""n8n's Start node of old workflows: the button."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped


def read(_: Given) -> Mapped:
    """It has no parameters."""
    return Mapped("trigger.manual")


dialect = Dialect("n8n-nodes-base.start", (1,), read)
