"""Files that come over HTTP: as large as the workflow allows, without being in memory, and whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.flows import World, workflow
from tests.acceptance.test_files import kept
from tests.unit.connectors.web_server import Handler, web_server
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.connectors.http.sender import FILES_AT_A_TIME
from towpath.service import runs, start
from towpath.service.advance import advance
from towpath.service.effects import send_due

MEGABYTE = 1 << 20
LARGE = 64 * MEGABYTE
BLOCK = bytes(range(256)) * 256  # 64 KiB

Peer = tuple[World, str, type[Handler]]


def on_export(self: Handler) -> None:
    self.send_response(200)
    self.send_header("Content-Length", str(LARGE))
    self.send_header("Content-Disposition", 'attachment; filename="export.bin"')
    self.end_headers()
    _pour(self)


def on_endless(self: Handler) -> None:
    """Does not say how much will come."""
    self.send_response(200)
    self.end_headers()
    _pour(self)
    self.close_connection = True


def on_packed_large(self: Handler) -> None:
    self.reply(200, gzip.compress(b"\0" * LARGE), Content_Encoding="gzip")


def on_half(self: Handler) -> None:
    self.send_response(200)
    self.send_header("Content-Length", str(LARGE))
    self.end_headers()
    self.wfile.write(BLOCK * 20)
    self.close_connection = True


def _pour(handler: Handler) -> None:
    try:
        for _ in range(LARGE // len(BLOCK)):
            handler.wfile.write(BLOCK)
    except OSError:  # the caller has had enough
        pass


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    """A Towpath on a disk, and a server with large files."""
    with web_server() as (address, handler):
        for serve in (on_export, on_endless, on_packed_large, on_half):
            setattr(handler, serve.__name__, serve)
        sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",)), now=lambda: world.clock.now())  # noqa: PLW0108
        world = World({"http": sender}, folder=tmp_path)
        yield world, address, handler
        sender.close()
        world.platform.close()


def fetch(world: World, url: str, most: int, *then: tuple[str, dict[str, Any]], **params: Any) -> str:
    nodes = {"call": ("http.request", {"url": url, "response": "file", "give": "body", **params})}
    nodes |= {f"then{place}": spec for place, spec in enumerate(then)}  # type: ignore[misc]
    names = list(nodes)
    edges = [f"{left} > {right}" for left, right in pairwise(names)]
    world.publish(workflow(nodes, *edges, limits={"file_bytes": most}))
    return world.start([{}])


def test_a_large_file_is_kept_whole_and_was_never_in_memory(peer: Peer) -> None:
    world, address, _ = peer
    tracemalloc.start()
    try:
        run = fetch(world, f"{address}/export", LARGE)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert world.status(run) == "completed", world.show(run)
    assert kept(world) == [(run, LARGE // (256 * 1024))]
    assert most < 8 * MEGABYTE


def test_a_large_file_is_sent_without_being_in_memory(peer: Peer) -> None:
    world, address, handler = peer
    seen: list[tuple[str, int]] = []

    def do_patch(self: Handler) -> None:
        """Takes the body in pieces: this server is in the process that is measured."""
        left, digest = int(self.headers["content-length"]), hashlib.sha256()
        while left:
            piece = self.rfile.read(min(left, 65536))
            digest.update(piece)
            left -= len(piece)
        seen.append((digest.hexdigest(), int(self.headers["content-length"])))
        self.reply(200, b"{}", Content_Type="application/json")

    handler.do_PATCH = do_patch  # type: ignore[method-assign,assignment]
    send = {"url": f"{address}/take", "method": "PATCH", "timeout": 60, "into": "answer"}
    alone = ("http.request", {**send, "send_file": "data"})
    in_a_form = ("http.request", {**send, "body_type": "multipart", "body": {"a": "1"}, "files": {"doc": "data"}})
    tracemalloc.start()
    try:
        run = fetch(world, f"{address}/export", LARGE, alone, ("http.request", {"url": f"{address}/export",
                    "response": "file"}), in_a_form)  # fmt: skip
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert world.status(run) == "completed", world.show(run)
    assert seen[0] == (hashlib.sha256(BLOCK * (LARGE // len(BLOCK))).hexdigest(), LARGE)
    assert LARGE < seen[1][1] < LARGE + 1000
    assert most < 8 * MEGABYTE


def test_what_is_kept_is_what_came(peer: Peer) -> None:
    world, address, _ = peer
    hash_it = ("data.crypto", {"file": "data", "into": "hash"})
    run = fetch(world, f"{address}/endless", LARGE, hash_it, ("notify.log", {"text": "{{ $json.hash }}"}))
    assert world.said() == [hashlib.sha256(BLOCK * (LARGE // len(BLOCK))).hexdigest()], world.show(run)


@pytest.mark.parametrize("path", ["export", "endless", "packed/large"])
def test_a_file_over_the_limit_fails_by_name_and_nothing_of_it_stays(peer: Peer, path: str) -> None:
    world, address, handler = peer
    run = fetch(world, f"{address}/{path}", LARGE - 1)
    error = world.show(run).error
    assert error is not None
    assert (error["code"], error["message"]) == ("limit.file_bytes", "the file has more than 67,108,863 bytes")
    assert "settings.limits.file_bytes" in error["hint"]
    assert kept(world) == []
    assert sum(handler.calls.values()) == 1  # asking again would not make it smaller


def test_a_file_that_breaks_off_leaves_nothing(peer: Peer) -> None:
    world, address, _ = peer
    run = fetch(world, f"{address}/half", LARGE)
    assert world.status(run) == "waiting"  # to be tried again
    assert kept(world) == []


def test_more_files_than_may_be_open_at_once_all_come(peer: Peer) -> None:
    world, address, handler = peer
    count = FILES_AT_A_TIME + 20
    nodes = {"call": ("http.request", {"url": f"{address}/text", "response": "file"})}
    world.publish(workflow(nodes))
    run = start.start(world.platform, "Flow", [{} for _ in range(count)])
    world.go()
    world.until(1)
    assert world.status(run) == "completed"
    assert len(kept(world)) == handler.calls["text"] == count


def test_a_file_that_comes_for_a_run_that_was_cancelled_is_not_kept(peer: Peer) -> None:
    world, address, handler = peer
    started = []

    def on_late(self: Handler) -> None:
        runs.cancel_run(world.platform, started[0])
        self.reply(200, b"too late")

    handler.on_late = on_late  # type: ignore[attr-defined]
    world.publish(workflow({"call": ("http.request", {"url": f"{address}/late", "response": "file"})}))
    started.append(start.start(world.platform, "Flow", [{}]))
    advance(world.platform)
    assert send_due(world.platform) == 1
    assert world.status(started[0]) == "cancelled"
    assert kept(world) == []
