"""n8n workflows whose nodes wait for the outside: imported over the API, published, and met as callers meet them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.api_server import Server, wait_for
from tests.acceptance.flows import World
from tests.unit.connectors.web_server import Handler, web_server
from tests.unit.formats.n8n.building import chain, document, line, node
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.formats.n8n import read_n8n
from towpath.formats.n8n.types import DIALECTS

SEEN = {"assignments": {"assignments": [
    {"name": "who", "type": "string", "value": "={{ $json.body.name.toUpperCase() }}"},
    {"name": "q", "type": "string", "value": "={{ $json.query.q }}"},
    {"name": "id", "type": "string", "value": "={{ $json.params.id }}"}]}}  # fmt: skip

ANN = {"who": "ANN", "q": "1", "id": "7"}


def versions(kind: str) -> tuple[float, ...]:
    return DIALECTS[f"n8n-nodes-base.{kind}"].versions


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("n8n"), TOWPATH_PUBLIC_URL="https://crm.example.com/") as running:
        yield running


def published(server: Server, name: str, *nodes: dict[str, Any]) -> None:
    """A chain of nodes, imported and published as it is."""
    (report,) = server.ok("POST", "/api/import/n8n", {**chain(*nodes), "name": name})
    assert {each["status"] for each in report["nodes"]} == {"native"}, report["nodes"]
    server.ok("POST", "/api/workflows", {"definition": report["definition"]})


@pytest.mark.parametrize("version", versions("webhook"))
@pytest.mark.parametrize(("mode", "answer"), [
    ({}, ANN), ({"responseData": "allEntries"}, [ANN]),
])  # fmt: skip
def test_a_caller_is_answered_with_what_the_last_node_gave(
    server: Server, version: float, mode: dict[str, Any], answer: Any
) -> None:
    path = f"last-{version}-{len(mode)}".replace(".", "-")
    call = {"path": f"{path}/:id", "httpMethod": "POST", "responseMode": "lastNode", **mode}
    published(server, path, node("Hook", "webhook", version, call), node("Set", "set", 3.4, SEEN))
    found = httpx.post(f"{server.url}/hooks/{path}/7?q=1", json={"name": "Ann"}, timeout=20)
    assert found.json() == answer


@pytest.mark.parametrize("version", versions("respondToWebhook"))
@pytest.mark.parametrize(("parameters", "status", "body"), [
    ({"respondWith": "json", "responseBody": '={ "ok": true, "who": "{{ $json.who }}" }',
      "options": {"responseCode": 201}}, 201, {"ok": True, "who": "ANN"}),
    ({"respondWith": "json", "responseBody": "={{ { who: $json.who } }}"}, 200, {"who": "ANN"}),
    ({"respondWith": "text", "responseBody": "=Hi {{ $json.who }}"}, 200, "Hi ANN"),
    ({"respondWith": "noData", "options": {"responseCode": 204}}, 204, ""),
])  # fmt: skip
def test_a_caller_is_answered_by_the_node_for_it(
    server: Server, version: float, parameters: dict[str, Any], status: int, body: Any
) -> None:
    path = f"said-{version}-{status}-{len(str(body))}".replace(".", "-")
    call = {"path": path, "httpMethod": "POST", "responseMode": "responseNode"}
    published(server, path, node("Hook", "webhook", 2, call), node("Set", "set", 3.4, SEEN),
              node("Say", "respondToWebhook", version, parameters), node("After", "noOp"))  # fmt: skip
    found = httpx.post(f"{server.url}/hooks/{path}", json={"name": "Ann"}, timeout=20)
    as_json = found.headers.get("content-type", "").startswith("application/json")
    assert (found.status_code, found.json() if as_json else found.text) == (status, body)


@pytest.mark.parametrize(("trigger", "page"), [
    *((version, 1) for version in versions("formTrigger")), *((2.2, version) for version in versions("form"))
])  # fmt: skip
def test_a_form_is_filled_in_page_by_page(server: Server, trigger: float, page: float) -> None:
    path = f"ask-{trigger}-{page}".replace(".", "-")
    asked = {"path": path, "formTitle": "Ask us", "options": {"path": path},
             "formFields": {"values": [{"fieldLabel": "Name", "requiredField": True}]}}  # fmt: skip
    bye = {"operation": "completion", "completionTitle": "Thanks", "completionMessage": "=Bye {{ $json.Phone }}"}
    more = {"formFields": {"values": [{"fieldLabel": "Phone"}]}, "options": {"formTitle": "Nearly there"}}
    published(server, path, node("Form", "formTrigger", trigger, asked), node("Page", "form", page, more),
              node("End", "form", page, bye))  # fmt: skip
    with httpx.Client(base_url=server.url, follow_redirects=True, timeout=20) as client:
        assert "Ask us" in client.get(f"/forms/{path}").text
        assert client.post(f"/forms/{path}", data={"field-0": ""}).status_code == 422
        where = client.post(f"/forms/{path}", data={"field-0": "Ann"}).url.path
        wait_for(lambda: "Nearly there" in client.get(where).text)
        client.post(where, data={"field-0": "0123"})
        wait_for(lambda: "Bye 0123" in client.get(where).text)


@pytest.mark.parametrize("version", versions("wait"))
def test_a_run_goes_on_when_its_own_address_is_called(server: Server, version: float) -> None:
    path = f"wait-{version}".replace(".", "-")
    told = {"respondWith": "text", "responseBody": "={{ $execution.resumeUrl }}"}
    back = {"assignments": {"assignments": [{"name": "ok", "type": "string", "value": "={{ $json.body.ok }}"}]}}
    call = {"path": path, "httpMethod": "POST", "responseMode": "responseNode"}
    published(server, path, node("Hook", "webhook", 2, call),
              node("Tell", "respondToWebhook", 1.1, told),
              node("Wait", "wait", version, {"resume": "webhook", "httpMethod": "POST"}),
              node("Back", "set", 3.4, back))  # fmt: skip
    address = httpx.post(f"{server.url}/hooks/{path}", json={}, timeout=20).text
    assert address.startswith("https://crm.example.com/resume/")
    here = address.replace("https://crm.example.com", server.url)
    wait_for(lambda: httpx.post(here, json={"ok": "yes"}, timeout=20).is_success)
    wait_for(lambda: bool(server.runs(workflow=path, status="completed")))


@pytest.mark.parametrize("version", versions("executeWorkflow"))
@pytest.mark.parametrize("begins", versions("executeWorkflowTrigger"))
@pytest.mark.parametrize(("mode", "runs"), [("once", 1), ("each", 2)])
def test_another_workflow_runs_and_its_items_come_back(version: float, begins: float, mode: str, runs: int) -> None:
    more = {"assignments": {"assignments": [{"name": "n", "type": "number", "value": "={{ $json.n * 10 }}"}]}}
    inner = chain(
        node("In", "executeWorkflowTrigger", begins, {"inputSource": "passthrough"}), node("Ten", "set", 3.4, more)
    )
    outer = chain(
        node("Start", "manualTrigger"),
        node("Call", "executeWorkflow", version, {"workflowId": "Inner", "mode": mode}),
        node("End", "noOp"),
    )
    world = World()
    world.publish(read_n8n({**inner, "name": "Inner"}).definition)
    found = read_n8n(outer).definition.as_json()
    found["nodes"]["say"] = {"type": "notify.log", "params": {"text": "{{ $json.n }}"}}
    found["edges"]["last"] = {"source": "id-End", "target": "say"}
    world.publish(found)
    world.start([{"n": 1}, {"n": 2}], name="Case")
    assert (world.said(), len(world.runs("Inner"))) == (["10", "20"], runs)
    world.platform.close()


def on_third(handler: Handler) -> None:
    """Works at the third call."""
    if handler.calls["third"] % 3:
        handler.reply(503)
    else:
        handler.reply(200, b'{"ok": true}', Content_Type="application/json")


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with web_server() as (address, handler):
        setattr(handler, on_third.__name__, on_third)
        yield address


@pytest.mark.parametrize(("path", "options", "way", "status"), [
    ("third", {"retryOnFail": True, "maxTries": 3, "waitBetweenTries": 1000}, ["Start", "Call", "Good"], "completed"),
    ("missing", {}, ["Start", "Call"], "failed"),
    ("missing", {"continueOnFail": True}, ["Start", "Call", "Good"], "completed"),
    ("missing", {"onError": "continueRegularOutput"}, ["Start", "Call", "Good"], "completed"),
    ("missing", {"onError": "continueErrorOutput"}, ["Start", "Call", "Bad"], "completed"),
    ("missing", {"onError": "stopWorkflow", "continueOnFail": False}, ["Start", "Call"], "failed"),
    ("missing", {"disabled": True}, ["Start", "Call", "Good"], "completed"),
])  # fmt: skip
def test_a_call_that_fails_goes_the_way_that_its_node_says(
    peer: str, path: str, options: dict[str, Any], way: list[str], status: str
) -> None:
    call = node("Call", "httpRequest", 4.2, {"url": f"{peer}/{path}", "options": {}}, **options)
    nodes = [node("Start", "manualTrigger"), call, node("Good", "noOp"), node("Bad", "noOp")]
    lines = [line("Start", "Call"), line("Call", "Good"), *([line("Call", "Bad", 1)] if way[-1] == "Bad" else [])]
    sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",)))
    world = World({"http": sender})
    world.publish(read_n8n(document(nodes, *lines)).definition)
    run = world.start([{"n": 1}], name="Case")
    world.until(60)
    assert (list(dict.fromkeys(world.path(run))), world.status(run)) == ([f"id-{name}" for name in way], status)
    world.platform.close()
    sender.close()
