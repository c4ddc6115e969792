"""The pages as the server gives them: every address of the application, how long it is kept, under which policy."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from towpath.api.app import create_app
from towpath.api.pages import Pages
from towpath.api.settings import Settings
from towpath.app import open_platform


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    platform = open_platform(memory=True)
    made = create_app(platform, Settings())
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<title>Towpath</title>", encoding="utf-8")
    (static / ".stamp").write_text("secret", encoding="utf-8")
    (static / "assets" / "a-1.js").write_text("let a", encoding="utf-8")
    (static / "assets" / "a-1.js.gz").write_bytes(b"squeezed")
    made.state.pages = Pages(static)
    yield made
    platform.close()


def get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            request = client.build_request("GET", path, headers=headers)
            return await client.send(request, stream=True)

    return asyncio.run(ask())


@pytest.mark.parametrize("path", ["/app/", "/app/runs/x", "/app/records/Lead", "/app/.stamp", "/app/../../etc/passwd"])
def test_every_address_of_the_application_gives_the_index_which_is_asked_for_anew(app: FastAPI, path: str) -> None:
    answer = get(app, path)
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"].startswith("text/html")


def test_the_root_leads_to_the_pages(app: FastAPI) -> None:
    assert get(app, "/").headers["location"] == "/app/"


def test_files_with_a_hash_are_kept_for_ever_and_compressed_for_those_who_can(app: FastAPI) -> None:
    plain, squeezed = (get(app, "/app/assets/a-1.js", **{"Accept-Encoding": code}) for code in ("identity", "gzip, br"))
    assert plain.headers["cache-control"] == squeezed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.headers["vary"] == "Accept-Encoding"


def test_a_file_of_an_earlier_build_is_not_answered_with_the_index(app: FastAPI) -> None:
    assert get(app, "/app/assets/old-9.js").status_code == 404


def test_the_policy_allows_nothing_but_our_own_files(app: FastAPI) -> None:
    headers = get(app, "/app/").headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert not {name for name in policy if name.endswith("-src")} - {"default-src", "object-src"}
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_without_built_pages_it_says_how_to_get_them(app: FastAPI, tmp_path: Path) -> None:
    app.state.pages = Pages(tmp_path / "nothing")
    answer = get(app, "/app/")
    assert answer.status_code == 503
    assert not app.state.pages
