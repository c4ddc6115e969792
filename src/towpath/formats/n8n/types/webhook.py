"""n8n's Webhook."""

from __future__ import annotations

import re
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

_PATH = re.compile(r"(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-]+)(/(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_-]+))*")


def read(given: Given) -> Mapped:
    """The item has headers, params, query and body, as n8n's."""
    methods = given.fixed("httpMethod")
    methods = [str(each) for each in (methods if isinstance(methods, list) else [methods]) if each != "HEAD"]
    if not methods:
        raise UnmappedError("it takes HEAD requests")
    path = str(given.fixed("path") or given.webhook_id or given.id).strip("/")
    if not _PATH.fullmatch(path):
        raise UnmappedError(f"its path {path!r} has unusual signs", "Use letters, digits, - and _.")
    params: dict[str, Any] = {"path": path}
    before = "<webhook id>/<path>" if ":" in path else "<path>"
    warnings = [f"n8n's address was /webhook/{before}; give callers the new one"]
    params |= answers(given, warnings)
    if given.fixed("authentication") != "none":
        warnings.append("its authentication is not taken over: set 'secret' before it is published")
    if given.get("options.ipWhitelist"):
        warnings.append("its list of addresses that may call is not taken over: let a proxy keep the others out")
    one, *others = ({**params, **({"method": each} if each != "POST" else {})} for each in methods)
    return Mapped("trigger.webhook", one, warnings=tuple(warnings), beside=tuple(others))


def answers(given: Given, warnings: list[str]) -> dict[str, Any]:
    """How the caller is answered, as the form trigger has it, too."""
    mode = given.fixed("responseMode")
    if mode not in _MODES:
        raise UnmappedError(f"its way of answering, {mode!r}, has no counterpart in Towpath")
    params: dict[str, Any] = {} if mode == "onReceived" else {"answer": _MODES[mode]}
    given_data = str(given.fixed("responseData", "firstEntryJson"))
    if mode == "lastNode" and _DATA.get(given_data, "first") != "first":
        params["answer_give"] = _DATA[given_data]
    status = given.fixed("responseCode", given.fixed("options.responseCode.values.responseCode", 200))
    if mode == "lastNode" and isinstance(status, int) and status != 200:
        params["answer_status"] = status
    if mode == "onReceived" and (status not in (200, None) or given.get("options.responseData")):
        warnings.append("the caller is answered 202 with the run's id, not with n8n's own text or status")
    return params


def write(params: Json) -> Json | None:
    """Secrets and keys against double calls cannot be said."""
    if set(params) - {"path", "method", "answer", "answer_give", "answer_status"}:
        return None
    modes = {ours: theirs for theirs, ours in _MODES.items()}
    made = {"httpMethod": params.get("method", "POST"), "path": params.get("path"), "options": {}}
    if "answer" in params:
        made["responseMode"] = modes[params["answer"]]
    if "answer_give" in params:
        made["responseData"] = {ours: theirs for theirs, ours in _DATA.items()}[params["answer_give"]]
    return {**made, "responseCode": params["answer_status"]} if "answer_status" in params else made


_MODES = {"onReceived": "at_once", "lastNode": "result", "responseNode": "node"}
_DATA = {"firstEntryJson": "first", "allEntries": "all", "firstEntryBinary": "file", "noData": "nothing"}


_DEFAULTS = {"httpMethod": "GET", "path": "", "responseMode": "onReceived", "authentication": "none"}
dialect = Dialect(
    "n8n-nodes-base.webhook", (1, 1.1, 2, 2.1), read, {1: _DEFAULTS}, target="trigger.webhook", write=write, writes=2
)
