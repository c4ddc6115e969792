"""Servers for benchmarks: ``towpath FOLDER`` as ``towpath serve`` starts it, ``echo``, and ``broken FOLDER``."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.alone import say
from towpath.api.intake import Intake
from towpath.api.serving import _config, serve
from towpath.api.settings import Settings
from towpath.app import open_platform
from towpath.service.webhooks import Accepted
from towpath.worker.loop import Worker


async def echo(request: Request) -> Response:
    """The body, read and written: what the server does when nothing is done."""
    value = msgspec.json.decode(await request.body())
    return Response(msgspec.json.encode(value), media_type="application/json")


def answer_too_early() -> None:
    """The twin that a test of durability must find out: it says that an event is on disk before it is."""
    kept = Intake.submit

    async def submit(intake: Intake[Any, Any], call: Any) -> Accepted:
        writing.append(asyncio.create_task(kept(intake, call)))
        return Accepted([])

    writing: list[asyncio.Task[Any]] = []
    Intake.submit = submit  # type: ignore[method-assign]


def main() -> None:
    """Serve until the process is told to stop; the port comes first."""
    if sys.argv[1] == "echo":
        with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
            say(port=listener.getsockname()[1])
            app = Starlette(routes=[Route("/hooks/{path:path}", echo, methods=["POST"])])
            uvicorn.Server(_config(app)).run(sockets=[listener])
        return
    if sys.argv[1] == "broken":
        answer_too_early()
    platform = open_platform(Path(sys.argv[2]))
    serve(
        platform,
        Worker(platform),
        Settings.from_environment(os.environ, port=0),
        lambda started: say(port=int(started.url.rstrip("/").rpartition(":")[2])),
    )
    platform.close()


if __name__ == "__main__":
    main()
