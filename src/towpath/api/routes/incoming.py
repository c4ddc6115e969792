"""The hot routes: webhook calls and named events, answered 202 once they are on disk."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from towpath.api.bodies import counted, not_json
from towpath.api.door import GuardedPlain
from towpath.api.files import attachment
from towpath.api.uploads import MULTIPART
from towpath.api.webhook_items import call_of, call_with_parts
from towpath.engine.events import Reply
from towpath.service.access import Permission
from towpath.service.events import NamedEvent
from towpath.service.platform import Platform
from towpath.service.replies import forget_reply
from towpath.service.run_files import open_file

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class EventBody(msgspec.Struct, forbid_unknown_fields=True):
    """The correlation key that runs wait with, and what they are told."""

    key: str
    payload: Any = None


async def webhook(request: Request) -> Response:
    """202 with the runs that the call starts; the same event again is answered with the same runs."""
    state = request.app.state
    body = await _body(request, state.settings.webhook_limit)
    headers = headers_of(request)
    parts = (request.method, request.path_params["path"], request.scope["query_string"], headers, body)
    is_form = headers.get("content-type", "").lower().startswith(MULTIPART)
    call = await call_with_parts(*parts) if is_form else call_of(*parts)
    accepted = await state.webhooks.submit(call)
    if accepted.answer is not None:
        reply = await state.replies.wait(accepted.answer.run, accepted.answer.within)
        if reply is not None:
            return await answered(state.platform, reply)
    return _accepted({"runs": accepted.runs, "repeated": accepted.repeated})


async def answered(platform: Platform, reply: Reply) -> Response:
    """What a run said, as the answer to the call that started it."""
    await run_in_threadpool(forget_reply, platform, reply.run)
    headers = dict(reply.headers)
    if reply.file is None:
        return Response(reply.body, reply.status, headers)
    found = await run_in_threadpool(open_file, platform, str(reply.file.get("id")))
    headers.setdefault("content-type", str(reply.file.get("mimeType")))
    headers.setdefault("content-disposition", attachment(str(reply.file.get("fileName"))))
    return StreamingResponse(iter(found), reply.status, headers)


async def event(request: Request) -> Response:
    """202 with how many runs waited for the event with this key."""
    state = request.app.state
    body = await _body(request, state.settings.webhook_limit)
    try:
        asked = msgspec.json.decode(body, type=EventBody)
        msgspec.msgpack.encode(asked.payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError) as error:
        raise not_json(error) from None
    woken = await state.events.submit(NamedEvent(request.path_params["name"], asked.key, asked.payload))
    return _accepted({"woken": woken})


async def _body(request: Request, limit: int) -> bytes:
    return await Request(request.scope, counted(request.receive, limit)).body()


def headers_of(request: Request) -> dict[str, str]:
    """Names in lower case; of a header that stands twice, the values joined with a comma."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in request.scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _accepted(value: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(value), 202, media_type="application/json")


routes = [
    GuardedPlain("/hooks/{path:path}", webhook, methods=METHODS, permission=None),
    GuardedPlain("/api/events/{name}", event, methods=["POST"], permission=Permission("event", "create")),
]
