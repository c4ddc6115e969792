"""n8n's Wait: for a time, until a moment, or for a call."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import code_of, is_expression

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def read(given: Given) -> Mapped:
    """Waiting for a call or a form needs a way back to the run."""
    resume = given.fixed("resume")
    if resume == "timeInterval":
        return Mapped("wait.duration", {"duration": _duration(given)})
    if resume == "specificTime":
        return Mapped("wait.until", {"moment": given.get("dateTime")})
    raise UnmappedError(f"it waits for a {resume}", "Use wait.event: a web call can publish the event.")


def _duration(given: Given) -> Any:
    amount, factor = given.get("amount"), _SECONDS[str(given.fixed("unit"))]
    if is_expression(amount):
        return f"={{{{ Number({code_of(amount, guarded=False)}) * {factor} }}}}"
    return float(amount) * factor


def write(params: Json) -> Json | None:
    """A number of seconds."""
    duration = params.get("duration")
    if not isinstance(duration, int | float):
        return None
    return {"resume": "timeInterval", "amount": duration, "unit": "seconds"}


dialect = Dialect(
    "n8n-nodes-base.wait",
    (1, 1.1),
    read,
    {1: {"resume": "timeInterval", "amount": 1, "unit": "hours"},
     1.1: {"resume": "timeInterval", "amount": 5, "unit": "seconds"}},
    target="wait.duration",
    write=write,
    writes=1.1,
)  # fmt: skip
