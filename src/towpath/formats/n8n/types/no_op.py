"""n8n's No Operation."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped


def read(_: Given) -> Mapped:
    """It has no parameters."""
    return Mapped("logic.noop")


def write(params: Json) -> Json | None:
    """It has none here either."""
    return {} if not params else None


dialect = Dialect("n8n-nodes-base.noOp", (1,), read, target="logic.noop", write=write)
