"""n8n's Stop And Error."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped
from towpath.formats.n8n.texts import ours, theirs


def read(given: Given) -> Mapped:
    """A message, or an object that holds one."""
    if given.fixed("errorType") == "errorObject":
        value: Any = given.get("errorObject")
        text = value if isinstance(value, str) else "stopped by the workflow"
    else:
        text = given.get("errorMessage")
    return Mapped("logic.stop", {"message": ours(text)}, outputs=())


def write(params: Json) -> Json | None:
    """Only ends with a failure can be said."""
    return {"errorMessage": theirs(params["message"])} if set(params) == {"message"} else None


dialect = Dialect(
    "n8n-nodes-base.stopAndError",
    (1,),
    read,
    {1: {"errorType": "errorMessage", "errorMessage": ""}},
    target="logic.stop",
    write=write,
)
