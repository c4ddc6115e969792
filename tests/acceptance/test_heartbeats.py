"""Whether work will be done is seen by anybody: workers say that they live, and one that is silent counts no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.acceptance.api_server import wait_for
from tests.acceptance.flows import World, workflow
from towpath.app import open_platform
from towpath.formats import read_workflow
from towpath.ports.dispatch import QUEUES
from towpath.ports.time import SECOND
from towpath.service import start, workflows
from towpath.service.heartbeats import BEAT, SILENCE, beat, end, served_queues, unserved
from towpath.worker.loop import Worker


@pytest.fixture
def world() -> World:
    made = World()
    made.publish(workflow({"n": "logic.noop"}))
    return made


def test_a_queue_with_work_and_no_worker_is_named(world: World) -> None:
    assert unserved(world.platform) == []
    start.start(world.platform, "Flow", [{}])
    assert unserved(world.platform) == ["interactive"]
    beat(world.platform, "mailman", ["mail"])
    assert unserved(world.platform) == ["interactive"]
    beat(world.platform, "runner", ["interactive", "bulk"])
    assert unserved(world.platform) == []
    assert served_queues(world.platform) == ["bulk", "interactive", "mail"]


def test_a_worker_that_is_silent_counts_no_more_and_one_that_beats_does(world: World) -> None:
    beat(world.platform, "silent", ["bulk"])
    for _ in range(SILENCE // BEAT + 1):
        beat(world.platform, "living", ["mail"])
        world.clock.advance(BEAT / SECOND)
    assert served_queues(world.platform) == ["mail"]
    end(world.platform, "living")
    assert served_queues(world.platform) == []


def test_a_worker_that_stops_takes_its_leave(tmp_path: Path) -> None:
    platform = open_platform(tmp_path)
    worker = Worker(platform)
    worker.start()
    wait_for(lambda: served_queues(platform) == sorted(QUEUES))
    worker.stop()
    assert served_queues(platform) == []
    platform.close()


def test_a_server_without_workers_is_ready_once_somebody_does_its_work(tmp_path: Path) -> None:
    platform = open_platform(tmp_path)
    workflows.publish(platform, read_workflow({"name": "Any", "nodes": {"start": {"type": "trigger.manual"}}}))
    start.start(platform, "Any", [{}])
    environment = {**os.environ, "TOWPATH_FOLDER": str(tmp_path), "TOWPATH_API_TOKEN": "t" * 32}
    command = [sys.executable, "-m", "towpath.main", "--json", "serve", "--port", "0", "--workers", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = "".join(iter(server.stdout.readline, "}\n"))
            url = said.split('"url": "')[1].split('"')[0]
            answer = httpx.get(f"{url}/ready")
            assert (answer.status_code, answer.json()["reason"]) == (503, "no worker serves interactive")
            worker = Worker(platform)
            worker.start()
            wait_for(lambda: httpx.get(f"{url}/ready").status_code == 200)
            metrics = httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer " + "t" * 32}).text
            assert 'towpath_workers{queue="interactive"} 1' in metrics
            worker.stop()
        finally:
            server.send_signal(signal.SIGTERM)
    platform.close()
