"""People sign in, in roles; what each role may not do is refused and changes nothing; what is done is written down."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.acceptance.counting import CountingStore
from towpath.api.app import create_app, routes_of
from towpath.api.door import PUBLIC, GuardedPlain, GuardedRoute
from towpath.api.settings import Settings
from towpath.app import open_platform
from towpath.identity.tables import ATTEMPT, AUDIT, IDENTITY_TABLES, SESSION
from towpath.service.access import ROLES
from towpath.service.accounts import owner_link
from towpath.service.platform import Platform
from towpath.storage.system import VirtualClock

WORDS = "four words that fit"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    opened = open_platform(tmp_path, clock=VirtualClock())
    yield opened
    opened.close()


@pytest.fixture
def app(platform: Platform) -> FastAPI:
    return create_app(platform, Settings(token="t" * 40))


class TestClient:
    """Speaks to the app itself, without a network, and keeps cookies."""

    __test__ = False

    def __init__(self, app: FastAPI, base_url: str, headers: dict[str, str] | None = None) -> None:
        self._app, self._base_url, self._headers = app, base_url, headers
        self.cookies = httpx.Cookies()

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        options: Any = {"base_url": self._base_url, "headers": self._headers, "cookies": self.cookies}
        async with httpx.AsyncClient(transport=transport, **options) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


class Person:
    """A browser: keeps its cookie, and sends the session's word with every change as the pages do."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, base_url="http://localhost:8130")

    def do(self, method: str, path: str, body: Any = None, *, word: bool = True) -> Any:
        headers = {}
        if word and method != "GET" and self.client.cookies:
            headers["X-CSRF-Token"] = self.client.get("/api/session").json().get("csrf") or ""
        return self.client.request(method, path, json=body, headers=headers)

    def enter(self, code: str) -> Person:
        assert self.client.post("/api/sign-in/link", json={"code": code}).json() == {"entered": True}
        return self


def owner(app: FastAPI, platform: Platform) -> Person:
    code = owner_link(platform)
    assert code is not None
    return Person(app).enter(code)


def invited(app: FastAPI, by: Person, role: str, email: str | None = None) -> Person:
    address = email or f"{role}@example.com"
    made = by.do("POST", "/api/users", {"email": address, "role": role})
    assert made.status_code == 201, made.text
    person, code = Person(app), made.json()["link"].partition("#")[2]
    assert person.client.post("/api/sign-in/link", json={"code": code}).json() == {"entered": False}
    assert person.client.post("/api/sign-in/invited", json={"code": code}).json()["email"] == address
    joined = person.client.post("/api/sign-in/join", json={"code": code, "name": role.title(), "password": WORDS})
    assert joined.status_code == 200, joined.text
    return person


def everything_but_sessions(platform: Platform) -> str:
    """A hash of all rows, but for who was seen when."""

    def work(tx: Any) -> str:
        tables = [table for table in IDENTITY_TABLES if table not in (SESSION, ATTEMPT)]
        rows = [tx.select(table) for table in [*tables, *platform.catalogue.tables()]]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    return platform.store.read(work)


def test_the_first_link_signs_the_owner_in_once(app: FastAPI, platform: Platform) -> None:
    code = owner_link(platform)
    assert code is not None
    me = Person(app).enter(code)
    session = me.do("GET", "/api/session").json()
    assert (session["role"], session["has_password"], session["person"]) == ("owner", False, True)
    again = Person(app).client.post("/api/sign-in/link", json={"code": code})
    assert (again.status_code, again.json()["code"]) == (403, "auth.link")


def test_a_newer_link_ends_the_older_and_a_password_ends_them_all(app: FastAPI, platform: Platform) -> None:
    older, newer = owner_link(platform), owner_link(platform)
    assert older is not None
    assert newer is not None
    assert Person(app).client.post("/api/sign-in/link", json={"code": older}).status_code == 403
    me = Person(app).enter(newer)
    body = {"email": "Ann@Example.com", "new": WORDS}
    assert me.do("PUT", "/api/session/password", body).status_code == 204
    assert owner_link(platform) is None
    other = Person(app)
    answer = other.client.post("/api/sign-in", json={"email": "ann@example.com ", "password": WORDS})
    assert answer.json() == {"entered": True}


def test_a_link_is_too_old_after_a_day(app: FastAPI, platform: Platform) -> None:
    code = owner_link(platform)
    platform.clock.advance(25 * 3600)  # type: ignore[attr-defined]
    assert Person(app).client.post("/api/sign-in/link", json={"code": code}).status_code == 403


def test_the_cookie_is_for_this_server_alone_and_out_of_reach_of_scripts(app: FastAPI, platform: Platform) -> None:
    answer = Person(app).client.post("/api/sign-in/link", json={"code": owner_link(platform)})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("towpath_session_8130=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_behind_https_the_cookie_is_sent_that_way_only(platform: Platform) -> None:
    app = create_app(platform, Settings(public_url="https://crm.example.com", allowed_hosts=("crm.example.com",)))
    client = TestClient(app, base_url="https://crm.example.com")
    cookie = client.post("/api/sign-in/link", json={"code": owner_link(platform)}).headers["set-cookie"]
    assert cookie.startswith("__Host-towpath_session=")
    assert "Secure" in cookie


def test_nothing_that_opens_a_door_is_in_the_store(app: FastAPI, platform: Platform) -> None:
    me = owner(app, platform)
    token = me.do("POST", "/api/tokens", {"name": "export"}).json()["token"]
    secret = next(iter(me.client.cookies.jar)).value
    stored = platform.store.read(lambda tx: repr([tx.select(table) for table in IDENTITY_TABLES]))
    assert token not in stored
    assert secret is not None
    assert secret not in stored
    assert WORDS not in stored


def test_a_change_without_the_word_of_the_session_is_refused(app: FastAPI, platform: Platform) -> None:
    me = owner(app, platform)
    body = {"lastName": "Lovelace"}
    refused = me.do("POST", "/api/records/Lead", body, word=False)
    assert (refused.status_code, refused.json()["code"]) == (403, "request.csrf")
    assert me.do("POST", "/api/records/Lead", body).status_code == 201


def test_a_page_of_another_site_changes_nothing(app: FastAPI, platform: Platform) -> None:
    me = owner(app, platform)
    word = me.do("GET", "/api/session").json()["csrf"]
    headers = {"X-CSRF-Token": word, "Origin": "https://evil.example"}
    answer = me.client.post("/api/records/Lead", json={"lastName": "X"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "request.foreign_origin")


def test_wrong_passwords_slow_down_by_account_and_tell_nobody_who_has_one(app: FastAPI, platform: Platform) -> None:
    invited(app, owner(app, platform), "agent", "ada@example.com")
    stranger = Person(app).client
    told = set()
    for email in ("ada@example.com", "nobody@example.com"):
        answers = [stranger.post("/api/sign-in", json={"email": email, "password": "wrong"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].json()["params"] == {"seconds": 2}
        assert answers[-1].headers["retry-after"] == "2"
        told.add(answers[0].text)
    assert len(told) == 1
    right = {"email": "ada@example.com", "password": WORDS}
    assert stranger.post("/api/sign-in", json=right).status_code == 429
    platform.clock.advance(3)  # type: ignore[attr-defined]
    assert stranger.post("/api/sign-in", json=right).json() == {"entered": True}


def test_signing_out_and_time_end_a_session(app: FastAPI, platform: Platform) -> None:
    me = owner(app, platform)
    assert me.do("DELETE", "/api/session").status_code == 204
    assert me.do("GET", "/api/session").status_code == 401
    again = owner(app, platform)
    platform.clock.advance(8 * 24 * 3600)  # type: ignore[attr-defined]
    assert again.do("GET", "/api/session").status_code == 401


def test_somebody_switched_off_is_out_at_once_with_sessions_and_tokens(app: FastAPI, platform: Platform) -> None:
    boss = owner(app, platform)
    ada = invited(app, boss, "agent")
    account = ada.do("GET", "/api/session").json()["id"]
    token = ada.do("POST", "/api/tokens", {"name": "mine"}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert TestClient(app, base_url="http://localhost").get("/api/runs", headers=bearer).status_code == 200
    assert boss.do("PATCH", f"/api/users/{account}", {"active": False}).json()["status"] == "disabled"
    assert ada.do("GET", "/api/session").status_code == 401
    assert TestClient(app, base_url="http://localhost").get("/api/runs", headers=bearer).status_code == 401


def test_only_owners_make_and_change_owners_and_one_is_always_left(app: FastAPI, platform: Platform) -> None:
    boss = owner(app, platform)
    admin = invited(app, boss, "admin")
    mine = boss.do("GET", "/api/session").json()["id"]
    assert admin.do("PATCH", f"/api/users/{mine}", {"role": "viewer"}).json()["code"] == "permission.owner"
    assert admin.do("POST", "/api/users", {"email": "x@y.z", "role": "owner"}).status_code == 403
    assert boss.do("PATCH", f"/api/users/{mine}", {"active": False}).json()["code"] == "user.last_owner"


def test_whoever_has_an_account_is_not_invited_again_under_the_address_of_the_record(
    app: FastAPI, platform: Platform
) -> None:
    boss = owner(app, platform)
    ada = invited(app, boss, "agent").do("GET", "/api/session").json()["id"]
    assert boss.do("PATCH", f"/api/records/User/{ada}", {"email": "ada@example.org"}).status_code == 200
    again = boss.do("POST", "/api/users", {"email": "ada@example.org", "role": "viewer"})
    assert (again.status_code, again.json()["code"]) == (409, "user.exists")


def test_who_asks_who_he_is_does_not_have_everybody_read(app: FastAPI, platform: Platform) -> None:
    boss = owner(app, platform)
    platform.store = counted = CountingStore(platform.store)
    assert boss.do("GET", "/api/session").json()["name"] == "Owner"
    assert (counted.statements["get", "account"] > 0, counted.statements["select", "account"]) == (True, 0)


def test_a_token_of_a_person_may_what_the_person_may(app: FastAPI, platform: Platform) -> None:
    viewer = invited(app, owner(app, platform), "viewer")
    token = viewer.do("POST", "/api/tokens", {"name": "report"}).json()["token"]
    client = TestClient(app, base_url="http://localhost", headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/records/Lead").status_code == 200
    assert client.post("/api/records/Lead", json={"lastName": "X"}).json()["code"] == "permission.denied"


def test_wages_and_teams_are_changed_by_those_who_manage_people_only(app: FastAPI, platform: Platform) -> None:
    boss = owner(app, platform)
    agent = invited(app, boss, "agent")
    user = agent.do("GET", "/api/session").json()["id"]
    path = f"/api/records/User/{user}"
    assert agent.do("PATCH", path, {"hourlyCost": 500}).json()["code"] == "permission.denied"
    assert agent.do("POST", "/api/records/Team/bulk", {"rows": [{"name": "X"}]}).json()["code"] == "permission.denied"
    both = {"ids": [user, boss.do("GET", "/api/session").json()["id"]]}
    assert agent.do("POST", "/api/records/User/merge", both).json()["code"] == "permission.denied"
    assert agent.do("PATCH", path + "?bypass=true", {"hourlyCost": 500}).json()["code"] == "permission.denied"
    assert boss.do("PATCH", path, {"hourlyCost": 50}).json()["hourlyCost"] == 50


def test_what_is_changed_is_written_down_with_who_did_it_and_the_log_is_whole(app: FastAPI, platform: Platform) -> None:
    boss = owner(app, platform)
    agent = invited(app, boss, "agent")
    made = agent.do("POST", "/api/records/Lead", {"lastName": "Lovelace"}).json()
    agent.do("PATCH", f"/api/records/Lead/{made['id']}", {"company": "Acme"})
    assert agent.do("GET", "/api/audit").status_code == 403
    log = boss.do("GET", "/api/audit").json()
    who = agent.do("GET", "/api/session").json()["id"]
    assert [(row["actor"], row["action"], row["target"]) for row in log[:2]] == [
        (who, "record:update", f"/api/records/Lead/{made['id']}"),
        (who, "record:create", "/api/records/Lead"),
    ]
    assert boss.do("GET", "/api/audit/check").json() == {"whole": True, "first_broken": None}
    platform.store.write(lambda tx: tx.update(AUDIT, ("actor",), [("somebody", 2)]))
    assert boss.do("GET", "/api/audit/check").json() == {"whole": False, "first_broken": 2}
    platform.store.write(lambda tx: tx.update(AUDIT, ("actor",), [("nobody else", 2)]))
    last = log[0]["sequence"]
    platform.store.write(lambda tx: tx.delete(AUDIT, [last]))
    assert boss.do("GET", "/api/audit/check").json()["whole"] is False


def test_a_change_that_is_refused_is_not_written_down(app: FastAPI, platform: Platform) -> None:
    boss = owner(app, platform)
    before = boss.do("GET", "/api/audit").json()
    assert boss.do("POST", "/api/records/Lead", {"no": "such field"}).status_code == 422
    assert boss.do("GET", "/api/audit").json() == before


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_every_route_refuses_every_role_that_lacks_its_permission(app: FastAPI, platform: Platform, role: str) -> None:
    """The matrix: each route as each role; a refusal changes no row."""
    person = invited(app, owner(app, platform), role)
    word = person.do("GET", "/api/session").json()["csrf"]
    before = everything_but_sessions(platform)
    asked = 0
    for route in routes_of(app):
        assert isinstance(route, GuardedRoute | GuardedPlain)
        for method in route.methods or ():
            if (method, route.path) in PUBLIC or route.permission is None:
                continue
            if route.permission in ROLES[role]:  # type: ignore[index]
                continue
            path = re.sub(r"\{[^}]*\}", "x", route.path)
            answer = person.client.request(method, path, json={}, headers={"X-CSRF-Token": word})
            assert (answer.status_code, answer.json()["code"]) == (403, "permission.denied"), f"{method} {path}"
            asked += 1
    assert everything_but_sessions(platform) == before
    assert (asked == 0) == (role == "admin")


def test_roles_only_grow() -> None:
    ordered = [ROLES[role] for role in ("viewer", "agent", "designer", "admin", "owner")]
    assert all(less <= more for less, more in itertools.pairwise(ordered))
