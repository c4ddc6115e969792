"""Callers get what their run says: its result, a node's answer, a file; or in time the news that the call is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.api_server import Server, wait_for
from tests.unit.formats.n8n.building import chain, node
from towpath.formats.n8n import read_n8n


def flow(name: str, trigger: dict[str, Any], *steps: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    nodes = {"call": {"type": "trigger.webhook", "params": {"path": name, **trigger}}}
    nodes |= {f"s{n}": {"type": kind, "params": params} for n, (kind, params) in enumerate(steps)}
    ids = list(nodes)
    return {"name": name, "nodes": nodes,
            "edges": {b: {"source": a, "target": b} for a, b in pairwise(ids)}}  # fmt: skip


def respond(**params: Any) -> tuple[str, dict[str, Any]]:
    return "web.respond", params


SUM: tuple[str, dict[str, Any]] = ("data.set", {"fields": {"sum": "{{ $json.body.a + $json.body.b }}"}, "keep": False})
PARAMS: tuple[str, dict[str, Any]] = ("data.set", {"fields": {"params": "{{ $json.params }}"}, "keep": False})
LIST = ("data.split_out", {"fields": ["body.list"]})
WAIT: tuple[str, dict[str, Any]] = ("wait.duration", {"duration": 3600})
FLOWS = (
    flow("result", {"answer": "result"}, SUM),
    flow("all", {"answer": "result", "answer_give": "all", "answer_status": 201}, LIST),
    flow("nothing", {"answer": "result", "answer_give": "nothing"}, SUM),
    flow("fails", {"answer": "result"}, ("logic.stop", {"message": "no"})),
    flow("node", {"answer": "node"}, SUM, respond(give="json", body={"is": "{{ $json.sum }}"}, status=202,
                                                headers={"X-Sum": "{{ $json.sum }}"}), WAIT),
    flow("text", {"answer": "node"}, respond(give="text", body="<b>{{ $json.body.a }}</b>")),
    flow("redirect", {"answer": "node"}, respond(give="redirect", url="https://example.com/{{ $json.body.a }}")),
    flow("silent", {"answer": "node"}, SUM),
    flow("slow", {"answer": "result", "answer_within": 0.3}, WAIT),
    flow("file", {"answer": "node"}, LIST, ("file.convert", {"file_name": "l\u00e9\"/../x.csv"}), respond(give="file")),
    flow("echo", {"answer": "result", "answer_give": "file"},
         ("code.javascript", {"code": "return items.map((i) => ({ json: i.json, binary: { out: i.binary.doc } }))"})),
    flow("upload", {"answer": "result"}, ("file.extract", {"file": "doc", "keep": True})),
    flow("order", {"path": "orders/:id", "answer": "result", "answer_give": "first"}, PARAMS),
    flow("paid", {"path": "orders/:order/paid", "answer": "result"}, PARAMS),
    flow("new", {"path": "orders/new", "answer": "result", "dedupe": "body.a"}, PARAMS),
    flow("raw", {"answer": "result"}, ("data.crypto", {"file": "data", "into": "hash"})),
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("answers")) as server:
        for each in FLOWS:
            server.ok("POST", "/api/workflows", {"definition": each})
        yield server


def call(server: Server, path: str, body: Any = None, **more: Any) -> httpx.Response:
    more = more or {"json": body or {"a": 1, "b": 2, "list": [{"n": 1}, {"n": 2}]}}
    return httpx.post(f"{server.url}/hooks/{path}", timeout=20, **more)


@pytest.mark.parametrize(("path", "status", "body"), [
    ("result", 200, {"sum": 3}), ("all", 201, [{"n": 1}, {"n": 2}]), ("node", 202, {"is": 3}),
])  # fmt: skip
def test_a_caller_gets_what_the_workflow_says(server: Server, path: str, status: int, body: Any) -> None:
    answer = call(server, path)
    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["content-type"] == "application/json"


def test_a_node_answers_while_the_run_goes_on(server: Server) -> None:
    assert call(server, "node").headers["x-sum"] == "3"
    assert {run["status"] for run in server.runs(workflow="node")} == {"waiting"}


def test_nothing_text_and_redirects(server: Server) -> None:
    empty = call(server, "nothing")
    assert (empty.status_code, empty.content) == (204, b"")
    page = call(server, "text")
    assert (page.text, page.headers["content-type"]) == ("<b>1</b>", "text/html; charset=utf-8")
    assert page.headers["content-security-policy"].startswith("sandbox")  # it may not act as this server's page
    moved = call(server, "redirect")
    assert (moved.status_code, moved.headers["location"]) == (302, "https://example.com/1")


def test_a_failed_run_says_so_and_no_more(server: Server) -> None:
    answer = call(server, "fails")
    assert answer.status_code == 500
    assert answer.json() == {"message": "The workflow failed.", "run": answer.json()["run"], "code": "node.stopped"}


def test_who_waits_too_long_is_told_that_the_call_is_safe(server: Server) -> None:
    answer = call(server, "slow")
    assert answer.status_code == 202
    (run,) = answer.json()["runs"]
    wait_for(lambda: [each["id"] for each in server.runs(workflow="slow")] == [run])


def test_a_run_that_never_answers_says_that_it_is_done(server: Server) -> None:
    answer = call(server, "silent")
    assert (answer.status_code, answer.json()["repeated"]) == (200, False)


def test_a_call_that_is_repeated_is_not_answered_twice(server: Server) -> None:
    headers = {"Idempotency-Key": "once"}
    first = httpx.post(f"{server.url}/hooks/result", json={"a": 1, "b": 1}, headers=headers)
    again = httpx.post(f"{server.url}/hooks/result", json={"a": 1, "b": 1}, headers=headers)
    assert (first.json(), again.status_code, again.json()["repeated"]) == ({"sum": 2}, 202, True)


def test_a_file_comes_down_under_its_name_which_is_no_path(server: Server) -> None:
    answer = call(server, "file")
    assert answer.text == "n\n1\n2\n"
    assert answer.headers["content-type"] == "text/csv"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''l%C3%A9%22%2F..%2Fx.csv"


def test_files_of_a_form_come_in_and_go_out_in_parts(server: Server, tmp_path: Path) -> None:
    answer = call(server, "upload", data={"who": "Ann"}, files={"doc": ("a.csv", b"x,y\n1,2\n", "text/csv")})
    assert answer.json()["x"] == "1"
    assert answer.json()["body"] == {"who": "Ann"}
    data = bytes(range(256)) * 3000  # more than one part of the store
    answer = call(server, "echo", files={"doc": ("../b.bin", data, "application/pdf")})
    assert answer.content == data
    assert answer.headers["content-type"] == "application/pdf"


def test_a_body_that_is_a_file_is_one(server: Server) -> None:
    answer = call(server, "raw", content=b"abc", headers={"content-type": "image/png"})
    assert answer.json()["hash"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_form_whose_parts_cannot_be_told_apart_is_refused(server: Server) -> None:
    answer = call(server, "upload", content=b"nonsense", headers={"content-type": "multipart/form-data"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "webhook.multipart"


def test_who_may_read_a_run_gets_its_files_to_save_and_nothing_that_a_browser_would_open(server: Server) -> None:
    page = b"<script>alert(1)</script>" * 20_000  # more than one part of the store
    call(server, "upload", files={"doc": ('ev"il/\r\n.html', page, "text/html")})
    run = next(each["id"] for each in server.runs(workflow="upload"))
    (file,) = server.ok("GET", f"/api/runs/{run}")["files"]
    assert (file["media_type"], file["bytes"]) == ("text/html", len(page))
    path = f"/api/runs/{run}/files/{file['id']}"
    answer = server.client.get(path)
    assert (answer.content, answer.headers["content-length"]) == (page, str(len(page)))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%-]+", answer.headers["content-disposition"])
    server.fails(401, "GET", path, headers={"Authorization": ""})
    other = next(each["id"] for each in server.runs(workflow="node"))
    assert server.fails(404, "GET", f"/api/runs/{other}/files/{file['id']}")["code"] == "file.unknown"
    paths = server.ok("GET", "/openapi.json")["paths"]
    assert paths["/api/runs/{run}/files/{file}"]["get"]["x-permission"] == "run:read"
    assert paths["/api/runs/{run}/data"]["delete"]["x-permission"] == "run:delete"
    wait_for(lambda: server.ok("GET", f"/api/runs/{run}")["summary"]["status"] == "completed")
    assert server.ok("DELETE", f"/api/runs/{run}/data") == {"runs": 1, "files": 1}
    server.fails(404, "GET", path)


@pytest.mark.parametrize(("path", "params"), [
    ("orders/17", {"id": "17"}), ("orders/a%20b/", {"id": "a b"}), ("orders/17/paid", {"order": "17"}),
    ("orders/new", None),
])  # fmt: skip
def test_parts_of_the_address_are_parameters_where_the_path_says_so(server: Server, path: str, params: Any) -> None:
    assert call(server, path).json()["params"] == params


@pytest.mark.parametrize("version", [1, 1.1, 2, 2.1])
def test_n8n_webhooks_with_route_parameters_run(server: Server, version: float) -> None:
    hook = {"path": f"v{version * 10:.0f}/:team/leads/:id", "httpMethod": "POST", "responseMode": "lastNode"}
    shown = {"mode": "raw", "jsonOutput": "={{ { found: $json.params.team + ' ' + $json.params.id } }}"}
    found = read_n8n(chain(node("Hook", "webhook", version, hook), node("Set", "set", 3.4, shown)))
    assert {each.status for each in found.nodes} == {"native"}, found.nodes
    server.ok("POST", "/api/workflows", {"definition": {**found.definition.as_json(), "name": hook["path"]}})
    assert call(server, f"v{version * 10:.0f}/north/leads/17").json() == {"found": "north 17"}


@pytest.mark.parametrize("path", ["orders", "orders/", "orders/17/18", "orders/17/paid/now"])
def test_an_address_that_fits_no_path_starts_nothing(server: Server, path: str) -> None:
    assert call(server, path).json()["code"] == "webhook.unknown"
