"""What holds for every request and answer: known host names, no foreign web pages, security headers."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from towpath.api.problems import problem_response, unexpected
from towpath.errors import AccessError, InputError, TowpathError

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
)
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_HOOK_POLICY = (b"content-security-policy", b"sandbox; default-src 'none'; frame-ancestors 'none'")
_HOOKS = "/hooks/"


class Guards:
    """Refuses requests for another host (DNS rebinding) or from another site's page; adds headers to every answer."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], origins: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        answer = self._safely if refusal is None else problem_response(refusal)
        await answer(scope, receive, _with_headers(send, _HOOK_POLICY if _is_hook(scope) else _POLICY))

    async def _safely(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app's answer, or the one for what nobody expected, unless an answer is on its way already."""
        began = False

        async def watch(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if began:
                raise
            await unexpected(scope["method"], scope["path"], error)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> TowpathError | None:
        host = headers.get(b"host", "")
        if _name(host) not in self._hosts and "*" not in self._hosts:
            return _unknown_host(host)
        origin = headers.get(b"origin")
        if origin is None:
            foreign = headers.get(b"sec-fetch-site") in ("cross-site", "same-site") and _acts(scope)
        else:
            foreign = origin.lower() not in self._origins and origin.partition("://")[2].lower() != host.lower()
        return _foreign_page(origin or "another site") if foreign and "*" not in self._origins else None


def _name(host: str) -> str:
    """The host without its port; a colon inside brackets belongs to the address."""
    name, colon, port = host.rpartition(":")
    return (name if colon and "]" not in port else host).lower()


def _is_hook(scope: Scope) -> bool:
    return str(scope["path"]).startswith(_HOOKS)


def _acts(scope: Scope) -> bool:
    return _is_hook(scope) or scope.get("method") not in ("GET", "HEAD", "OPTIONS")


def _with_headers(send: Send, policy: tuple[bytes, bytes]) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", ())}
            added = [pair for pair in (*_ALWAYS, policy) if pair[0] not in present]
            message["headers"] = [*message.get("headers", ()), *added]
        await send(message)

    return add


def _unknown_host(host: str) -> InputError:
    error = InputError(
        f"this server does not answer for the host {host!r}",
        code="request.unknown_host",
        hint="Name it in TOWPATH_ALLOWED_HOSTS if it is yours.",
        params={"host": host},
    )
    error.status = 421
    return error


def _foreign_page(origin: str) -> AccessError:
    return AccessError(
        f"a web page of {origin} may not call this server",
        code="request.foreign_origin",
        hint="Name its origin in TOWPATH_ALLOWED_ORIGINS if it is yours.",
        params={"origin": origin},
    )
