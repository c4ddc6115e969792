"""Answers in pages, over real sockets: by number, by cursor, by the next page's address; until there is no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.acceptance.flows import World, workflow
from tests.unit.connectors.web_server import Handler, web_server
from towpath.connectors.http import HttpSender, HttpSettings

PAGES = [["a", "b"], ["c", "d"], ["e"]]
Peer = tuple[World, str, type[Handler]]


def on_numbered(self: Handler) -> None:
    """``?page=1`` and so on; behind the last page an empty list."""
    number = int(parse_qs(urlsplit(self.path).query)["page"][0])
    _answer(self, [{"id": each} for each in PAGES[number - 1]] if number <= len(PAGES) else [])


def on_linked(self: Handler) -> None:
    number = int(parse_qs(urlsplit(self.path).query).get("from", ["0"])[0])
    more = number + 1 < len(PAGES)
    following = f"http://{self.headers['host']}/linked?from={number + 1}" if more else None
    _answer(self, {"rows": PAGES[number], "next": following})


def on_cursor(self: Handler) -> None:
    """The cursor goes in the body; the one of the first page is not there."""
    number = int(json.loads(self.seen[-1]["body"]).get("cursor", 0))
    more = {"cursor": number + 1} if number + 1 < len(PAGES) else {}
    _answer(self, {"rows": PAGES[number], **more})


def on_until_404(self: Handler) -> None:
    number = int(self.headers["x-page"])
    if number < len(PAGES):
        _answer(self, {"rows": PAGES[number]})
    else:
        self.reply(404, b"no such page")


def on_same(self: Handler) -> None:
    _answer(self, {"rows": [1]})


def on_shy(self: Handler) -> None:
    """Its second page comes at the second try."""
    number = int(parse_qs(urlsplit(self.path).query)["page"][0])
    if number == 2 and self.calls["shy"] == 2:
        self.reply(503)
    else:
        on_numbered(self)


def _answer(handler: Handler, body: Any) -> None:
    handler.reply(200, json.dumps(body).encode(), Content_Type="application/json")


@pytest.fixture
def peer() -> Iterator[Peer]:
    with web_server() as (address, handler):
        for serve in (on_numbered, on_linked, on_cursor, on_until_404, on_same, on_shy):
            setattr(handler, serve.__name__, serve)
        sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",)), now=lambda: world.clock.now())  # noqa: PLW0108
        world = World({"http": sender})
        yield world, address, handler
        sender.close()
        world.platform.close()


def read(world: World, url: str, pages: dict[str, Any], items: Any = None, **params: Any) -> str:
    nodes = {"call": ("http.request", {"url": url, "give": "body", "pages": pages, **params}),
             "say": ("notify.log", {"text": "{{ $json.id ?? $json.rows.join(',') }}"})}  # fmt: skip
    world.publish(workflow(nodes, "call > say"))
    return world.start(items or [{}])


NUMBERED = {"query": {"page": "{{ $pageCount + 1 }}"}}


def test_pages_by_number_end_with_an_empty_one(peer: Peer) -> None:
    world, address, handler = peer
    run = read(world, f"{address}/numbered", NUMBERED)
    assert world.said() == ["a", "b", "c", "d", "e"], world.show(run)
    assert [each["path"] for each in handler.seen] == [f"/numbered?page={n}" for n in (1, 2, 3, 4)]


def test_an_expression_says_when_there_is_no_more(peer: Peer) -> None:
    world, address, handler = peer
    read(world, f"{address}/numbered", {**NUMBERED, "done": "{{ $response.body.length < 2 }}"})
    assert (world.said(), len(handler.seen)) == (["a", "b", "c", "d", "e"], 3)


def test_no_more_pages_are_read_than_wanted(peer: Peer) -> None:
    world, address, handler = peer
    read(world, f"{address}/numbered", {**NUMBERED, "most": 2})
    assert (world.said(), len(handler.seen)) == (["a", "b", "c", "d"], 2)


def test_the_address_of_the_next_page_is_followed_until_there_is_none(peer: Peer) -> None:
    world, address, _ = peer
    read(world, f"{address}/linked", {"next_url": "{{ $response.body.next }}"})
    assert world.said() == ["a,b", "c,d", "e"]


def test_a_cursor_of_the_answer_goes_into_the_next_body_under_a_key_of_its_own(peer: Peer) -> None:
    world, address, handler = peer
    pages = {"body": {"cursor": "{{ $response.body.cursor }}"}, "done": "{{ !$response.body.cursor }}"}
    read(world, f"{address}/cursor", pages, method="POST", body={"size": 2})
    assert world.said() == ["a,b", "c,d", "e"]
    assert [json.loads(each["body"]) for each in handler.seen] == [
        {"size": 2}, {"size": 2, "cursor": 1}, {"size": 2, "cursor": 2}
    ]  # fmt: skip
    assert len({each["headers"]["idempotency-key"] for each in handler.seen}) == 3


def test_a_form_that_begins_without_fields_stays_a_form(peer: Peer) -> None:
    world, address, handler = peer
    pages = {"body": {"page": "{{ $pageCount }}"}, "most": 2}
    read(world, f"{address}/same", pages, method="POST", body_type="form")
    assert [each["body"] for each in handler.seen] == ["page=0", "page=1"]


def test_a_status_can_mean_that_there_is_no_more(peer: Peer) -> None:
    world, address, _ = peer
    run = read(world, f"{address}/until/404", {"headers": {"X-Page": "{{ $pageCount }}"}, "done_statuses": [404]})
    assert world.said() == ["a,b", "c,d", "e"], world.show(run)
    assert world.status(run) == "completed"


def test_a_pause_is_kept_between_pages(peer: Peer) -> None:
    world, address, handler = peer
    run = read(world, f"{address}/numbered", {**NUMBERED, "pause": 60})
    assert (len(handler.seen), world.status(run)) == (1, "waiting")
    world.until(59)
    assert len(handler.seen) == 1
    world.until(60)
    assert len(handler.seen) == 2
    world.until(300)
    assert (world.said(), world.status(run)) == (["a", "b", "c", "d", "e"], "completed")


def test_items_read_their_own_pages_and_leave_in_their_order(peer: Peer) -> None:
    world, address, _ = peer
    pages = {"query": {"page": "{{ $json.first + $pageCount }}"}}
    read(world, f"{address}/numbered", pages, items=[{"first": 1}, {"first": 3}, {"first": 2}])
    assert world.said() == ["a", "b", "c", "d", "e", "e", "c", "d", "e"]


def test_all_pages_go_into_one_field_where_the_item_is_kept(peer: Peer) -> None:
    world, address, _ = peer
    call = {"url": f"{address}/numbered", "give": "body", "pages": NUMBERED, "into": "rows"}
    nodes = {"call": ("http.request", call),
             "say": ("notify.log", {"text": "{{ $json.name }} {{ $json.rows.length }}"})}  # fmt: skip
    world.publish(workflow(nodes, "call > say"))
    world.start([{"name": "Ann"}])
    assert world.said() == ["Ann 5"]


def test_a_page_that_fails_is_tried_again_and_nothing_comes_twice(peer: Peer) -> None:
    world, address, _ = peer
    run = read(world, f"{address}/shy", NUMBERED)
    assert world.status(run) == "waiting"
    world.until(3600)
    assert world.said() == ["a", "b", "c", "d", "e"], world.show(run)


@pytest.mark.parametrize(("pages", "code", "calls"), [
    ({"done": "{{ false }}"}, "http.same_page", 5), ({"next_url": "ftp://x", "done": "{{ false }}"}, "http.url", 1),
])  # fmt: skip
def test_pages_without_an_end_are_not_read_for_ever(peer: Peer, pages: Any, code: str, calls: int) -> None:
    world, address, handler = peer
    run = read(world, f"{address}/same", pages)
    error = world.show(run).error
    assert error is not None
    assert (error["code"], handler.calls["same"]) == (code, calls)
