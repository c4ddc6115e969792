"""n8n's Webhook."""

from __future__ import annotations

import re
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


def read(given: Given) -> Mapped:
    """The item has headers, params, query and body, as n8n's."""
    methods = given.fixed("httpMethod")
    if isinstance(methods, list):
        if len(methods) != 1:
            raise UnmappedError("it takes several HTTP methods", "Use a webhook for each method.")
        methods = methods[0]
    if methods == "HEAD":
        raise UnmappedError("it takes HEAD requests")
    path = str(given.fixed("path") or given.webhook_id or given.id).strip("/")
    if not _PATH.fullmatch(path):
        raise UnmappedError(f"its path {path!r} has parameters or unusual signs", "Use letters, digits, - and _.")
    params: dict[str, Any] = {"path": path}
    if methods != "POST":
        params["method"] = methods
    warnings = ["n8n's address was /webhook/<path>; give callers the new one"]
    if given.fixed("responseMode") != "onReceived":
        warnings.append("the caller gets its answer at once, not the workflow's result")
    if given.fixed("authentication") != "none":
        warnings.append("its authentication is not taken over: set 'secret' before it is published")
    return Mapped("trigger.webhook", params, warnings=tuple(warnings))


def write(params: Json) -> Json | None:
    """Secrets and keys against double calls cannot be said."""
    if set(params) - {"path", "method"}:
        return None
    return {"httpMethod": params.get("method", "POST"), "path": params.get("path"), "options": {}}


_DEFAULTS = {"httpMethod": "GET", "path": "", "responseMode": "onReceived", "authentication": "none"}
dialect = Dialect(
    "n8n-nodes-base.webhook", (1, 1.1, 2, 2.1), read, {1: _DEFAULTS}, target="trigger.webhook", write=write, writes=2
)
