"""Whether the process lives (``/health``) and whether it can work (``/ready``); for anybody who asks."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from towpath.api.door import GuardedPlain
from towpath.errors import TowpathError
from towpath.service.heartbeats import unserved
from towpath.service.platform import Platform
from towpath.service.vitals import lateness, unready


async def health(request: Request) -> Response:
    """200 as long as requests are answered; ``worker`` says whether runs are advanced."""
    state = request.app.state
    return _answer(200, {"status": "ok" if state.working() else "degraded", "version": state.version})


async def ready(request: Request) -> Response:
    """200 when the worker runs, the store can be read, the disk has room and what is due is worked on; else 503.

    What is late is said, in seconds, and makes it no less ready: whoever is behind still takes in what comes.
    """
    state = request.app.state
    if not state.working():
        return _answer(503, {"status": "not ready", "reason": "the worker does not run"})
    late: dict[str, int] = {}
    try:
        reason, late = await run_in_threadpool(_looked, state.platform)
    except TowpathError as error:
        reason = error.code
    except OSError:
        reason = "disk.unreadable"
    if reason is not None:
        return _answer(503, {"status": "not ready", "reason": reason, **late})
    return _answer(200, {"status": "ready", **late})


def _looked(platform: Platform) -> tuple[str | None, dict[str, int]]:
    return _unready(platform), lateness(platform)


def _unready(platform: Platform) -> str | None:
    missing = unready(platform)
    if missing is None and (queues := unserved(platform)):
        return f"no worker serves {', '.join(queues)}"
    return missing


def _answer(status: int, value: Mapping[str, str | int]) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


routes = [
    GuardedPlain("/health", health, methods=["GET"], permission=None),
    GuardedPlain("/ready", ready, methods=["GET"], permission=None),
]
