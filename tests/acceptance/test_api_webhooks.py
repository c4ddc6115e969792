"""Webhooks against a real server: kept before they are answered, told apart, trusted only when they may be."""

from __future__ import annotations

import base64
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.api_server import Server, wait_for, webhook_workflow
from towpath.service.signatures import sign

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("hooks"), TOWPATH_WEBHOOK_SECRET_SHOP_1=SECRET) as server:
        for name, path, params in (
            ("Open", "open", {}),
            ("Form", "site/form", {}),
            ("Signed", "signed", {"secret": "shop-1"}),
            ("Unset", "unset", {"secret": "nowhere"}),
            ("Deduped", "deduped", {"dedupe": "body.id"}),
            ("Read", "read", {"method": "GET"}),
        ):
            server.ok("POST", "/api/workflows", {"definition": webhook_workflow(name, path, **params)})
        yield server


def call(server: Server, path: str, body: Any = None, method: str = "POST", **headers: str) -> httpx.Response:
    """A call as a stranger makes it: without the API token."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(method, f"{server.url}/hooks/{path}", json=body, headers=names, timeout=20)


def signed(server: Server, body: bytes, identity: str, *, at: float = 0, secret: str = SECRET) -> httpx.Response:
    stamp = int(time.time() + at)
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1a,other {sign(secret, identity, stamp, body)}",
    }
    return httpx.post(f"{server.url}/hooks/signed", content=body, headers=headers, timeout=20)


def count(server: Server, workflow: str) -> int:
    return len(server.runs(workflow=workflow))


def test_a_call_starts_a_run_with_its_body_headers_and_query(server: Server) -> None:
    answer = call(server, "open?page=2&page=3", {"name": "Grace", "email": "grace@example.com"}, x_campaign="spring")
    assert answer.status_code == 202
    (run,) = answer.json()["runs"]
    wait_for(lambda: any(each["id"] == run for each in server.runs(status="completed")))
    found = server.ok("GET", "/api/records/Lead", params={"where": "email == 'grace@example.com'"})["records"]
    assert [record["lastName"] for record in found] == ["Grace"]


def test_a_form_of_a_web_page_is_taken_too(server: Server) -> None:
    answer = httpx.post(f"{server.url}/hooks/site/form", data={"name": "Form", "email": "form@example.com"})
    assert answer.status_code == 202
    found = {"where": "email == 'form@example.com'"}
    wait_for(lambda: bool(server.ok("GET", "/api/records/Lead", params=found)["records"]))


def test_a_call_to_where_nobody_listens_starts_nothing_and_says_what_is_taken(server: Server) -> None:
    assert call(server, "nowhere", {}).json()["code"] == "webhook.unknown"
    assert call(server, "open", method="DELETE").json()["hint"] == "It takes POST."
    before = count(server, "Read")
    assert call(server, "read", method="HEAD").status_code == 405
    assert call(server, "read?name=Q", method="GET").status_code == 202
    wait_for(lambda: count(server, "Read") == before + 1)


def test_what_cannot_be_read_is_refused_by_its_kind(server: Server) -> None:
    url = f"{server.url}/hooks/open"
    for content, kind, status in (
        (b"{", "application/json", 400),
        (b'{"a": 1e999}', "application/json", 400),
        (b'{"n": %d}' % 2**70, "application/json", 400),
        (b"x", "multipart/form-data; boundary=x", 422),
        (b"x", "application/x-java-object", 415),
        (b"\xff", "text/plain", 400),
        (b" " * (2 << 20), "application/json", 413),
    ):
        answer = httpx.post(url, content=content, headers={"content-type": kind})
        assert answer.status_code == status, (kind, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert httpx.post(url, content=b"x").status_code == 415


def test_the_same_idempotency_key_starts_one_run_and_gets_the_same_answer(server: Server) -> None:
    before = count(server, "Open")
    answers = [call(server, "open", {"name": "Once"}, idempotency_key="k-1").json() for _ in range(3)]
    assert answers[0]["repeated"] is False
    assert all(answer == {"runs": answers[0]["runs"], "repeated": True} for answer in answers[1:])
    wait_for(lambda: count(server, "Open") == before + 1)
    assert call(server, "open", {"name": "Other"}, idempotency_key="k-2").json()["repeated"] is False


def test_calls_at_once_with_one_key_start_one_run(server: Server) -> None:
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(call(server, "deduped", {"id": 7, "name": "X"}).json()))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["runs"][0] for answer in answers}) == 1
    assert sum(not answer["repeated"] for answer in answers) == 1
    wait_for(lambda: count(server, "Deduped") == 1)


def test_a_signed_call_is_taken_once_however_often_it_is_replayed(server: Server) -> None:
    before = count(server, "Signed")
    answers = [signed(server, b'{"name": "S"}', "msg-1") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {202}
    wait_for(lambda: count(server, "Signed") == before + 1)


def test_a_call_that_proves_nothing_is_refused_and_starts_nothing(server: Server) -> None:
    before = count(server, "Signed")
    body = b'{"name": "Mallory"}'
    assert call(server, "signed", {"name": "M"}).json()["code"] == "webhook.untrusted"
    assert call(server, "signed", {"name": "M"}, x_webhook_secret="guess").status_code == 401
    assert signed(server, body, "msg-2", secret="another").json()["code"] == "webhook.bad_signature"
    assert signed(server, body, "msg-3", at=-301).json()["code"] == "webhook.stale_signature"
    assert signed(server, body, "msg-4", at=+330).json()["code"] == "webhook.stale_signature"
    assert signed(server, body, "").json()["code"] == "webhook.bad_signature"
    assert count(server, "Signed") == before


def test_the_plain_secret_is_taken_and_not_kept_with_the_run(server: Server) -> None:
    answer = call(server, "signed", {"name": "Plain"}, x_webhook_secret=SECRET, authorization="Basic c2VjcmV0")
    (run,) = answer.json()["runs"]
    wait_for(lambda: any(each["id"] == run for each in server.runs(workflow="Signed")))
    assert SECRET not in str(server.ok("GET", f"/api/runs/{run}"))


def test_a_secret_that_is_not_set_keeps_the_door_shut_and_asks_to_come_again(server: Server) -> None:
    answer = call(server, "unset", {}, x_webhook_secret="")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "TOWPATH_WEBHOOK_SECRET_NOWHERE" in answer.json()["hint"]


def test_no_acknowledged_call_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    acknowledged: set[int] = set()
    sent = iter(range(10**9))
    with Server(tmp_path) as server:
        server.ok("POST", "/api/workflows", {"definition": webhook_workflow()})
        url = f"{server.url}/hooks/new-lead"

        def knock() -> None:
            with httpx.Client(timeout=20) as client:
                while True:
                    number = next(sent)
                    try:
                        answer = client.post(url, json={"name": f"n{number}", "email": f"n{number}@example.com"})
                    except httpx.TransportError:
                        return
                    assert answer.status_code == 202, answer.text
                    acknowledged.add(number)

        threads = [threading.Thread(target=knock) for _ in range(8)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(acknowledged) >= 300)
        server.process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()
    with Server(tmp_path) as server:
        wait_for(lambda: not server.runs(status="waiting") and len(names(server)) >= len(acknowledged))
        made = names(server)
    assert {f"n{number}" for number in acknowledged} <= set(made)
    assert len(made) == len(set(made)), "a call that was acknowledged once made two leads"


def names(server: Server) -> list[str]:
    """The last names of all leads."""
    found: list[str] = []
    while True:
        page = {"fields": ["lastName"], "limit": 1000, "offset": len(found)}
        records = server.ok("POST", "/api/records/Lead/query", page)["records"]
        found += [record["lastName"] for record in records]
        if len(records) < 1000:
            return found
