"""Forms as people meet them: a page without scripts, errors beside the fields, later pages, files, and an end."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.acceptance.api_server import Server, wait_for

ASK = {
    "path": "ask/demo",
    "title": "Ask <b>us</b>",
    "description": "Two lines\n& more",
    "fields": [
        {"label": "Name", "required": True},
        {"label": "E-mail", "name": "email", "kind": "email"},
        {"label": "Seats", "kind": "number"},
        {"label": "Team", "kind": "select", "options": ["Sales", "Service"]},
        {"label": "Topics", "kind": "checkboxes", "options": ["A", "B"]},
        {"label": "Notes", "kind": "file"},
        {"label": "source", "kind": "hidden", "default": "web"},
    ],
    "done": "See you, {{ not an expression }}",
}


def flow(name: str, trigger: dict[str, Any], *steps: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    nodes: dict[str, Any] = {"form": {"type": "trigger.form", "params": trigger}}
    nodes |= {f"s{n}": {"type": kind, "params": params} for n, (kind, params) in enumerate(steps)}
    return {"name": name, "nodes": nodes, "edges": {b: {"source": a, "target": b} for a, b in pairwise(nodes)}}


def keep(text: str) -> tuple[str, dict[str, Any]]:
    return "crm.create", {"object": "Lead", "fields": {"lastName": text}}


PAGES = flow(
    "Pages", {"path": "pages", "fields": [{"label": "Name", "required": True}]},
    ("web.form", {"title": "Hi {{ $json.Name }}", "fields": [{"label": "Phone"}], "keep": True}),
    keep("{{ $json.Name }} {{ $json.Phone }}"),
    ("web.form", {"mode": "end", "title": "Bye {{ $('form').item.json.Name }}", "description": "<i>x</i>"}),
)  # fmt: skip
NAMES = ("Name", "email", "Seats", "Team", "Topics", "source")
TOLD = {"object": "Lead", "fields": {"lastName": "{{ $json.call.body.ok }}"}}
FLOWS = (
    flow("Ask", ASK, keep(f"{{{{ [{', '.join('$json.' + name for name in NAMES)}].join('|') }}}}")),
    flow("Notes", {**ASK, "path": "notes"}, ("file.extract", {"file": "Notes", "format": "text", "into": "text"}),
         keep("{{ $json.text }}")),
    PAGES,
    flow("Told", {"path": "told", "fields": [{"label": "Name"}], "done": "It is told"},
         ("web.respond", {"give": "text", "body": "Hello {{ $json.Name }}"})),
    flow("Led on", {"path": "led-on", "fields": [{"label": "Name"}]},
         ("web.respond", {"give": "redirect", "url": "https://example.com/{{ $json.Name }}"})),
    flow("Sent on", {"path": "sent-on", "redirect": "https://example.com/?a=1&b=2", "fields": [{"label": "Name"}]}),
    {"name": "Link", "nodes": {
        "start": {"type": "trigger.webhook", "params": {"path": "link", "answer": "node"}},
        "say": {"type": "web.respond", "params": {"give": "json", "body": {"to": "{{ $execution.resumeUrl }}"}}},
        "wait": {"type": "wait.call", "params": {}},
        "lead": {"type": "crm.create", "params": TOLD},
    }, "edges": {b: {"source": a, "target": b} for a, b in pairwise(("start", "say", "wait", "lead"))}},
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("forms")) as server:
        for each in FLOWS:
            server.ok("POST", "/api/workflows", {"definition": each})
        yield server
        for client in OPEN:
            client.close()


OPEN: list[httpx.Client] = []


def browser(server: Server, **headers: str) -> httpx.Client:
    """A browser without the API token, which sends its forms from the server's own pages."""
    more = {"origin": server.url, **headers}
    OPEN.append(httpx.Client(base_url=server.url, follow_redirects=True, headers=more, timeout=20))
    return OPEN[-1]


def leads(server: Server) -> list[str]:
    found = server.ok("POST", "/api/records/Lead/query", {"fields": ["lastName"]})["records"]
    return [lead["lastName"] for lead in found]


def settled(page: Any, client: httpx.Client) -> httpx.Response:
    """The page once the workflow is no longer at work: what a browser comes to by itself."""
    found: list[httpx.Response] = [page]

    def done() -> bool:
        found[0] = client.get(str(page.url))
        return 'http-equiv="refresh" content="1"' not in found[0].text

    wait_for(done)
    return found[0]


def test_the_page_shows_every_text_as_text_and_runs_no_script(server: Server) -> None:
    page = browser(server).get("/forms/ask/demo")
    assert page.status_code == 200
    assert "<h1>Ask &lt;b&gt;us&lt;/b&gt;</h1>" in page.text
    assert "Two lines<br>&amp; more" in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    for number in range(6):
        control = re.search(rf'(<fieldset|<label for="field-{number}")', page.text)
        assert control, number  # everything that is filled in has its label


def test_a_form_that_is_filled_in_starts_a_run_and_says_thank_you(server: Server) -> None:
    filled = {
        "field-0": "Ann",
        "field-1": "a@b.co",
        "field-2": "3",
        "field-3": "Sales",
        "field-4": ["A", "B"],
        "field-6": "x",
    }
    client = browser(server)
    page = settled(client.post("/forms/ask/demo", data=filled), client)
    assert page.url.path.startswith("/forms/run/")
    assert "See you, {{ not an expression }}" in html.unescape(page.text)
    wait_for(lambda: "Ann|a@b.co|3|Sales|A,B|x" in leads(server))


@pytest.mark.parametrize(("given", "said"), [
    ({}, "Please fill this in."), ({"field-0": "A", "field-1": "x"}, "e-mail address"),
    ({"field-0": "A", "field-2": "inf"}, "a number"), ({"field-0": "A", "field-3": "Other"}, "one of these"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(server: Server, given: Any, said: str) -> None:
    page = browser(server).post("/forms/ask/demo", data={"field-5": "", **given})
    assert page.status_code == 422
    assert said in page.text
    assert 'aria-invalid="true"' in page.text
    if given:
        assert 'value="A"' in page.text


def test_the_page_speaks_chinese(server: Server) -> None:
    page = browser(server, **{"accept-language": "zh-CN,zh;q=0.9"}).post("/forms/ask/demo", data={"field-0": ""})
    assert '<html lang="zh">' in page.text
    assert "请填写此项。" in page.text


def test_files_of_a_form_come_along(server: Server) -> None:
    client = browser(server)
    assert 'enctype="multipart/form-data"' in client.get("/forms/notes").text
    client.post("/forms/notes", data={"field-0": "Ann"}, files={"field-5": ("n.txt", b"from a file", "text/plain")})
    wait_for(lambda: "from a file" in leads(server))


def test_later_pages_come_by_themselves_and_the_last_one_ends_it(server: Server) -> None:
    client = browser(server)
    page = settled(client.post("/forms/pages", data={"field-0": "<Ann>"}), client)
    assert "<h1>Hi &lt;Ann&gt;</h1>" in page.text
    assert "Phone" in page.text
    last = settled(client.post(page.url.path, data={"field-0": "42"}), client)
    assert "Bye &lt;Ann&gt;" in last.text
    assert "&lt;i&gt;x" in last.text
    assert "<Ann> 42" in leads(server)


def test_people_can_be_sent_on(server: Server) -> None:
    client = browser(server)
    page = settled(client.post("/forms/sent-on", data={"field-0": "Ann"}), client)
    assert '<meta http-equiv="refresh" content="0;url=https://example.com/?a=1&amp;b=2">' in page.text


def test_an_answer_that_is_no_page_ends_the_form_as_the_form_says(server: Server) -> None:
    client = browser(server)
    told = settled(client.post("/forms/told", data={"field-0": "Ann"}), client)
    assert (told.status_code, "It is told" in told.text) == (200, True)
    led = settled(client.post("/forms/led-on", data={"field-0": "Ann"}), client)
    assert '<a href="https://example.com/Ann">' in led.text


def test_an_address_that_was_not_given_out_opens_nothing(server: Server) -> None:
    client = browser(server)
    page = client.post("/forms/ask/demo", data={"field-0": "Ann"})
    run = page.url.path.split("/")[3]
    for path in (f"/forms/run/{run}/{'0' * 32}", f"/resume/{run}/{'0' * 32}", f"/resume/{run}/\u00fc", "/forms/none"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["code"] in ("run.unknown_link", "form.unknown")


def test_a_form_of_another_kind_or_site_is_refused(server: Server) -> None:
    assert browser(server).post("/forms/ask/demo", json={"field-0": "Ann"}).json()["code"] == "form.content_type"
    foreign = browser(server, origin="https://evil.example").post("/forms/ask/demo", data={"field-0": "Ann"})
    assert foreign.status_code == 403


def test_a_call_of_a_runs_own_address_wakes_it_once(server: Server) -> None:
    client = browser(server)
    address = client.post("/hooks/link", json={}).json()["to"]
    assert address.startswith("/resume/")
    wait_for(lambda: [run["status"] for run in server.runs(workflow="Link")] == ["waiting"])
    assert client.post(address, json={"ok": "by link"}).json() == {"resumed": True}
    wait_for(lambda: "by link" in leads(server))
    again = client.post(address, json={"ok": "again"})
    assert (again.status_code, again.json()) == (409, {"resumed": False})
