"""The one door: who is asking, and may they; before a byte of the body is read. Every route declares its permission."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from towpath.api.bodies import StrictRequest, counted
from towpath.api.settings import Settings
from towpath.ports.time import SECOND
from towpath.service.access import Actor, Permission, require
from towpath.service.platform import Platform
from towpath.service.tokens import given_hash, identify, stored_hashes

ACTOR = "towpath.actor"  # where the request's scope has the actor
FRESH = 2 * SECOND  # how long a token that was replaced may go on working
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Exact pairs of method and template; no other route answers without a token.
PUBLIC = frozenset(
    {("GET", "/health"), ("GET", "/ready"), ("GET", "/openapi.json")}
    | {("GET", "/answer/{token}"), ("POST", "/answer/{token}")}  # the token in the address is the permission
    | {(method, path) for method in ("GET", "POST") for path in ("/forms/{path:path}", "/forms/run/{run}/{signature}")}
    | {(method, "/resume/{run}/{signature}") for method in ("GET", "POST", "PUT")}  # the address is the permission
    | {(method, "/hooks/{path:path}") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
)


class Door:
    """Knows the tokens and lets requests in."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self._platform = platform
        self._own = [given_hash(settings.token)] if settings.token else []
        self._stored: list[str] = []
        self._read_at: int | None = None

    async def admit(self, scope: Scope, permission: Permission) -> None:
        """Put the actor into the scope. SignInError or AccessError for everybody else."""
        await self._refresh()
        actor = identify(_bearer(scope), [*self._own, *self._stored])
        scope[ACTOR] = require(actor, permission)

    async def _refresh(self) -> None:
        now = self._platform.clock.now()
        if self._read_at is None or now - self._read_at > FRESH:
            self._stored = await run_in_threadpool(stored_hashes, self._platform)
            self._read_at = now


class GuardedRoute(APIRoute):
    """A route of the framework behind the door; it cannot be made without a permission unless it is public."""

    def __init__(self, path: str, endpoint: Callable[..., Any], *, permission: Permission | None, **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        self.permission = permission
        require_declared(self.path, self.methods or set(), permission)

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The framework's handler, which reads bodies strictly."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only for those who may."""
        state = scope["app"].state
        await pass_door(scope, self.permission)
        await super().handle(scope, counted(receive, state.settings.body_limit), send)
        if scope["method"] not in SAFE_METHODS:
            state.nudge()


class GuardedPlain(Route):
    """A route without the framework's cost, behind the same door."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        *,
        methods: Sequence[str],
        permission: Permission | None,
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods))
        self.methods = set(methods)  # not HEAD beside GET: looking at a webhook's address must start nothing
        self.permission = permission
        require_declared(path, self.methods, permission)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only for those who may."""
        await pass_door(scope, self.permission)
        await super().handle(scope, receive, send)


async def pass_door(scope: Scope, permission: Permission | None) -> None:
    """Admit the request, unless the route is public."""
    if permission is not None:
        await scope["app"].state.door.admit(scope, permission)


def require_declared(path: str, methods: set[str], permission: Permission | None) -> None:
    """Refuse to make a route that says nothing about who may use it."""
    if permission is None and not all((method, path) in PUBLIC for method in methods):
        raise TypeError(f"the route {sorted(methods)} {path} declares no permission and is not in the public list")


async def current_actor(request: Request) -> Actor:
    """The actor that the door admitted."""
    actor: Actor = request.scope[ACTOR]
    return actor


def _bearer(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else None
    return None
