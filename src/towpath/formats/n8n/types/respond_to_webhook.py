"""n8n's Respond to Webhook."""

from __future__ import annotations

import json
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import is_expression, ours, theirs

_WITH = {"firstIncomingItem": "first", "allIncomingItems": "all", "json": "json", "text": "text", "binary": "file",
         "redirect": "redirect", "noData": "nothing"}  # fmt: skip
_WORDS = {give: word for word, give in _WITH.items()}


def read(given: Given) -> Mapped:
    """Tokens signed with a key have no counterpart."""
    kind = str(given.fixed("respondWith"))
    if kind not in _WITH:
        raise UnmappedError(f"it answers with {kind!r}", "Make the token with a service, and answer with JSON.")
    given.refuse("options.responseKey", "options.enableStreaming", "enableResponseOutput")
    params: dict[str, Any] = {"give": _WITH[kind]} if kind != "firstIncomingItem" else {}
    if kind in ("json", "text"):
        params["body"] = _body(given.get("responseBody", ""), kind)
    elif kind == "redirect":
        params["url"] = ours(given.get("redirectURL", ""))
    elif kind == "binary" and given.fixed("responseDataSource", "automatically") == "set":
        params["file"] = str(given.fixed("inputFieldName", "data"))
    status = given.get("options.responseCode")
    if status is not None:
        params["status"] = status
    rows = given.rows("options.responseHeaders.entries")
    headers = {str(row.get("name")): ours(row.get("value", "")) for row in rows if row.get("name")}
    return Mapped("web.respond", {**params, "headers": headers} if headers else params)


def _body(value: Any, kind: str) -> Any:
    """JSON that is written out is one value; JSON with expressions inside is put together as text, as in n8n."""
    if kind == "text" or is_expression(value) or not isinstance(value, str):
        return ours(value)
    try:
        return ours(json.loads(value))
    except ValueError:
        raise UnmappedError("its JSON cannot be read") from None


def write(params: Json) -> Json | None:
    """JSON goes out as text."""
    give, headers = params.get("give", "first"), params.get("headers", {})
    if not isinstance(headers, dict):
        return None
    made: dict[str, Any] = {"respondWith": _WORDS[give]}
    body = theirs(params.get("body"))
    if give in ("json", "text"):
        made["responseBody"] = body if is_expression(body) or give == "text" else json.dumps(body, ensure_ascii=False)
    elif give == "redirect":
        made["redirectURL"] = theirs(params.get("url"))
    elif give == "file" and "file" in params:
        made |= {"responseDataSource": "set", "inputFieldName": params["file"]}
    options: dict[str, Any] = {"responseCode": params["status"]} if "status" in params else {}
    if headers:
        options["responseHeaders"] = {"entries": [{"name": n, "value": theirs(v)} for n, v in headers.items()]}
    return {**made, "options": options}


dialect = Dialect(
    "n8n-nodes-base.respondToWebhook",
    (1, 1.1, 1.2, 1.3, 1.4, 1.5),
    read,
    {1: {"respondWith": "firstIncomingItem", "options": {}}},
    target="web.respond",
    write=write,
    writes=1.1,
)
