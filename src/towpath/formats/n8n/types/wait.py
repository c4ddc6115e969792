"""n8n's Wait: for a time, until a moment, or for a call."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.form_fields import form_fields
from towpath.formats.n8n.texts import code_of, is_expression, ours

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def read(given: Given) -> Mapped:
    """For a time, until a moment, for a call of the run's own address, or for a form there."""
    resume = given.fixed("resume")
    if resume == "timeInterval":
        return Mapped("wait.duration", {"duration": _duration(given)})
    if resume == "specificTime":
        return Mapped("wait.until", {"moment": given.get("dateTime")})
    if resume == "webhook":
        return Mapped("wait.call", {"into": None, "apart": False, **_limit(given)},
                      warnings=("the address is $execution.resumeUrl, as in n8n, at this server",))  # fmt: skip
    if resume == "form":
        return _form(given)
    raise UnmappedError(f"it waits for a {resume}")


def _limit(given: Given) -> dict[str, Any]:
    """How long it waits at most; afterwards the items go on."""
    if not given.fixed("limitWaitTime", False):
        return {}
    if given.fixed("limitType", "afterTimeInterval") != "afterTimeInterval":
        raise UnmappedError("it waits until a moment at most", "Say how long instead.")
    amount, factor = given.fixed("resumeAmount", 1), _SECONDS[str(given.fixed("resumeUnit", "hours"))]
    return {"timeout": float(amount) * factor}


def _form(given: Given) -> Mapped:
    fields = form_fields(given)
    if not fields:
        raise UnmappedError("its form has no fields")
    if _limit(given):
        raise UnmappedError("its form waits for a limited time", "Use wait.call, or a form without a limit.")
    params: dict[str, Any] = {"fields": fields}
    for option, name in (("formTitle", "title"), ("formDescription", "description")):
        if given.get(option):
            params[name] = ours(given.get(option))
    warnings = ("the address is $execution.resumeFormUrl, as in n8n, at this server",)
    return Mapped("web.form", params, outputs=("out",), warnings=warnings)


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
