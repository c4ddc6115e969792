"""Calls over real sockets: what arrives, what comes back, what is doubtful, and what is refused."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.connectors.web_server import Handler, web_server
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.ports.effects import Answer, Effect


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, type[Handler]]]:
    with web_server() as found:
        yield found


@pytest.fixture
def sender() -> Iterator[HttpSender]:
    made = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",), max_bytes=100_000, connect_timeout=1.0))
    yield made
    made.close()


def call(sender: HttpSender, url: str, *, keyed: bool = False, **request: Any) -> Answer:
    (answer,) = sender.send([Effect("e1", "http", {"url": url, **request}, "key-1", keyed=keyed)])
    return answer


def test_a_json_body_arrives_and_a_json_answer_comes_back(
    server: tuple[str, type[Handler]], sender: HttpSender
) -> None:
    answer = call(
        sender, server[0] + "/leads?a=1",
        method="POST", body={"name": "Zoë"}, query={"b": [2, 3], "c": None, "d": True},
        headers={"X-Team": "north"},
    )  # fmt: skip
    assert answer.state == "sent"
    seen = answer.response["body"]
    assert (seen["method"], seen["path"], seen["body"]) == ("POST", "/leads?a=1&b=2&b=3&d=true", '{"name":"Zoë"}')
    assert seen["headers"]["content-type"] == "application/json"
    assert seen["headers"]["x-team"] == "north"
    assert seen["headers"]["idempotency-key"] == "key-1"
    assert answer.response["status"] == 200
    assert answer.response["headers"]["content-type"] == "application/json"


def test_a_call_says_which_trace_it_belongs_to_unless_the_workflow_says_another(
    server: tuple[str, type[Handler]], sender: HttpSender
) -> None:
    ours, theirs = f"00-{'1' * 32}-{'2' * 16}-01", f"00-{'3' * 32}-{'4' * 16}-01"

    def seen(**request: Any) -> str:
        effect = Effect("e1", "http", {"url": server[0], "method": "POST", **request}, "k", trace={"traceparent": ours})
        (answer,) = sender.send([effect])
        return str(answer.response["body"]["headers"]["traceparent"])

    assert (seen(), seen(headers={"Traceparent": theirs})) == (ours, theirs)


def test_a_form_is_sent_as_a_form(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    answer = call(sender, server[0], method="POST", body={"a": "x y", "n": 5}, body_type="form")
    assert answer.response["body"]["body"] == "a=x+y&n=5"


@pytest.mark.parametrize(
    ("path", "body"), [("/text", "schön"), ("/empty", None), ("/packed", {"a": 1}), ("/broken/json", "{")]
)
def test_answers_are_read_by_what_they_are(
    server: tuple[str, type[Handler]], sender: HttpSender, path: str, body: Any
) -> None:
    assert call(sender, server[0] + path).response["body"] == body


def test_an_answer_that_should_be_json_and_is_not_fails(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    answer = call(sender, server[0] + "/text", response="json")
    assert (answer.state, answer.error, answer.retryable) == ("failed", "the answer is not JSON", False)


def test_a_404_fails_for_good_and_keeps_the_answer(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    answer = call(sender, server[0] + "/missing")
    assert (answer.state, answer.retryable) == ("failed", False)
    assert answer.response["body"] == {"error": "no such lead"}


def test_a_status_can_be_declared_a_success(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    assert call(sender, server[0] + "/missing", ok=["2xx", 404]).state == "sent"
    assert call(sender, server[0] + "/away", ok=["3xx"]).response["status"] == 302


def test_a_busy_service_is_tried_again_when_it_says(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    answer = call(sender, server[0] + "/busy")
    assert (answer.state, answer.retryable, answer.retry_after) == ("failed", True, 120)


def test_the_time_of_a_busy_service_may_be_a_date(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    wait = call(sender, server[0] + "/busy/date").retry_after
    assert wait is not None
    assert 50 < wait <= 60


def test_a_service_that_asks_for_peace_gets_it_and_nothing_is_lost(
    server: tuple[str, type[Handler]], sender: HttpSender
) -> None:
    call(sender, server[0] + "/busy")
    before = len(server[1].seen)
    answer = call(sender, server[0] + "/other", method="POST")
    assert (answer.state, len(server[1].seen)) == ("later", before)
    assert answer.retry_after is not None
    assert 100 < answer.retry_after <= 120


def test_a_host_that_is_down_is_not_called_for_every_record(sender: HttpSender) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    effects = [Effect(f"e{n}", "http", {"url": url, "method": "POST"}, "k") for n in range(100)]
    states = [answer.state for answer in sender.send(effects)]
    assert states.count("failed") <= 20, "the circuit stayed closed"
    assert set(states) == {"failed", "later"}
    with web_server(port) as (address, handler):
        assert call(sender, address).state == "later", "the host may be back, but it is left alone for a while"
        assert handler.seen == []


@pytest.mark.parametrize(
    ("method", "path"), [("HEAD", "/head"), ("GET", "/until/close"), ("GET", "/early"), ("GET", "/chunks")]
)
def test_answers_end_where_http_says(
    server: tuple[str, type[Handler]], sender: HttpSender, method: str, path: str
) -> None:
    for _ in range(2):  # on the same connection where it is kept
        answer = call(sender, server[0] + path, method=method)
        assert (answer.state, answer.response["body"]) == ("sent", None if method == "HEAD" else "whole")


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next(
    server: tuple[str, type[Handler]], sender: HttpSender
) -> None:
    assert call(sender, server[0] + "/twice").response["body"] == "first"
    time.sleep(0.1)
    assert call(sender, server[0] + "/text").response["body"] == "schön"


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_an_answer_that_is_too_large_is_cut_off(
    server: tuple[str, type[Handler]], sender: HttpSender, path: str
) -> None:
    answer = call(sender, server[0] + path)
    assert (answer.state, answer.error) == ("failed", "the answer is larger than 100000 bytes")


@pytest.mark.parametrize("path", ["/hang", "/drip", "/cut"])
@pytest.mark.parametrize("keyed", [True, False])
def test_a_call_without_an_answer_is_in_doubt_unless_it_may_be_repeated(
    server: tuple[str, type[Handler]], sender: HttpSender, path: str, keyed: bool
) -> None:
    answer = call(sender, server[0] + path, method="POST", timeout=0.3, keyed=keyed)
    assert (answer.state, answer.retryable) == (("failed", True) if keyed else ("unknown", False))


def test_a_server_that_is_not_there_was_certainly_not_called(sender: HttpSender) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = call(sender, f"http://127.0.0.1:{port}/", method="POST")
    assert (answer.state, answer.retryable) == ("failed", True)


def test_redirects_within_the_host_are_followed(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    assert call(sender, server[0] + "/near").response["body"]["path"] == "/landed?by=redirect"
    assert call(sender, server[0] + "/near", method="POST").response["status"] == 302
    assert call(sender, server[0] + "/round").error == "more than 5 redirects"


def test_a_redirect_elsewhere_is_not_followed(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    answer = call(sender, server[0] + "/away", headers={"X-Secret": "s"})
    assert answer.state == "failed"
    assert "169.254.169.254" in str(answer.error)


def test_headers_that_frame_the_message_are_refused(server: tuple[str, type[Handler]], sender: HttpSender) -> None:
    for name, value in {"Host": "intern", "Transfer-Encoding": "chunked", "X-A": "1\r\nX-B: 2"}.items():
        answer = call(sender, server[0], headers={name: value})
        assert (answer.state, answer.retryable) == ("failed", False)


def test_an_unknown_connection_fails_and_a_known_one_adds_its_headers(server: tuple[str, type[Handler]]) -> None:
    def authorize(connection: str, url: str) -> dict[str, str]:
        return {("crm", server[0]): {"Authorization": "Bearer t"}}[connection, url]

    sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.0/8",)), authorize=authorize)
    assert call(sender, server[0], connection="crm").response["body"]["headers"]["authorization"] == "Bearer t"
    assert "no connection 'erp'" in str(call(sender, server[0], connection="erp").error)
    sender.close()


def test_many_calls_are_answered_in_order_and_the_bad_ones_fail_alone(
    server: tuple[str, type[Handler]], sender: HttpSender
) -> None:
    urls = [server[0] + ("/missing" if number % 10 == 3 else f"/lead/{number}") for number in range(200)]
    answers = sender.send([Effect(f"e{n}", "http", {"url": url}, f"k{n}") for n, url in enumerate(urls)])
    assert [answer.id for answer in answers] == [f"e{number}" for number in range(200)]
    for number, answer in enumerate(answers):
        if number % 10 == 3:
            assert answer.state == "failed"
        else:
            assert answer.response["body"]["path"] == f"/lead/{number}"


def test_the_environment_cannot_send_calls_through_a_proxy(
    server: tuple[str, type[Handler]], sender: HttpSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert call(sender, server[0]).state == "sent"
