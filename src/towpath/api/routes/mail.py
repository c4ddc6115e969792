"""Mails that another system hands in: one message, as it came, in the body."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from towpath.api.bodies import counted
from towpath.api.door import GuardedPlain
from towpath.formats.mail_message import MAX_BYTES
from towpath.service.access import Permission
from towpath.service.inbound_mail import receive


async def take_in(request: Request) -> Response:
    """202 once the mail is on disk; the same mail again is answered with ``repeated``."""
    body = await Request(request.scope, counted(request.receive, MAX_BYTES)).body()
    found = await run_in_threadpool(receive, request.app.state.platform, body)
    request.app.state.nudge()
    answer: dict[str, Any] = {"outcome": found.outcome, "object": found.object, "record": found.record}
    return Response(msgspec.json.encode(answer), 202, media_type="application/json")


routes = [
    GuardedPlain("/api/inbound-mail", take_in, methods=["POST"], permission=Permission("event", "create")),
]
