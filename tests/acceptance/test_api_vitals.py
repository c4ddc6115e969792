"""What a monitoring system sees, and what callers are told when the disk is full."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

import towpath
from tests.acceptance.api_server import TOKEN, Server, wait_for, webhook_workflow
from towpath.api.app import create_app
from towpath.api.settings import Settings
from towpath.app import open_platform
from towpath.ports.dispatch import QUEUES
from towpath.service.drive import drive
from towpath.service.heartbeats import beat
from towpath.service.platform import Platform
from towpath.service.runs import count_runs
from towpath.service.start import start
from towpath.service.webhooks import prepare
from towpath.service.workflows import publish
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import VirtualClock

FULL = 600_000  # bytes


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    opened = open_platform(tmp_path)
    yield opened
    opened.close()


def figures(text: str) -> dict[str, float]:
    """The samples by name and labels."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def ask(platform: Platform, *requests: tuple[str, str, Any]) -> list[httpx.Response]:
    """Answers of an app that no worker works beside."""
    prepare(platform)
    app = create_app(platform, Settings(token=TOKEN))

    async def all_of_them() -> list[httpx.Response]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            return [await client.request(method, path, json=body) for method, path, body in requests]

    return asyncio.run(all_of_them())


def call(size: int = 3) -> tuple[str, str, Any]:
    return "POST", "/hooks/new-lead", {"name": "x" * size}


def test_prometheus_reads_what_a_running_server_does(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.ok("POST", "/api/workflows", {"definition": webhook_workflow('Say "hello"')})
        server.client.post("/hooks/new-lead", json={"name": "Ada"})
        ran = 'towpath_runs{workflow="Say \\"hello\\"",status="completed"}'
        wait_for(lambda: figures(server.client.get("/metrics").text).get(ran) == 1)
        found = figures(server.client.get("/metrics").text)
        assert (found["towpath_worker_up"], found["towpath_events_waiting"], found["towpath_effects_due"]) == (1, 0, 0)
        assert found["towpath_disk_free_bytes"] > 0
        assert server.client.get("/metrics", headers={"Authorization": ""}).status_code == 401


def test_what_waits_can_be_seen(platform: Platform) -> None:
    publish(platform, towpath.load(webhook_workflow()).definition)
    _, answer = ask(platform, call(), ("GET", "/metrics", None))
    assert figures(answer.text)["towpath_events_waiting"] == 1


def test_under_overload_some_are_asked_to_come_again_and_all_others_are_kept(platform: Platform) -> None:
    publish(platform, towpath.load(webhook_workflow()).definition)
    prepare(platform)
    app = create_app(platform, Settings(token=TOKEN, backlog=5))

    async def at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await asyncio.gather(*[client.post("/hooks/new-lead", json={"name": f"N{n}"}) for n in range(60)])

    answers = asyncio.run(at_once())
    refused = [answer for answer in answers if answer.status_code != 202]
    assert refused
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(503, "intake.full")}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    drive(platform)
    assert count_runs(platform) == {"Hook": {"completed": len(answers) - len(refused)}}


def test_ready_says_how_late_the_oldest_due_run_is(tmp_path: Path) -> None:
    clock = VirtualClock()
    platform = open_platform(tmp_path, clock=clock)
    rest = {
        "name": "Rest",
        "nodes": {
            "begin": {"type": "trigger.manual"},
            "rest": {"type": "wait.duration", "params": {"duration": "1 hour"}},
        },
        "edges": {"1": {"source": "begin", "target": "rest"}},
    }
    publish(platform, towpath.load(rest).definition)
    start(platform, "Rest", [{}])
    drive(platform)
    clock.advance(3600 + 59)
    beat(platform, "living", QUEUES)  # and busy with something else
    assert ask(platform, ("GET", "/ready", None))[0].json() == {"status": "ready"}
    clock.advance(30)
    assert ask(platform, ("GET", "/ready", None))[0].json() == {"status": "ready", "runs_late": 89}
    drive(platform)
    assert ask(platform, ("GET", "/ready", None))[0].json() == {"status": "ready"}
    platform.close()


def test_a_disk_that_is_nearly_full_makes_it_not_ready(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(platform, ("GET", "/ready", None))[0].json() == {"status": "ready"}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    (answer,) = ask(platform, ("GET", "/ready", None))
    assert (answer.status_code, answer.json()["reason"]) == (503, "disk.low")


def test_a_full_disk_is_said_loses_nothing_acknowledged_and_is_over_when_there_is_room(platform: Platform) -> None:
    store = platform.store
    assert isinstance(store, SQLiteStore)
    publish(platform, towpath.load(webhook_workflow()).definition)
    pages, size = store._writer.pragma("page_count"), store._writer.pragma("page_size")
    store._writer.pragma("max_page_count", pages + FULL // size)  # what a disk with so much room left does
    answers = ask(platform, *[call(20_000)] * 60)
    acknowledged = [answer.status_code for answer in answers].count(202)
    refused = answers[-1].json()
    assert (refused["status"], refused["code"]) == (507, "storage.disk_full")
    assert {answer.status_code for answer in answers} == {202, 507}
    assert store.integrity_check() == []
    store._writer.pragma("max_page_count", 1_000_000)
    assert ask(platform, call())[0].status_code == 202
    drive(platform)
    assert sum(count_runs(platform)["Hook"].values()) == acknowledged + 1
