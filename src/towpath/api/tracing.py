"""A span for each request, named by its route: addresses themselves may hold secrets and what people search for."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from towpath.ports.tracing import Attributes, Tracing

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TOLD = (b"traceparent", b"tracestate")


class Traced:
    """Tells of requests, as parts of the trace that their ``traceparent`` names."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        carried = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _TOLD}
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = self._tracing.span(method, {"http.request.method": method}, side="server", headers=carried)
        with begun as span:
            try:
                await self._app(scope, receive, watch)
            finally:
                name, attributes = _told(scope, method, status)
                span.tell(attributes, name=name, error=str(status) if status >= 500 else None)


def _told(scope: Scope, method: str, status: int) -> tuple[str, Attributes]:
    route: str | None = getattr(scope.get("route"), "path", None)
    attributes: dict[str, str | int] = {"http.response.status_code": status} if status else {}
    if route is None:
        return method, attributes
    return f"{method} {route}", {**attributes, "http.route": route}
