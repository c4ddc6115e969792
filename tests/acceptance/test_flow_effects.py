"""Effects through the real outbox to real peers on this machine: sent once, tried again, or left to a person."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.acceptance.flows import DAY, HOUR, World, workflow
from tests.unit.connectors.web_server import Handler, web_server
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.connectors.smtp import SmtpSender, SmtpSettings
from towpath.engine.tables import OUTBOX
from towpath.errors import ConflictError, NotFoundError
from towpath.model.condition import Comparison, Field
from towpath.ports.effects import Answer, Effect
from towpath.service import runs, start
from towpath.service.advance import advance
from towpath.service.effects import recover, resolve_unknown, send_due

Peer = tuple[World, str, type[Handler]]


@pytest.fixture
def peer() -> Iterator[Peer]:
    with web_server() as (address, handler):
        settings = HttpSettings(allow_hosts=("127.0.0.1",))
        sender = HttpSender(settings, now=lambda: world.clock.now())  # noqa: PLW0108 - the world comes after it
        world = World({"http": sender})
        yield world, address, handler
        sender.close()


def calling(url: str, more: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    nodes = {
        "call": ("http.request", {"url": url, **params}, more or {}),
        "good": ("notify.log", {"text": "good {{ $json.status }}"}),
        "bad": ("notify.log", {"text": "bad {{ $json.error.code }} {{ $json.error.params.status }}"}),
    }
    if (more or {}).get("on_error") == "branch":
        return workflow(nodes, "call > good", "call:error > bad")
    del nodes["bad"]
    return workflow(nodes, "call > good")


def answering(handler: type[Handler], *statuses: int, **headers: str) -> None:
    """Let the path /shaky answer with these statuses one after the other, the last one from then on."""
    left = list(statuses)

    def on_shaky(self: Handler) -> None:
        status = left.pop(0) if len(left) > 1 else left[0]
        self.reply(status, b"", **(headers if status != 200 else {}))

    handler.on_shaky = on_shaky  # type: ignore[attr-defined]


def test_a_call_goes_out_once_and_its_answer_comes_back(peer: Peer) -> None:
    world, address, handler = peer
    world.publish(calling(f"{address}/lead", method="POST", body={"name": "{{ $json.name }}"}))
    run = world.start([{"name": "Acme"}])
    assert (world.status(run), world.said()) == ("completed", ["good 200"])
    (call,) = handler.seen
    assert (call["method"], call["body"]) == ("POST", '{"name":"Acme"}')
    (row,) = world.outbox()
    assert (row["state"], call["headers"]["idempotency-key"]) == ("sent", row["key"])


def test_two_failures_and_a_success_are_one_effect_under_one_key(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, 500, 500, 200)
    world.publish(calling(f"{address}/shaky", method="POST", body={}, repeatable=True))
    run = world.start([{}])
    assert world.status(run) == "waiting"
    world.until(HOUR)
    assert (world.status(run), world.said()) == ("completed", ["good 200"])
    assert handler.calls["shaky"] == 3
    assert len({call["headers"]["idempotency-key"] for call in handler.seen}) == 1
    assert [row["attempt"] for row in world.outbox()] == [1, 2, 3]
    assert [step[:2] for step in world.steps(run, "call")] == [("failed", 1), ("failed", 2), ("ok", 3)]


def test_a_service_that_is_down_over_a_weekend_is_called_for_three_days_before_the_step_gives_up(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, 500)
    world.publish(calling(f"{address}/shaky"))
    run = world.start([{}])
    world.until(3 * 24 * HOUR)
    assert world.status(run) == "waiting"
    assert handler.calls["shaky"] < 100, "it is not called more than about once an hour"
    world.until(4 * 24 * HOUR)
    assert world.status(run) == "failed"


def test_of_ten_items_only_the_one_that_failed_is_called_again(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, 503, 200)
    world.publish(calling(address + "/{{ $json.path }}"))
    run = world.start([{"path": "shaky" if n == 4 else f"p{n}"} for n in range(10)])
    world.until(HOUR)
    assert world.status(run) == "completed"
    assert world.said() == ["good 200"] * 10
    assert handler.calls["shaky"] == 2
    assert sum(handler.calls.values()) == 11


def test_a_peer_that_says_how_long_to_wait_is_not_called_before(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, 429, 200, Retry_After="120")
    world.publish(calling(f"{address}/shaky"))
    run = world.start([{}])
    world.until(119)
    assert handler.calls["shaky"] == 1
    world.until(120)
    assert (handler.calls["shaky"], world.status(run)) == (2, "completed")


def test_retries_back_off_and_end(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, 500)
    retry = {"attempts": 4, "delay": 10, "factor": 3, "jitter": 0}
    world.publish(calling(f"{address}/shaky", {"retry": retry}))
    run = world.start([{}])
    seen = []
    for second in range(140):
        world.until(second)
        if handler.calls["shaky"] > len(seen):
            seen.append(second)
    assert seen == [0, 10, 40, 130]
    error = world.show(run).error
    assert error is not None
    assert (world.status(run), error["code"], error["params"]["status"]) == ("failed", "http.status", 500)


def test_a_refused_call_is_not_repeated_and_takes_the_error_branch(peer: Peer) -> None:
    world, address, handler = peer
    world.publish(calling(f"{address}/missing", {"on_error": "branch"}))
    run = world.start([{}])
    assert (world.status(run), world.said()) == ("completed", ["bad http.status 404"])
    assert handler.calls["missing"] == 1


def test_a_refused_call_without_an_error_branch_fails_the_run_and_can_be_retried(peer: Peer) -> None:
    world, address, handler = peer
    world.publish(calling(address + "/{{ $json.path }}", method="POST", body={}))
    run = world.start([{"path": "missing"}])
    assert world.status(run) == "failed"
    runs.retry_run(world.platform, run, items=[{"path": "there"}])
    world.go()
    assert (world.status(run), world.said()) == ("completed", ["good 200"])
    assert len({call["headers"]["idempotency-key"] for call in handler.seen}) == 2


@pytest.mark.parametrize("happened", [True, False])
def test_a_call_in_doubt_waits_for_a_person_to_say_what_became_of_it(peer: Peer, happened: bool) -> None:
    world, address, handler = peer
    world.publish(calling(f"{address}/hang", method="POST", body={}, timeout=0.3))
    run = world.start([{}])
    world.until(DAY)
    assert (world.status(run), handler.calls["hang"]) == ("waiting", 1)
    (row,) = world.outbox()
    assert row["state"] == "unknown"
    handler.on_hang = Handler.on_index  # type: ignore[method-assign]
    resolve_unknown(world.platform, row["id"], happened=happened, response={"status": 201} if happened else None)
    world.go()
    assert world.status(run) == "completed"
    assert world.said() == ["good 201" if happened else "good 200"]
    assert handler.calls["hang"] == (1 if happened else 2)
    with pytest.raises(ConflictError):
        resolve_unknown(world.platform, row["id"], happened=True)
    with pytest.raises(NotFoundError):
        resolve_unknown(world.platform, "nothing", happened=True)


def test_numbers_too_large_for_an_item_come_as_floats(peer: Peer) -> None:
    world, address, handler = peer

    def on_large_number(self: Handler) -> None:
        self.reply(200, b'{"status": [1, 123456789012345678901234567890]}', Content_Type="application/json")

    handler.on_large_number = on_large_number  # type: ignore[attr-defined]
    world.publish(calling(f"{address}/large/number", give="body"))
    run = world.start([{}])
    assert world.status(run) == "completed"
    assert world.said() == ["good 1,1.2345678901234568e+29"]


def test_a_file_is_sent_and_another_comes_back_and_neither_is_in_an_item(peer: Peer) -> None:
    world, address, handler = peer

    def on_invoice_pdf(self: Handler) -> None:
        self.reply(200, bytes(range(256)), Content_Type="application/pdf")

    handler.on_invoice_pdf = on_invoice_pdf  # type: ignore[attr-defined]
    handler.on_invoice = on_invoice_pdf  # type: ignore[attr-defined]
    world.publish(workflow({
        "make": ("file.convert", {"format": "text", "field": "text", "file_name": "a.txt", "into": "doc"}),
        "call": ("http.request", {"url": f"{address}/invoice", "method": "POST", "send_file": "doc",
                                  "response": "file", "give": "body"}),
        "hash": ("data.crypto", {"file": "data", "into": "hash"}),
        "read": ("file.extract", {"file": "doc", "format": "text", "into": "sent", "keep": True}),
        "say": ("notify.log", {"text": "{{ $json.sent }} {{ $json.hash }}"}),
    }, "make > call", "call > hash", "hash > read", "read > say"))  # fmt: skip
    run = world.start([{"text": "hi"}])
    assert world.said() == [f"hi {hashlib.sha256(bytes(range(256))).hexdigest()}"], world.show(run)
    assert handler.seen[-1]["body"] == "hi"
    assert handler.seen[-1]["headers"]["content-type"] == "text/plain"
    (row,) = world.platform.store.read(lambda tx: tx.select(OUTBOX, ("request", "answer")))
    assert row[0]["file"]["fileName"] == "a.txt"
    assert (row[1]["body"], row[1]["file"]["bytes"]) == (None, 256)


def test_people_are_told_of_a_call_in_doubt(peer: Peer) -> None:
    world, address, _ = peer
    world.publish(calling(f"{address}/hang", method="POST", body={}, timeout=0.3))
    run = world.start([{}])
    (text,) = world.said("effect_unknown", run)
    assert "http" in text


def test_a_call_that_may_be_repeated_is_when_no_answer_came(peer: Peer) -> None:
    world, address, handler = peer
    world.publish(calling(f"{address}/hang", timeout=1.5))
    run = world.start([{}])
    handler.on_hang = Handler.on_index  # type: ignore[method-assign]
    world.until(HOUR)
    assert (world.status(run), handler.calls["hang"]) == ("completed", 2)


class Crash:
    """A sender whose process dies when it has sent."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.dies = True

    def send(self, effects: list[Effect]) -> list[Answer]:
        self.keys += [effect.key for effect in effects]
        if self.dies:
            raise KeyboardInterrupt
        return [Answer(effect.id, "sent", {"status": 200}) for effect in effects]


def crashed(**params: Any) -> tuple[World, Crash, str]:
    """A world whose process died between sending and writing that down."""
    sender = Crash()
    world = World({"http": sender})
    world.publish(calling("https://api.example.com", method="POST", body={}, **params))
    with pytest.raises(KeyboardInterrupt):
        world.start([{}])
    sender.dies = False
    assert [row["state"] for row in world.outbox()] == ["sending"]
    return world, sender, world.runs()[0].id


def test_after_a_crash_a_call_that_may_be_repeated_is_sent_again_under_its_key() -> None:
    world, sender, run = crashed(repeatable=True)
    assert recover(world.platform) == {"resent": 1, "unknown": 0}
    world.go()
    assert world.status(run) == "completed"
    assert len(sender.keys) == 2
    assert len(set(sender.keys)) == 1


def test_after_a_crash_a_call_that_must_not_be_repeated_is_left_to_a_person() -> None:
    world, sender, run = crashed()
    assert recover(world.platform) == {"resent": 0, "unknown": 1}
    world.until(DAY)
    assert (world.status(run), len(sender.keys)) == ("waiting", 1)
    assert len(world.said("effect_unknown", run)) == 1
    (row,) = world.outbox()
    resolve_unknown(world.platform, row["id"], happened=False)
    world.go()
    assert (world.status(run), len(sender.keys)) == ("completed", 2)


def test_after_a_day_nobody_remembers_a_key_so_a_person_decides() -> None:
    world, _, _ = crashed(repeatable=True)
    world.clock.advance(DAY)
    assert recover(world.platform) == {"resent": 0, "unknown": 1}


def test_cancelling_withdraws_what_was_not_sent() -> None:
    sender = Crash()
    sender.dies = False
    world = World({"http": sender})
    world.publish(calling("https://api.example.com", method="POST", body={}))
    run = start.start(world.platform, "Flow", [{}])
    advance(world.platform)  # by hand, so that nothing is sent
    assert [row["state"] for row in world.outbox()] == ["new"]
    runs.cancel_run(world.platform, run)
    assert send_due(world.platform) == 0
    assert (world.status(run), sender.keys) == ("cancelled", [])
    assert [row["state"] for row in world.outbox()] == ["cancelled"]


def test_an_answer_that_comes_while_the_run_is_failed_is_not_lost() -> None:
    sender = Crash()
    sender.dies = False
    world = World({"http": sender})
    document = calling("https://api.example.com", method="POST", body={})
    document["nodes"] |= {"split": {"type": "logic.split"}, "stop": {"type": "logic.stop", "params": {}}}
    document["edges"] |= {
        "1": {"source": "split", "source_port": "a", "target": "call"},
        "2": {"source": "split", "source_port": "b", "target": "stop"},
    }
    world.publish(document)
    run = world.start([{}])
    assert (world.status(run), len(sender.keys)) == ("failed", 1)
    runs.retry_run(world.platform, run)
    world.go()
    assert world.said() == ["good 200"]
    assert world.status(run) == "failed"


class Box:
    """What the mail server got."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[World, Box]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield World({"mail": SmtpSender(SmtpSettings("127.0.0.1", "crm@example.com", port, "none", timeout=5.0))}), box
    controller.stop()


def test_each_lead_gets_its_mail_once_and_who_wants_none_gets_none(mail: tuple[World, Box]) -> None:
    world, box = mail
    nodes = {
        "lead": ("trigger.record", {"object": "Lead", "on": ["created"]}),
        "mail": ("mail.send", {"to": "{{ $json.email }}", "subject": "Welcome", "text": "Dear {{ $json.lastName }}"}),
        "none": ("notify.log", {"text": "{{ $json.lastName }} wants none"}),
    }
    world.publish(workflow(nodes, "lead > mail", "mail:refused > none"))
    for name in ("Ann", "Bob", "Eve"):
        world.create("Lead", lastName=name, email=f"{name.lower()}@example.com", doNotEmail=name == "Eve")
    world.go()
    world.until(DAY)
    assert sorted(to for envelope in box.mails for to in envelope.rcpt_tos) == ["ann@example.com", "bob@example.com"]
    assert world.said() == ["Eve wants none"]
    assert [run.status for run in world.runs()] == ["completed"] * 3


def test_a_bad_address_takes_the_error_branch_alone(mail: tuple[World, Box]) -> None:
    world, box = mail
    nodes = {
        "mail": ("mail.send", {"to": "{{ $json.to }}", "subject": "Hi", "text": "Hi"}, {"on_error": "branch"}),
        "good": ("notify.log", {"text": "good {{ $json.to }}"}),
        "bad": ("notify.log", {"text": "bad {{ $json.to }}"}),
    }
    world.publish(workflow(nodes, "mail:sent > good", "mail:error > bad"))
    run = world.start([{"to": "ann@example.com"}, {"to": "no address"}])
    assert world.status(run) == "completed"
    assert sorted(world.said()) == ["bad no address", "good ann@example.com"]
    assert len(box.mails) == 1


def test_no_effect_of_a_batch_that_was_not_committed_leaves() -> None:
    sender = Crash()
    sender.dies = False
    world = World({"http": sender})
    world.platform.mocks = {"boom": _boom}
    nodes = {
        "split": "logic.split",
        "call": ("http.request", {"url": "https://api.example.com"}),
        "boom": "logic.noop",
    }
    world.publish(workflow(nodes, "split:a > call", "split:b > boom"))
    run = world.start([{}])
    assert (world.status(run), sender.keys) == ("failed", [])
    waiting = world.platform.store.read(lambda tx: tx.select(OUTBOX, ("id",), Comparison(Field("state"), "==", "new")))
    assert waiting == []


def _boom(_: dict[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError("a fault of the node")


def test_a_call_to_a_host_that_asked_for_peace_is_put_off_without_using_up_an_attempt(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, 429, 200, Retry_After="120")
    world.publish(calling(address + "/{{ $json.path }}", {"retry": {"attempts": 2, "delay": 1, "jitter": 0}}))
    first = world.start([{"path": "shaky"}])
    second = world.start([{"path": "fine"}])
    world.until(119)
    assert (handler.calls["fine"], world.status(second)) == (0, "waiting")
    world.until(130)
    assert (world.status(first), world.status(second)) == ("completed", "completed")
    assert world.said() == ["good 200"] * 2


def test_a_host_that_is_down_costs_no_run_its_attempts_once_that_is_known(peer: Peer) -> None:
    world, address, handler = peer
    answering(handler, *[503] * 5, 200)
    world.publish(calling(address + "/{{ $json.path }}", {"retry": {"attempts": 2, "delay": 1, "jitter": 0}}))
    world.start([{"path": "shaky"} for _ in range(5)])
    late = world.start([{"path": "fine"}])
    assert handler.calls["fine"] == 0, "five calls in a row had no good answer, so the host is left alone"
    world.until(HOUR)
    assert world.status(late) == "completed"
