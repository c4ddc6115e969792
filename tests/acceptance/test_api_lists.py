"""What lists of records ask the API for: saved views, changes to many records, groups, and merges told beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.api_server import Server

HOT = {"filters": [{"field": "score", "operator": ">", "value": 50}], "order": ["-score"], "columns": ["company"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("lists")) as started:
        yield started


@pytest.fixture(scope="module")
def agent(server: Server) -> Iterator[httpx.Client]:
    """Somebody who works with records and manages nobody."""
    yield from person(server, "agent")


@pytest.fixture(scope="module")
def viewer(server: Server) -> Iterator[httpx.Client]:
    """Somebody who only looks."""
    yield from person(server, "viewer")


def person(server: Server, role: str) -> Iterator[httpx.Client]:
    made = server.ok("POST", "/api/users", {"email": f"{role}@example.com", "role": role})
    with httpx.Client(base_url=server.url) as client:
        code = made["link"].partition("#")[2]
        joined = client.post("/api/sign-in/join", json={"code": code, "name": role, "password": "four words that fit"})
        assert joined.is_success, joined.text
        client.headers["X-CSRF-Token"] = client.get("/api/session").json()["csrf"]
        yield client


def view(name: str, **more: Any) -> dict[str, Any]:
    return {"object": "Lead", "name": name, "document": HOT, **more}


def test_a_view_is_ones_own_until_it_is_shared(server: Server, agent: httpx.Client) -> None:
    made = server.ok("POST", "/api/views", view("Mine alone"))
    assert (made["mine"], made["document"]["order"]) == (True, ["-score"])
    assert agent.get("/api/views?object=Lead").json() == []
    assert agent.put(f"/api/views/{made['id']}", json={"name": "x", "document": HOT}).status_code == 404
    changed = {key: made[key] for key in ("name", "document")}
    server.ok("PUT", f"/api/views/{made['id']}", {**changed, "shared": True})
    (seen,) = agent.get("/api/views?object=Lead").json()
    assert (seen["name"], seen["mine"]) == ("Mine alone", False)
    assert agent.delete(f"/api/views/{made['id']}").json()["code"] == "view.not_yours"
    assert server.client.delete(f"/api/views/{made['id']}").status_code == 204


def test_whoever_only_looks_keeps_views_and_shares_none(viewer: httpx.Client) -> None:
    assert viewer.post("/api/views", json=view("For me")).status_code == 201
    assert viewer.post("/api/views", json=view("For all", shared=True)).json()["code"] == "permission.denied"


def test_one_view_comes_first_and_names_are_not_given_twice(server: Server) -> None:
    first = server.ok("POST", "/api/views", view("First", is_default=True))
    server.ok("POST", "/api/views", view("Second", is_default=True))
    server.ok("POST", "/api/views", view("Shared", is_default=True, shared=True))
    found = {each["name"]: each["is_default"] for each in server.ok("GET", "/api/views?object=Lead")}
    assert (found["First"], found["Second"], found["Shared"]) == (False, True, True)
    server.fails(409, "POST", "/api/views", view(" first "))
    assert server.ok("PUT", f"/api/views/{first['id']}", {"name": "First", "document": {}})["document"]["filters"] == []


def test_a_view_of_what_is_not_there_is_refused(server: Server) -> None:
    for wrong in ({"columns": ["nope"]}, {"order": ["-nope"]}, {"board": "nope"}, {"filters": [{"field": "nope"}]}):
        assert server.fails(422, "POST", "/api/views", view("Wrong", document=wrong))["code"] == "schema.unknown_field"


def leads(server: Server, count: int, **values: Any) -> list[str]:
    rows = [{"lastName": f"L{number}", **values} for number in range(count)]
    return [server.ok("POST", "/api/records/Lead", row)["id"] for row in rows]


def test_many_records_get_a_value_and_what_cannot_be_changed_is_told(server: Server) -> None:
    ids = leads(server, 3, city="Oslo", status="New")
    done = server.ok("POST", "/api/records/Lead/bulk/update", {"ids": [*ids, "none"], "values": {"city": "Bergen"}})
    assert sorted(done["changed"]) == sorted(ids)
    assert [(each["record"], each["error"]["code"]) for each in done["errors"]] == [("none", "record.not_found")]
    assert done["before"][ids[0]] == {"city": "Oslo"}
    where = [{"field": "city", "operator": "==", "value": "Bergen"}]
    bad = server.ok("POST", "/api/records/Lead/bulk/update", {"where": where, "values": {"status": "Nonsense"}})
    assert (bad["changed"], len(bad["errors"])) == ([], 3)
    server.ok("POST", "/api/records/Lead/bulk/update", {"rows": done["before"]})
    assert server.ok("GET", f"/api/records/Lead/{ids[2]}")["city"] == "Oslo"


def test_many_records_are_deleted_and_brought_back(server: Server) -> None:
    ids = leads(server, 2, city="Hamar")
    where = [{"field": "city", "operator": "==", "value": "Hamar"}]
    done = server.ok("POST", "/api/records/Lead/bulk/delete", {"where": where})
    assert sorted(done["changed"]) == sorted(ids)
    server.fails(404, "GET", f"/api/records/Lead/{ids[0]}")
    server.ok("POST", "/api/records/Lead/bulk/restore", {"ids": done["changed"]})
    assert server.ok("GET", f"/api/records/Lead/{ids[0]}")["city"] == "Hamar"


def test_more_than_the_cap_is_refused_before_anything_is_done(server: Server) -> None:
    rows = [{"name": f"A{number}", "city": "Big"} for number in range(10_000)]
    server.ok("POST", "/api/records/Account/bulk", {"rows": rows})
    server.ok("POST", "/api/records/Account/bulk", {"rows": [{"name": "One more", "city": "Big"}]})
    body = {"where": [{"field": "city", "operator": "==", "value": "Big"}]}
    problem = server.fails(422, "POST", "/api/records/Account/bulk/delete", body)
    assert (problem["code"], problem["params"]["count"]) == ("bulk.too_many", 10_001)


def test_a_request_that_names_no_records_changes_none(server: Server, agent: httpx.Client) -> None:
    server.fails(422, "POST", "/api/records/Lead/bulk/update", {"values": {"city": "X"}})
    for nothing in ({}, {"where": ""}, {"where": {}}, {"ids": ["x"], "where": []}):
        server.fails(422, "POST", "/api/records/Lead/bulk/delete", nothing)
    assert agent.post("/api/records/Lead/bulk/delete", json={"ids": ["x"]}).json()["code"] == "permission.denied"
    assert agent.post("/api/records/User/bulk/update", json={"ids": ["x"], "values": {"name": "x"}}).status_code == 403


def test_records_are_counted_and_summed_by_a_choice(server: Server) -> None:
    for stage, amount in (("Prospecting", 10), ("Prospecting", 5.5), ("Proposal", None)):
        server.ok("POST", "/api/records/Deal", {"name": "D", "stage": stage, "amount": amount})
    groups = server.ok("POST", "/api/records/Deal/groups", {"by": "stage", "sums": ["amount"]})
    assert {each["value"]: (each["count"], each["sums"]["amount"]) for each in groups} == {
        "Prospecting": (2, 15.5), "Proposal": (1, None),
    }  # fmt: skip
    assert server.fails(422, "POST", "/api/records/Deal/groups", {"by": "amount"})["code"] == "group.type"


def test_a_merge_is_told_beforehand_and_keeps_the_record_that_was_chosen(server: Server) -> None:
    old, new = leads(server, 2, title="CEO")
    server.ok("PATCH", f"/api/records/Lead/{new}", {"title": "CFO", "city": "Oslo"})
    server.ok("POST", "/api/records/Task", {"subject": "Call", "relatedObject": "Lead", "relatedId": old})
    asked = {"ids": [old, new], "keep": new, "values": {"title": "CFO"}}
    told = server.ok("POST", "/api/records/Lead/merge", {**asked, "dry_run": True})
    assert (told["moved"], told["runs"], told["merged"]) == ({"Task": 1}, 0, [old])
    assert server.ok("GET", f"/api/records/Lead/{old}")["id"] == old
    done = server.ok("POST", "/api/records/Lead/merge", asked)
    assert (done["record"]["id"], done["record"]["title"], done["record"]["city"]) == (new, "CFO", "Oslo")
    assert server.ok("GET", f"/api/records/Lead/{old}")["id"] == new
    assert server.fails(422, "POST", "/api/records/Lead/merge", {**asked, "keep": "other"})["code"] == "merge.keep"


def test_a_choice_field_takes_more_choices(server: Server) -> None:
    schema = server.ok("POST", "/api/objects/Lead/fields/rating/choices", ["Very hot"])
    assert "Very hot" in next(each for each in schema["fields"] if each["name"] == "rating")["choices"]
    leads(server, 1, rating="Very hot")
