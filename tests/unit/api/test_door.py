"""Every route declares who may use it; nothing but the public list answers without a token."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from towpath.api.app import create_app, routes_of
from towpath.api.door import PUBLIC, GuardedPlain, GuardedRoute
from towpath.api.settings import Settings
from towpath.app import open_platform
from towpath.errors import AccessError
from towpath.service.access import EVERYTHING, Actor, Permission, SignInError, require
from towpath.service.platform import Platform
from towpath.service.tokens import first_token, identify, replace_token, stored_hashes

TOKEN = "t" * 32


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    opened = open_platform(tmp_path)
    yield opened
    opened.close()


def ask(app: FastAPI, requests: list[tuple[str, str]], **headers: str) -> list[httpx.Response]:
    """Ask the app itself, without a network."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            return [await client.request(method, path) for method, path in requests]

    return asyncio.run(all_of_them())


def everything(app: FastAPI) -> list[tuple[str, str]]:
    """Each method and template of the app."""
    return [
        (method, route.path)
        for route in routes_of(app)
        if isinstance(route, GuardedRoute | GuardedPlain)
        for method in sorted(route.methods or ())
    ]


def filled(template: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", template)


def test_every_route_of_the_app_is_guarded(platform: Platform) -> None:
    app = create_app(platform, Settings())
    assert [route for route in routes_of(app) if not isinstance(route, GuardedRoute | GuardedPlain)] == []
    public = {
        (method, route.path)
        for route in routes_of(app)
        if isinstance(route, GuardedRoute | GuardedPlain) and route.permission is None
        for method in route.methods or ()
    }
    assert public == PUBLIC


def test_without_a_token_only_the_public_list_answers(platform: Platform) -> None:
    app = create_app(platform, Settings(token=TOKEN))
    asked = [(method, template) for method, template in everything(app) if (method, template) not in PUBLIC]
    assert len(asked) >= 40
    answers = ask(app, [(method, filled(template)) for method, template in asked])
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize("tail", ["health", "ready", "openapi.json", "static", "hooks/x", "health/", "%2e%2e/health"])
def test_a_name_that_ends_like_a_public_one_opens_nothing(platform: Platform, tail: str) -> None:
    app = create_app(platform, Settings(token=TOKEN))
    paths = [f"/api/runs/{tail}", f"/api/workflows/{tail}", f"/api/records/Lead/{tail}", f"/api/{tail}"]
    answers = ask(app, [("GET", path) for path in paths])
    assert {answer.status_code for answer in answers} <= {401, 404}


def test_a_route_that_declares_nothing_cannot_be_made() -> None:
    async def endpoint(_: Request) -> Response:
        return Response()

    with pytest.raises(TypeError, match="declares no permission"):
        GuardedPlain("/api/secret", endpoint, methods=["GET"], permission=None)
    with pytest.raises(TypeError, match="declares no permission"):
        GuardedRoute("/api/health", endpoint, methods=["GET"], permission=None)
    with pytest.raises(TypeError, match="declares no permission"):
        GuardedPlain("/health", endpoint, methods=["GET", "POST"], permission=None)


def test_a_role_may_only_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = Permission("run", "read"), Permission("run", "execute")
    monkeypatch.setattr("towpath.service.access.ROLES", {"owner": frozenset({read})})
    assert require(Actor("a", "owner"), read).id == "a"
    with pytest.raises(AccessError) as caught:
        require(Actor("a", "owner"), write)
    assert (caught.value.code, caught.value.status) == ("permission.denied", 403)
    with pytest.raises(SignInError):
        require(None, read)
    stranger: Any = Actor("b", "unheard-of")  # type: ignore[arg-type] # what a damaged store may give
    with pytest.raises(AccessError):
        require(stranger, read)


def test_the_owner_may_everything() -> None:
    assert all(require(Actor("a", "owner"), permission) for permission in EVERYTHING)


def test_a_token_is_made_once_kept_as_a_hash_and_replaced(platform: Platform) -> None:
    token = first_token(platform)
    assert token is not None
    assert first_token(platform) is None
    assert identify(token, stored_hashes(platform)) == Actor("api", "owner")
    newer = replace_token(platform)
    assert identify(token, stored_hashes(platform)) is None
    assert identify(newer, stored_hashes(platform)) is not None
    assert identify(None, stored_hashes(platform)) is None
    assert token not in str(stored_hashes(platform))


def test_a_fault_inside_is_told_without_its_details(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr("towpath.service.runs.list_runs", break_down)
    (answer,) = ask(
        create_app(platform, Settings(token=TOKEN)), [("GET", "/api/runs")], Authorization=f"Bearer {TOKEN}"
    )
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "swordfish" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
