"""A list of routes of one resource, each declared with the verb that its caller needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from inspect import getdoc
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI
from starlette.requests import Request

from towpath.api.door import DEED, GuardedRoute, current_actor, current_session
from towpath.api.problems import MEDIA_TYPE, ProblemDocument
from towpath.service.access import Actor, Permission, Resource, Verb
from towpath.service.audit import AuditedStore
from towpath.service.platform import Platform
from towpath.service.sessions import Session

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_SIGNED_IN: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
_PROBLEM = {"model": ProblemDocument, "content": {MEDIA_TYPE: {}}}
_FAILURES = {
    401: "Nobody has signed in, or the API token is wrong.",
    403: "The role may not do this.",
    404: "There is no such thing.",
    409: "The state has moved on.",
    422: "The request cannot be used as it is; `problems` lists every fault.",
}


async def given_platform(request: Request) -> Platform:
    """The open platform that the app was made for; a request that changes something is written down with it."""
    platform: Platform = request.app.state.platform
    deed = request.scope.get(DEED)
    return replace(platform, store=AuditedStore(platform.store, deed, platform.clock.now)) if deed else platform


ThePlatform = Annotated[Platform, Depends(given_platform)]
TheActor = Annotated[Actor, Depends(current_actor)]
TheSession = Annotated[Session | None, Depends(current_session)]


class Routes:
    """Collects the routes of a resource; ``add_to`` puts them into an app."""

    def __init__(self, resource: Resource, tag: str) -> None:
        self._resource = resource
        self._tag = tag
        self._made: list[GuardedRoute] = []

    def get(self, path: str, verb: Verb = "read", **more: Any) -> Callable[[Endpoint], Endpoint]:
        """A route that only reads."""
        return self.route("GET", path, verb, **more)

    def post(self, path: str, verb: Verb, **more: Any) -> Callable[[Endpoint], Endpoint]:
        """A route that makes something, or does something to it."""
        return self.route("POST", path, verb, **more)

    def route(
        self, method: str, path: str, verb: Verb, *, status: int = 200, **more: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route with any method; the endpoint's docstring is its summary and description."""
        return self._route(method, path, Permission(self._resource, verb), status, more)

    def open(self, method: str, path: str, *, status: int = 200, **more: Any) -> Callable[[Endpoint], Endpoint]:
        """A route for anybody; it must stand in the door's list of public ones."""
        return self._route(method, path, None, status, more)

    def _route(
        self, method: str, path: str, permission: Permission | None, status: int, more: dict[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        extra: dict[str, Any] = {"security": _SIGNED_IN if permission else []}
        if permission:
            extra["x-permission"] = str(permission)
        if content := more.pop("consumes", None):  # bodies that are not JSON are read as they come
            extra["requestBody"] = {"required": True, "content": content}

        def add(endpoint: Endpoint) -> Endpoint:
            summary, _, description = (getdoc(endpoint) or "").partition("\n")
            route = GuardedRoute(
                path,
                endpoint,
                permission=permission,
                methods=[method],
                summary=summary.rstrip("."),
                description=description.strip(),
                tags=[self._tag],
                status_code=status,
                operation_id=endpoint.__name__,
                responses=_responses(),
                openapi_extra=extra,
                **more,
            )
            self._made.append(route)
            return endpoint

        return add

    def add_to(self, app: FastAPI) -> None:
        """Put the routes into the app, in the order in which they were declared."""
        app.router.routes.extend(self._made)


def _responses() -> dict[int | str, dict[str, Any]]:
    return {status: {**_PROBLEM, "description": text} for status, text in _FAILURES.items()}
