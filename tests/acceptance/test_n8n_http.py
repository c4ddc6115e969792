"""n8n's HTTP Request, of every version, and GraphQL: imported, published, and called over real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest

from tests.acceptance.flows import World
from tests.acceptance.test_http_pages import on_cursor, on_linked, on_numbered, on_until_404
from tests.unit.connectors.web_server import Handler, web_server
from tests.unit.formats.n8n.building import chain, node, one
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.formats.n8n import read_n8n

OLD, NEW = (1, 2), (3, 4, 4.1, 4.2, 4.3, 4.4)


@pytest.fixture(scope="module")
def peer() -> Iterator[tuple[str, type[Handler], HttpSender]]:
    with web_server() as (address, handler):
        sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",)))
        yield address, handler, sender
        sender.close()


@pytest.fixture(scope="module")
def pages(peer: Any) -> Any:
    """The same server, with answers that come in pages."""
    for serve in (on_numbered, on_linked, on_cursor, on_until_404):
        setattr(peer[1], serve.__name__, serve)
    return peer


def said(peer: Any, kind: str, version: float, parameters: dict[str, Any], shown: str) -> list[str]:
    """What the expression gives for each item behind the node; the peer answers with what it was sent."""
    address, _, sender = peer
    filled = json.loads(json.dumps(parameters).replace("PEER", address))
    flow = chain(node("Start", "manualTrigger"), node("Call", kind, version, filled), node("End", "noOp"))
    found = read_n8n(flow)
    assert {each.name: each.status for each in found.nodes}["Call"] == "native", found.nodes
    document = found.definition.as_json()
    document["nodes"]["say"] = {"type": "notify.log", "params": {"text": shown}}
    document["edges"]["last"] = {"source": "id-End", "target": "say"}
    world = World({"http": sender})
    try:
        world.publish(document)
        world.start([{"who": "Ann", "n": 1}], name="Case")
        (run,) = world.runs()
        assert (run.error, run.status) == (None, "completed"), world.show(run.id)
        return world.said()
    finally:
        world.platform.close()


@pytest.mark.parametrize("version", OLD)
def test_the_old_versions_send_pairs_or_json(peer: Any, version: float) -> None:
    shown = "{{ $json.method }} {{ $json.path }} {{ $json.body }} {{ $json.headers['x-a'] }}"
    pairs = {"url": "PEER/x", "requestMethod": "POST",
             "bodyParametersUi": {"parameter": [{"name": "who", "value": "={{ $json.who }}"}]},
             "queryParametersUi": {"parameter": [{"name": "q", "value": "1"}]},
             "headerParametersUi": {"parameter": [{"name": "X-A", "value": "b"}]}}  # fmt: skip
    assert said(peer, "httpRequest", version, pairs, shown) == ['POST /x?q=1 {"who":"Ann"} b']
    as_json = {"url": "PEER/y", "requestMethod": "PUT", "jsonParameters": True, "bodyParametersJson": '{"a": [1]}'}
    assert said(peer, "httpRequest", version, as_json, "{{ $json.method }} {{ $json.body }}") == ['PUT {"a":[1]}']


@pytest.mark.parametrize("version", NEW)
def test_the_new_versions_send_what_is_switched_on(peer: Any, version: float) -> None:
    pairs = {"url": "=PEER/{{ $json.n }}", "method": "POST", "sendQuery": True, "sendHeaders": True, "sendBody": True,
             "queryParameters": {"parameters": [{"name": "q", "value": "={{ $json.n }}"}]},
             "headerParameters": {"parameters": [{"name": "X-A", "value": "b"}]},
             "bodyParameters": {"parameters": [{"name": "who", "value": "={{ $json.who }}"}]}}  # fmt: skip
    shown = "{{ $json.method }} {{ $json.path }} {{ $json.body }} {{ $json.headers['x-a'] }}"
    assert said(peer, "httpRequest", version, pairs, shown) == ['POST /1?q=1 {"who":"Ann"} b']


@pytest.mark.parametrize("version", NEW)
def test_json_bodies_are_one_value_or_text_with_expressions(peer: Any, version: float) -> None:
    base = {"url": "PEER/x", "method": "POST", "sendBody": True, "specifyBody": "json"}
    for body, sent in (
        ('{"a": 1}', '{"a":1}'), ("={{ { a: $json.n } }}", '{"a":1}'), ('={"a": "{{ $json.who }}"}', '{"a":"Ann"}'),
        ('={"a": {{ $json.n + 1 }}, "b": [{{ $json.n }}]}', '{"a":2,"b":[1]}'),
    ):  # fmt: skip
        assert said(peer, "httpRequest", version, {**base, "jsonBody": body}, "{{ $json.body }}") == [sent], body


@pytest.mark.parametrize("version", NEW)
def test_forms_raw_texts_and_full_answers(peer: Any, version: float) -> None:
    form = {"url": "PEER/x", "method": "POST", "sendBody": True, "contentType": "form-urlencoded",
            "bodyParameters": {"parameters": [{"name": "a", "value": "x y"}]}}  # fmt: skip
    assert said(peer, "httpRequest", version, form, "{{ $json.body }}") == ["a=x+y"]
    raw = {"url": "PEER/x", "method": "POST", "sendBody": True, "contentType": "raw", "rawContentType": "text/csv",
           "body": "a,b", "options": {"response": {"response": {"fullResponse": True}}}}  # fmt: skip
    shown = "{{ $json.status }} {{ $json.body.headers['content-type'] }} {{ $json.body.body }}"
    assert said(peer, "httpRequest", version, raw, shown) == ["200 text/csv a,b"]


def sent_with_file(peer: Any, version: float, call: dict[str, Any]) -> dict[str, tuple[str | None, bytes]]:
    """File name and bytes, by name, of the parts that a call sends whose item is Zoë and carries a report by Ann."""
    address, handler, sender = peer
    to_file = {"operation": "toText", "sourceProperty": "who", "binaryPropertyName": "report",
               "options": {"fileName": 'r"1.txt'}}  # fmt: skip
    name = {"name": "who", "value": "Zoë", "type": "string"}
    keep = {"assignments": {"assignments": [name]}, "includeOtherFields": True, "options": {"stripBinary": False}}
    flow = chain(node("Start", "manualTrigger"), node("File", "convertToFile", 1.1, to_file),
                 node("Keep", "set", 3.4, keep),
                 node("Call", "httpRequest", version, {"url": f"{address}/x", **call}))  # fmt: skip
    found = read_n8n(flow)
    assert {each.name: each.status for each in found.nodes}["Call"] == "native", found.nodes
    world = World({"http": sender})
    try:
        world.publish(found.definition)
        run = world.start([{"who": "Ann"}], name="Case")
        assert world.status(run) == "completed", world.show(run)
    finally:
        world.platform.close()
    sent = handler.seen[-1]
    raw = f"content-type: {sent['headers']['content-type']}\r\n\r\n{sent['body']}".encode("utf-8", "surrogateescape")
    return {
        str(part.get_param("name", header="content-disposition")): (part.get_filename(), part.get_payload(decode=True))
        for part in message_from_bytes(raw).walk()
        if not part.is_multipart()
    }


@pytest.mark.parametrize("version", NEW)
def test_forms_with_files_send_texts_and_files_of_the_item(peer: Any, version: float) -> None:
    rows = [
        {"parameterType": "formBinaryData", "name": "doc", "inputDataFieldName": "report"},
        {"parameterType": "formData", "name": "who", "value": "={{ $json.who }}"},
        {"name": "n", "value": "1"},
    ]
    call = {"method": "POST", "sendBody": True, "contentType": "multipart-form-data",
            "bodyParameters": {"parameters": rows}}  # fmt: skip
    parts = sent_with_file(peer, version, call)
    assert parts == {"who": (None, "Zoë".encode()), "n": (None, b"1"), "doc": ("r%221.txt", b"Ann")}


@pytest.mark.parametrize("version", OLD)
def test_the_old_versions_send_a_file_alone_or_in_a_form(peer: Any, version: float) -> None:
    base = {"requestMethod": "POST", "jsonParameters": True, "sendBinaryData": True, "bodyParametersJson": '{"a": 1}'}
    form = {**base, "options": {"bodyContentType": "multipart-form-data"}}
    assert sent_with_file(peer, version, {**form, "binaryPropertyName": "report"}) == {"file": ("r%221.txt", b"Ann")}
    named = {**form, "binaryPropertyName": "doc:report, copy:report"}
    assert sorted(sent_with_file(peer, version, named)) == ["copy", "doc"]
    alone = {**base, "binaryPropertyName": "report", "options": {"bodyContentType": "raw"}}
    assert sent_with_file(peer, version, alone) == {"None": (None, b"Ann")}
    fields = {"requestMethod": "POST", "options": {"bodyContentType": "multipart-form-data"},
              "bodyParametersUi": {"parameter": [{"name": "who", "value": "={{ $json.who }}"}]}}  # fmt: skip
    assert sent_with_file(peer, version, fields) == {"who": (None, "Zoë".encode())}
    without_kind = {key: value for key, value in alone.items() if key != "options"}
    assert one("httpRequest", version, {"url": "https://example.com", **without_kind}).nodes[1].status == "generic"


@pytest.mark.parametrize("version", [*OLD, *NEW])
def test_bad_statuses_fail_or_go_on_where_that_is_wanted(peer: Any, version: float) -> None:
    never = {"ignoreResponseCode": True} if version < 3 else {"response": {"response": {"neverError": True}}}
    shown = "{{ $json.error }}"
    assert said(peer, "httpRequest", version, {"url": "PEER/missing", "options": never}, shown) == ["no such lead"]
    with pytest.raises(AssertionError, match=r"http\.status"):
        said(peer, "httpRequest", version, {"url": "PEER/missing"}, shown)


@pytest.mark.parametrize("version", [*OLD, *NEW])
def test_answers_can_be_kept_as_files(peer: Any, version: float) -> None:
    how = (
        {"responseFormat": "file"}
        if version < 3
        else {"options": {"response": {"response": {"responseFormat": "file"}}}}
    )
    assert said(peer, "httpRequest", version, {"url": "PEER/text", **how}, "{{ $binary.data.fileName }}") == ["text"]


def paged(**more: Any) -> dict[str, Any]:
    return {"options": {"pagination": {"pagination": more}}}


def updated(kind: str, name: str, value: str) -> dict[str, Any]:
    return {"parameters": {"parameters": [{"type": kind, "name": name, "value": value}]}}


@pytest.mark.parametrize("version", NEW)
@pytest.mark.parametrize(("path", "how", "calls"), [
    # The examples of n8n's cookbook: the next address from the answer, the page by its number, both with an end.
    ("linked", {"paginationMode": "responseContainsNextURL", "nextURL": "={{ $response.body.next }}",
                "paginationCompleteWhen": "other", "completeExpression": "={{ !$response.body.next }}"}, 3),
    ("numbered", {"paginationMode": "updateAParameterInEachRequest", **updated("qs", "page", "={{ $pageCount + 1 }}"),
                  "paginationCompleteWhen": "responseIsEmpty"}, 4),
    ("numbered", updated("qs", "page", "={{ $pageCount + 1 }}"), 4),  # what n8n leaves out of files
    ("numbered", {**updated("qs", "page", "={{ Number($request.qs.page || 0) + 1 }}"),
                  "paginationCompleteWhen": "other", "completeExpression": "={{ $response.body.length < 2 }}"}, 3),
    ("until/404", {**updated("headers", "X-Page", "={{ $pageCount }}"), "requestInterval": 0,
                   "paginationCompleteWhen": "receiveSpecificStatusCodes", "statusCodesWhenComplete": "404,410"}, 4),
])  # fmt: skip
def test_pages_are_read_as_the_cookbook_says(pages: Any, version: float, path: str, how: Any, calls: int) -> None:
    address, handler, _ = pages
    handler.seen.clear()
    shown = "{{ $json.id ?? $json.rows.join(' ') }}"
    given = said(pages, "httpRequest", version, {"url": f"{address}/{path}", **paged(**how)}, shown)
    assert " ".join(given) == "a b c d e"
    assert len(handler.seen) == calls


@pytest.mark.parametrize("version", NEW)
def test_the_number_of_pages_is_limited_and_a_cursor_goes_into_the_body(pages: Any, version: float) -> None:
    address, handler, _ = pages
    handler.seen.clear()
    cursor = {**updated("body", "cursor", "={{ $response.body.cursor }}"), "limitPagesFetched": True, "maxRequests": 2}
    call = {"url": f"{address}/cursor", "method": "POST", "sendBody": True,
            "bodyParameters": {"parameters": [{"name": "size", "value": "2"}]}, **paged(**cursor)}  # fmt: skip
    assert said(pages, "httpRequest", version, call, "{{ $json.rows.join(' ') }}") == ["a b", "c d"]
    assert [json.loads(each["body"]) for each in handler.seen] == [{"size": "2"}, {"size": "2", "cursor": 1}]


def test_pages_that_are_off_or_change_nothing_are_seen_for_what_they_are() -> None:
    call = {"url": "https://example.com", **paged(paginationMode="off")}
    assert "pages" not in one("httpRequest", 4.2, call).definition.nodes["id-Node"].params
    report = one("httpRequest", 4.2, {"url": "https://example.com", **paged()}).nodes[1]
    assert (report.status, "nothing changes" in str(report.reason)) == ("generic", True)


@pytest.mark.parametrize("version", [1, 1.1])
def test_graphql_posts_a_query_with_its_variables(peer: Any, version: float) -> None:
    parameters = {"endpoint": "PEER/graphql", "requestFormat": "json", "query": "query($n: Int) { lead(n: $n) { id } }",
                  "variables": "={{ { n: $json.n } }}"}  # fmt: skip
    (sent,) = said(peer, "graphql", version, parameters, "{{ $json.body }}")
    assert json.loads(sent) == {"query": parameters["query"], "variables": {"n": 1}}
    plain = {"endpoint": "PEER/graphql", "requestFormat": "json", "query": "{ me { id } }"}
    assert said(peer, "graphql", version, plain, "{{ $json.body }}") == ['{"query":"{ me { id } }"}']
