"""Runs the API and the worker of a folder in one process, until it is told to stop.

The composition root joins the two: ``serve(platform, Worker(platform), Settings.from_environment(os.environ), tell)``.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from types import FrameType
from typing import TypeAlias

import uvicorn
from fastapi import FastAPI

from towpath.api.app import Background, create_app
from towpath.api.settings import DEFAULT_HOST, Settings, bracketed
from towpath.errors import ConflictError, InputError, TowpathError
from towpath.service.accounts import owner_link
from towpath.service.platform import Platform
from towpath.service.tokens import first_token
from towpath.storage.folder_lock import FolderLock

GRACE = 4  # seconds that requests under way are given; with the worker's own, a stop takes less than 10
IDLE = 75  # seconds that a connection without requests is kept
log = logging.getLogger("towpath.api")
Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


@dataclass(frozen=True, slots=True)
class Started:
    """The server listens: its address, and the API token if it was made just now. It is shown this once.

    ``link`` signs the first owner in, once, without a password; None where an owner has one, or the pages are missing.
    """

    url: str
    token: str | None
    remote: bool
    link: str | None = None


def serve(
    platform: Platform,
    background: Background,
    settings: Settings | None = None,
    announce: Callable[[Started], None] = lambda _: None,
    *,
    works: bool = True,
) -> None:
    """Answer requests and work until SIGINT or SIGTERM, then finish what is under way, within 10 seconds.

    Raises InputError for an address that is not safe or not ours, ConflictError when another process works on the
    folder or listens at the port. Without ``works`` the background only announces, and the folder may be another's.
    The caller closes the platform.
    """
    chosen = settings or Settings.from_environment(os.environ)
    chosen.check()
    lock = FolderLock(platform.folder) if works and platform.folder and not platform.shared else nullcontext()
    with lock, _listening(chosen) as listener, _quiet_signals():
        app = create_app(platform, chosen, background)
        settle_memory()
        token = None if chosen.token else first_token(platform)
        url = _url(chosen, listener)
        announce(Started(url, token, not chosen.loopback, _link(platform, chosen.public_url or url, app)))
        server = uvicorn.Server(_config(app))
        app.state.stopping = lambda: server.should_exit
        server.run(sockets=[listener])


def _link(platform: Platform, url: str, app: FastAPI) -> str | None:
    code = owner_link(platform) if app.state.pages else None
    return f"{url}/app/enter#{code}" if code else None


def settle_memory() -> None:
    """What is loaded now stays: it need not be looked through for garbage again, which takes a fifth of a second."""
    gc.collect()
    gc.freeze()


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type] # any ASGI app
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=IDLE,
        h11_max_incomplete_event_size=64 * 1024,
    )


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket that listens at the address; the port 0 takes a free one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host.strip("[]"), settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise _unusable(settings, error) from None
    with listener:
        listener.listen(2048)
        yield listener


def _unusable(settings: Settings, error: OSError) -> TowpathError:
    place = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return ConflictError(
            f"something listens at {place} already",
            code="serve.port_in_use",
            hint="Choose another port, or 0 for any that is free.",
            params={"host": settings.host, "port": settings.port},
        )
    return InputError(
        f"cannot listen at {place}: {error.strerror or error}",
        code="serve.bad_address",
        hint="Give an address of this machine and a port that you may use.",
        params={"host": settings.host, "port": settings.port},
    )


def _url(settings: Settings, listener: socket.socket) -> str:
    """Where somebody at this machine finds the server."""
    port = listener.getsockname()[1]
    host = DEFAULT_HOST if settings.everywhere else bracketed(settings.host)
    return f"http://{host}:{port}"


@contextmanager
def _quiet_signals() -> Iterator[None]:
    """uvicorn raises the signal that stopped it once more at the end; here a stop is an ordinary return."""
    before: dict[signal.Signals, Handler] = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, lambda *_: None)
    except ValueError:  # not the main thread: then uvicorn handles no signals either
        log.debug("signals are left alone outside the main thread")
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
