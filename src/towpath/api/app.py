"""Makes the web app of an open platform. Reads like a list: guards, routes, lifespan."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any, Protocol

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.routing import BaseRoute

from towpath.api import openapi, pages
from towpath.api.door import Door, GuardedPlain
from towpath.api.guards import Guards
from towpath.api.intake import Intake
from towpath.api.problems import add_handlers
from towpath.api.replying import Replies
from towpath.api.routes import (
    answers,
    approvals,
    audit,
    changes,
    definitions,
    design,
    drafts,
    duplicates,
    effects,
    expressions,
    foreign,
    forms,
    health,
    imports,
    incoming,
    jobs,
    mail,
    many,
    metrics,
    notices,
    notifications,
    objects,
    records,
    runs,
    sign_in,
    tasks,
    templates,
    tokens,
    transitions,
    users,
    views,
    vitals,
    workflows,
)
from towpath.api.settings import Settings
from towpath.api.tracing import Traced
from towpath.service.events import send_events
from towpath.service.kept import Results
from towpath.service.platform import Platform
from towpath.service.replies import fetch_replies
from towpath.service.webhooks import accept_calls, prepare

RESOURCES = (
    workflows,
    foreign,
    drafts,
    design,
    expressions,
    templates,
    runs,
    many,
    jobs,
    records,
    imports,
    objects,
    tasks,
    approvals,
    transitions,
    duplicates,
    views,
    metrics,
    notices,
    notifications,
    effects,
    definitions,
    sign_in,
    users,
    tokens,
    audit,
)
# The busiest come first: routes are tried in order.
PLAIN = (
    *incoming.routes,
    *forms.routes,
    *health.routes,
    *answers.routes,
    *mail.routes,
    *changes.routes,
    *pages.routes,
    *vitals.routes,
)
# FastAPI's own spans and logs have whole addresses and the texts of errors in them: see towpath.api.tracing.
NO_TELEMETRY: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
STOP_WITHIN = 2.0  # seconds for each of the worker's threads


class Background(Protocol):
    """What works beside the API; ``towpath.worker.loop.Worker`` is one."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self, timeout: float = ...) -> None:
        """Finish what is under way and end, waiting at most so many seconds for each thread."""
        ...

    def nudge(self) -> None:
        """There is something new to do."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it works."""
        ...


def create_app(platform: Platform, settings: Settings, background: Background | None = None) -> FastAPI:
    """The app; ``background`` is started and stopped with it. Raises InputError for settings that are not safe."""
    settings.check()
    app = FastAPI(
        title="Towpath",
        version=version("towpath"),
        summary="Design, run, measure and improve workflows on CRM data.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
        lifespan=partial(_lifespan, platform=platform, background=background),
    )
    _fill_state(app, platform, settings, background)
    app.router.routes.extend([*PLAIN, GuardedPlain("/openapi.json", _openapi, methods=["GET"], permission=None)])
    for resource in RESOURCES:
        resource.routes.add_to(app)
    openapi.complete(app)
    add_handlers(app)
    app.add_middleware(Guards, hosts=settings.hosts, origins=settings.allowed_origins)
    if platform.tracing.on:
        app.add_middleware(Traced, tracing=platform.tracing)
    return app


def routes_of(app: FastAPI) -> Sequence[BaseRoute]:
    """Every route of the app."""
    return app.router.routes


def _fill_state(app: FastAPI, platform: Platform, settings: Settings, background: Background | None) -> None:
    state = app.state
    state.platform, state.settings, state.version = platform, settings, app.version
    state.door = Door(platform, settings)
    state.pages = pages.Pages()
    state.figures, state.overviews = Results(), Results()
    state.watch = changes.Watch(platform)
    state.stopping = lambda: False  # the server says when
    state.nudge = background.nudge if background else _nothing
    state.working = (lambda: background.alive) if background else (lambda: True)
    accept = partial(accept_calls, platform, secrets=settings.webhook_secrets)
    state.webhooks = Intake(accept, backlog=settings.backlog, written=state.nudge, tracing=platform.tracing)
    state.replies = Replies(partial(fetch_replies, platform))
    state.events = Intake(
        partial(send_events, platform), backlog=settings.backlog, written=state.nudge, tracing=platform.tracing
    )


@asynccontextmanager
async def _lifespan(_: FastAPI, platform: Platform, background: Background | None) -> AsyncIterator[None]:
    prepare(platform)
    if background is None:
        yield
        return
    background.start()
    try:
        yield
    finally:
        background.stop(STOP_WITHIN)


async def _openapi(request: Request) -> JSONResponse:
    document: Mapping[str, Any] = request.app.openapi()
    return JSONResponse(document)


def _nothing() -> None:
    """Nobody works beside the API."""
