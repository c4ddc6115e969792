"""The server as a process: where it listens, whom it answers, how it starts and ends."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.api_server import SCRIPT, TOKEN, Server, wait_for, webhook_workflow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("serving"), TOWPATH_ALLOWED_ORIGINS="https://shop.example.com") as server:
        server.ok("POST", "/api/workflows", {"definition": webhook_workflow()})
        yield server


def refused(folder: Path, **environment: str) -> str:
    """What a server says that does not start."""
    command = [sys.executable, "-c", SCRIPT, str(folder), environment.pop("port", "0")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    return done.stderr


def test_the_first_start_makes_a_token_and_shows_it_once(tmp_path: Path) -> None:
    with Server(tmp_path, TOWPATH_API_TOKEN="") as first:
        token = first.token
        assert token.startswith("tp_")
        answer = httpx.get(f"{first.url}/api/runs", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        first.stop()
    with Server(tmp_path, TOWPATH_API_TOKEN="") as second:
        assert second.token is None
        answer = httpx.get(f"{second.url}/api/runs", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        second.stop()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert token.encode() not in stored, "the folder holds the token in plain text"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_orderly_and_takes_less_than_ten_seconds(tmp_path: Path, number: int) -> None:
    with Server(tmp_path) as server:
        began = time.monotonic()
        code, out, err = server.stop(number)
        assert (code, out.strip(), err) == (0, "closed", "")
        assert time.monotonic() - began < 10


def test_a_request_that_hangs_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"POST /hooks/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            began = time.monotonic()
            assert server.stop()[0] == 0
            assert time.monotonic() - began < 10


def test_a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on(server: Server) -> None:
    said = refused(server.folder, TOWPATH_API_TOKEN=TOKEN)
    assert "storage.folder_in_use" in said
    assert f"pid {server.process.pid}" in said
    assert server.ok("GET", "/api/runs") == []


def test_a_port_that_is_taken_is_named(server: Server, tmp_path: Path) -> None:
    said = refused(tmp_path, TOWPATH_API_TOKEN=TOKEN, port=server.url.rpartition(":")[2])
    assert "serve.port_in_use" in said


def test_listening_for_other_machines_has_to_be_allowed_and_named(tmp_path: Path) -> None:
    given = {"TOWPATH_HOST": "0.0.0.0", "TOWPATH_API_TOKEN": TOKEN}
    assert "serve.remote_not_allowed" in refused(tmp_path, **given)
    given["TOWPATH_ALLOW_REMOTE"] = "1"
    assert "serve.hosts_not_named" in refused(tmp_path, **given)
    assert "auth.weak_token" in refused(tmp_path, TOWPATH_API_TOKEN="short")
    with Server(tmp_path, TOWPATH_ALLOWED_HOSTS="crm.example.com", **given) as server:
        port = server.url.rpartition(":")[2]
        answer = httpx.get(f"http://127.0.0.1:{port}/health", headers={"Host": "crm.example.com"})
        assert answer.status_code == 200


def test_a_name_that_is_not_ours_is_not_answered(server: Server) -> None:
    for host in ("evil.example.com", "evil.example.com:80", "localhost.evil.com", ""):
        answer = server.client.get("/health", headers={"Host": host})
        assert answer.status_code == 421, host
        assert answer.json()["code"] == "request.unknown_host"
    assert server.client.get("/health", headers={"Host": "LOCALHOST:1"}).status_code == 200
    assert server.client.get("/health", headers={"Host": "[::1]:8130"}).status_code == 200


def test_pages_of_other_sites_cannot_call_webhooks_or_the_api_unless_they_are_named(server: Server) -> None:
    url = f"{server.url}/hooks/new-lead"
    foreign = httpx.post(url, json={}, headers={"Origin": "https://evil.example.com"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "request.foreign_origin")
    assert httpx.post(url, json={}, headers={"Origin": "null"}).status_code == 403
    assert httpx.post(url, json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert httpx.post(url, json={}, headers={"Origin": server.url}).status_code == 202
    assert httpx.post(url, json={"name": "S"}, headers={"Origin": "https://shop.example.com"}).status_code == 202
    assert server.client.get("/api/runs", headers={"Origin": "https://evil.example.com"}).status_code == 403


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    for path in ("/health", "/api/runs", "/api/nothing", "/hooks/none", "/openapi.json"):
        headers = server.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers
    assert server.client.get("/hooks/none").headers["content-security-policy"].startswith("sandbox")


def test_a_wrong_token_opens_nothing(server: Server) -> None:
    for value in ("", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "é"):
        answer = httpx.get(f"{server.url}/api/runs", headers={"Authorization": value.encode("latin-1")})
        assert answer.status_code == 401, value
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_refused_request_is_not_even_read(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = b"POST /api/records/Lead/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Content-Length: 1000000\r\n\r\n")
        assert b" 401 " in connection.recv(4096)


def test_ready_says_no_when_the_store_cannot_be_read(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert server.client.get("/ready").json() == {"status": "ready"}
        with sqlite3.connect(tmp_path / "towpath.db") as other:
            other.execute("ALTER TABLE event RENAME TO gone")
        wait_for(lambda: server.client.get("/ready").status_code == 503)
        assert server.client.get("/health").status_code == 200
