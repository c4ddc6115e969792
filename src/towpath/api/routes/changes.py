"""Tells open pages by server-sent events that something has changed; they read again what they show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from towpath.api.door import GuardedPlain
from towpath.service.access import Permission
from towpath.service.latest import Latest, latest
from towpath.service.platform import Platform

LOOK_EVERY = 1.0  # seconds
SAY_EVERY = 15  # looks without a change after which a comment keeps the connection open


class Watch:
    """What changed last, looked up once for all streams that are open."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._seen: Latest | None = None
        self._looked_at = 0.0
        self._turn = asyncio.Lock()

    async def look(self) -> Latest | None:
        """The latest of everything; asked of the store at most once a second."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if now - self._looked_at >= LOOK_EVERY / 2:
                self._seen = await run_in_threadpool(latest, self._platform)
                self._looked_at = now
        return self._seen


async def changes(request: Request) -> Response:
    """A stream of ``changed`` events."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request), media_type="text/event-stream", headers=headers)


async def _events(request: Request) -> AsyncIterator[str]:
    state = request.app.state
    seen, quiet = await state.watch.look(), 0
    yield "retry: 3000\n\n"
    while not state.stopping():
        await asyncio.sleep(LOOK_EVERY)
        now = await state.watch.look()
        quiet += 1
        if now != seen:
            seen, quiet = now, 0
            yield "event: changed\ndata: {}\n\n"
        elif quiet % SAY_EVERY == 0:
            yield ": here\n\n"


routes = [GuardedPlain("/api/changes", changes, methods=["GET"], permission=Permission("run", "read"))]
