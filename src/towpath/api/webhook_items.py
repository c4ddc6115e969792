"""A webhook request as an item: method, path, headers, query, and the body as JSON, form fields or text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from towpath.api.bodies import not_json, parse_json
from towpath.api.uploads import NAMELESS, parts_of
from towpath.errors import InputError
from towpath.service.signatures import SECRET_HEADER, Call, Upload

MOST_FIELDS = 1000  # of a form or a query
MOST_HEADERS = 100
KEY_LENGTH = 255
KEY_HEADER = "idempotency-key"
# What proves who calls is no business of the workflow, and must not be stored with its runs.
_HIDDEN = frozenset({"authorization", "proxy-authorization", "cookie", "webhook-signature", SECRET_HEADER})
_FILES = frozenset({"application/octet-stream", "application/pdf", "application/zip", "application/gzip"})
_TEXT = frozenset({"text/plain", "text/csv", "text/xml", "application/xml"})


def call_of(method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes) -> Call:
    """The call that a request makes. InputError 400, 413 or 415 for what cannot be taken as it is."""
    item = {
        "method": method,
        "path": path,
        "headers": {name: value for name, value in headers.items() if name not in _HIDDEN},
        "query": _fields(query.decode("latin-1")),
        "body": _body(headers.get("content-type", ""), body),
    }
    if len(headers) > MOST_HEADERS:
        raise InputError(f"more than {MOST_HEADERS} headers", code="webhook.too_many_headers")
    _require_storable(item)
    return Call(path, method, item, body, headers, _key(headers), _whole(headers.get("content-type", ""), body))


async def call_with_parts(method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes) -> Call:
    """The same for a form that may have files: its fields are the body."""
    call = call_of(method, path, query, {**headers, "content-type": "text/plain"}, b"")
    fields, files = await parts_of(headers["content-type"], body)
    call.item["headers"]["content-type"] = headers["content-type"]
    call.item["body"] = fields
    _require_storable(call.item)
    return replace(call, body=body, headers=headers, files=files)


def _is_file(kind: str) -> bool:
    """Whether a body of this kind is kept as a file."""
    return (
        kind.partition("/")[0] in ("image", "audio", "video", "font")
        or kind in _FILES
        or kind.startswith("application/vnd.")
    )


def _whole(content_type: str, body: bytes) -> dict[str, Upload]:
    """A body that is a file, under the name that n8n gives it."""
    kind = content_type.partition(";")[0].strip().lower()
    return {NAMELESS: Upload(NAMELESS, kind, body)} if body and not kind.endswith("+json") and _is_file(kind) else {}


def _body(content_type: str, body: bytes) -> Any:
    media_type, _, parameters = content_type.partition(";")
    kind = media_type.strip().lower()
    if not body:
        return None
    if kind == "application/json" or kind.endswith("+json"):
        return parse_json(body)
    if kind == "application/x-www-form-urlencoded":
        return _fields(_text(body, ""))
    if kind in _TEXT:
        return _text(body, parameters)
    if _is_file(kind):
        return None
    error = InputError(
        f"a webhook takes no {kind or 'body without a content type'}",
        code="webhook.content_type",
        hint="Send application/json, application/x-www-form-urlencoded, text or XML.",
        params={"content_type": kind},
    )
    error.status = 415
    raise error


def _text(body: bytes, parameters: str) -> str:
    name = parameters.partition("charset=")[2].split(";")[0].strip(' "').lower() or "utf-8"
    try:
        if name not in ("utf-8", "utf8", "us-ascii", "iso-8859-1", "latin1"):
            raise LookupError(name)
        return body.decode(name)
    except (UnicodeDecodeError, LookupError):
        error = InputError(f"the body is not {name} text", code="webhook.encoding", hint="Send UTF-8.")
        error.status = 400
        raise error from None


def _fields(text: str) -> dict[str, Any]:
    """Fields of a form or query: a text each, a list where a name stands more than once."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise InputError(f"more than {MOST_FIELDS} fields", code="webhook.too_many_fields") from None
    fields: dict[str, Any] = {}
    for name, value in pairs:
        present = fields.get(name)
        if name not in fields:
            fields[name] = value
        elif isinstance(present, list):
            present.append(value)
        else:
            fields[name] = [present, value]
    return fields


def _key(headers: Mapping[str, str]) -> str | None:
    key = headers.get(KEY_HEADER)
    if key is not None and not 0 < len(key) <= KEY_LENGTH:
        raise InputError(f"an Idempotency-Key has 1 to {KEY_LENGTH} characters", code="webhook.bad_key")
    return key


def _require_storable(item: dict[str, Any]) -> None:
    """Refuse what the intake could not hold, here, where it costs nobody else anything."""
    try:
        msgspec.msgpack.encode(item)
    except (OverflowError, UnicodeEncodeError, RecursionError) as error:
        raise not_json(error) from None
