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
from towpath.errors import AccessError
from towpath.ports.time import SECOND
from towpath.service.access import Actor, Permission, require
from towpath.service.audit import Deed
from towpath.service.platform import Platform
from towpath.service.sessions import Session, find_session
from towpath.service.tokens import find_personal, given_hash, identify, stored_hashes, token_hash

ACTOR = "towpath.actor"  # where the request's scope has the actor
SESSION = "towpath.session"  # the session it came with, if it came with one
DEED = "towpath.deed"  # and what is written into the audit log with the first change it makes
FRESH = 2 * SECOND  # how long a token or session that was ended elsewhere may go on working
MOST_KNOWN = 10_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE = "towpath_session"
CSRF_HEADER = b"x-csrf-token"
DOORS = frozenset({"session", "token", "user"})  # resources whose changes may end somebody's stay
# Exact pairs of method and template; no other route answers without a token or a session.
PUBLIC = frozenset(
    {("GET", "/health"), ("GET", "/ready"), ("GET", "/openapi.json"), ("GET", "/"), ("GET", "/app/{path:path}")}
    | {("GET", "/answer/{token}"), ("POST", "/answer/{token}")}  # the token in the address is the permission
    | {(method, path) for method in ("GET", "POST") for path in ("/forms/{path:path}", "/forms/run/{run}/{signature}")}
    | {(method, "/resume/{run}/{signature}") for method in ("GET", "POST", "PUT")}  # the address is the permission
    | {("POST", path) for path in ("/api/sign-in", "/api/sign-in/link", "/api/sign-in/invited", "/api/sign-in/join")}
    | {(method, "/hooks/{path:path}") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
)


class Door:
    """Knows tokens and sessions, and lets requests in."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self._platform = platform
        self._secure = settings.secure
        self._own = [given_hash(settings.token)] if settings.token else []
        self._stored: list[str] = []
        self._read_at: int | None = None
        self._known: dict[str, tuple[int, Session | Actor | None]] = {}

    async def admit(self, scope: Scope, permission: Permission) -> None:
        """Put the actor into the scope. SignInError or AccessError for everybody else."""
        token, now = _bearer(scope), self._platform.clock.now()
        if token is None:
            session = await self._session(scope, now)
            if session is not None and scope["method"] not in SAFE_METHODS:
                _check_word(session, _header(scope, CSRF_HEADER))
            scope[SESSION], actor = session, session.actor if session else None
        else:
            actor = await self._token(token, now)
        scope[ACTOR] = require(actor, permission)

    def cookie_name(self, scope: Scope) -> str:
        """The name of the session cookie: on plain http one for each port, as cookies do not keep ports apart."""
        if self._secure:
            return f"__Host-{COOKIE}"
        port = (_header(scope, b"host") or "").rpartition(":")[2]
        return f"{COOKIE}_{port}" if port.isdecimal() else COOKIE

    def forget(self) -> None:
        """Ask the store again who is known."""
        self._known.clear()

    async def _token(self, token: str, now: int) -> Actor | None:
        await self._refresh(now)
        found = identify(token, [*self._own, *self._stored])
        if found is not None:
            return found
        personal = await self._ask(token, now, find_personal)
        return personal if isinstance(personal, Actor) else None

    async def _session(self, scope: Scope, now: int) -> Session | None:
        secret = _cookie(scope, self.cookie_name(scope))
        found = await self._ask(secret, now, find_session) if secret else None
        return found if isinstance(found, Session) else None

    async def _ask(
        self, secret: str, now: int, find: Callable[[Platform, str], Session | Actor | None]
    ) -> Session | Actor | None:
        """What the store says of a secret, at most once in FRESH."""
        hashed = f"{find.__name__} {token_hash(secret)}"
        read_at, found = self._known.get(hashed, (0, None))
        if now - read_at > FRESH:
            found = await run_in_threadpool(find, self._platform, secret)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[hashed] = now, found
        return found

    async def _refresh(self, now: int) -> None:
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
        if self.permission is not None and self.permission.verb != "read":
            scope[DEED] = Deed(scope[ACTOR].id, str(self.permission), scope["path"], {"method": scope["method"]})
        await super().handle(scope, counted(receive, state.settings.body_limit), send)
        if scope["method"] not in SAFE_METHODS:
            if self.permission is None or self.permission.resource in DOORS:
                state.door.forget()
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
        scope["route"] = self  # as the framework does with its own: the request's span is named by it
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


async def current_session(request: Request) -> Session | None:
    """The session that the request came with; None for a token."""
    session: Session | None = request.scope.get(SESSION)
    return session


def _check_word(session: Session, word: str | None) -> None:
    if not session.says(word):
        raise AccessError(
            "the request does not come from a page of this session",
            code="request.csrf",
            hint="Reload the page. Programs use an API token.",
        )


def _bearer(scope: Scope) -> str | None:
    value = _header(scope, b"authorization")
    if value is None:
        return None
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _cookie(scope: Scope, wanted: str) -> str | None:
    for part in (_header(scope, b"cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return None


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)
