"""Faults of the whole: processes frozen, a server that restarts under load, an older database with runs that wait.

``python -m benchmarks.faults`` is the long form of the same.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from benchmarks.faults import LATER, waiting_runs_resume
from tests.fleet import (
    ONCE,
    Fleet,
    child_of,
    create_leads,
    is_idle,
    lead_scores,
    publish_text,
    runs_by_status,
    send,
    wait_until,
)
from tests.postgres_server import Server, database, server
from towpath.app import open_platform
from towpath.errors import StorageError
from towpath.service.drive import drive

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8"))
pytestmark = pytest.mark.timeout(300)  # several processes start, on machines that may be busy
HOOK = """
name: Take a note
nodes:
  hook: {type: trigger.webhook, params: {path: note}}
  make: {type: crm.create, params: {object: Lead, fields: {lastName: "{{ $json.body.name }}"}}}
edges:
  a: {source: hook, target: make}
"""


@pytest.fixture
def own_server() -> Iterator[Server]:
    with server() as own:
        yield own


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with database() as url:
        fleet = Fleet(url, tmp_path, "local", {"TOWPATH_DATABASE_IDLE_TIMEOUT": "2"})
        yield fleet
        fleet.end()


def test_a_worker_that_is_frozen_in_a_batch_and_wakes_later_writes_nothing_twice(fleet: Fleet) -> None:
    with fleet.platform() as platform:
        publish_text(platform, ONCE)
        workers = [fleet.worker("--queue", "bulk", "--replace-after", "600") for _ in range(2)]
        children = [child_of(worker) for worker in workers]
        create_leads(platform, 2_000, bulk=True)
        wait_until(lambda: lead_scores(platform).get(1, 0) > 0, 60, fleet.logs)
        os.kill(children[0], signal.SIGSTOP)
        wait_until(lambda: lead_scores(platform) == {1: 2_000}, 60, fleet.logs)  # three times the timeout and more
        os.kill(children[0], signal.SIGCONT)
        create_leads(platform, 100, bulk=True)
        wait_until(lambda: is_idle(platform), 30, fleet.logs)
        assert lead_scores(platform) == {1: 2_100}
        assert runs_by_status(platform) == {"completed": 2_100}


def test_a_restart_of_the_database_under_load_loses_nothing(own_server: Server, tmp_path: Path) -> None:
    fleet = Fleet(own_server.url, tmp_path, "procrastinate")
    try:
        with fleet.platform() as platform:
            publish_text(platform, ONCE)
            fleet.worker()
            fleet.worker()
            making = threading.Thread(target=create_leads, args=(platform, 2_000), kwargs={"bulk": True})
            making.start()
            wait_until(lambda: lead_scores(platform).get(1, 0) > 0, 60, fleet.logs)
            own_server.stop(signal.SIGQUIT)
            own_server.start()
            making.join(60)
            wait_until(lambda: is_idle(platform), 60, fleet.logs)
            scores = lead_scores(platform)
            assert set(scores) == {1}
            assert runs_by_status(platform) == {"completed": scores[1]}
    finally:
        fleet.end()


@contextmanager
def small_disk(own: Server, megabytes: int) -> Iterator[tuple[str, Path]]:
    """A database on a disk of its own, which is that small, and the folder of that disk."""
    folder = own.data.parent / "small"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can only be mounted by root, outside of locked containers")
    try:
        shutil.chown(folder, own.data.stat().st_uid, own.data.stat().st_gid)
        with psycopg.connect(own.url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            connection.execute("CREATE DATABASE small TABLESPACE small")
        yield own.url.removesuffix("postgres") + "small", folder
    finally:
        own.stop()
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_of_the_database_is_said_damages_nothing_and_is_over_when_there_is_room(
    own_server: Server, tmp_path: Path
) -> None:
    with small_disk(own_server, 64) as (url, disk):
        fleet = Fleet(url, tmp_path, "local")
        try:
            with fleet.platform() as platform:
                publish_text(platform, ONCE)
                fleet.worker()
                create_leads(platform, 100, bulk=True)
                wait_until(lambda: lead_scores(platform) == {1: 100}, 60, fleet.logs)
                filler = disk / "filler"
                with filler.open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - 1_000_000)
                made = 100
                with pytest.raises(StorageError) as refused:  # noqa: PT012 - it is the loop that fills the disk
                    while made < 100_000:
                        create_leads(platform, 500, 500, bulk=True)
                        made += 500
                assert (refused.value.code, refused.value.status) == ("storage.disk_full", 507)
                filler.unlink()
                wait_until(lambda: lead_scores(platform) == {1: made}, 60, fleet.logs)
                create_leads(platform, 500, bulk=True)
                wait_until(lambda: lead_scores(platform) == {1: made + 500}, 60, fleet.logs)
                assert runs_by_status(platform) == {"completed": made + 500}
        finally:
            fleet.end()


def test_runs_that_wait_in_a_database_of_the_schema_before_all_resume(own_server: Server, tmp_path: Path) -> None:
    assert waiting_runs_resume(own_server, tmp_path, 1_000)


class Jumping:
    """The clock of a computer that is set anew; each process that starts takes it as it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, real = 0, time.time_ns
        monkeypatch.setattr("towpath.storage.system.time.time_ns", lambda: real() + self.ahead)

    def jump(self, seconds: float) -> None:
        self.ahead += round(seconds * 1e9)


@pytest.mark.parametrize("restarts", [False, True], ids=["at-work", "between-processes"])
@pytest.mark.parametrize("jumps", [(-86_400, 86_400), (86_400, -86_400), (-3_600, 90_000, -86_400)])
def test_a_clock_that_jumps_loses_no_run_and_repeats_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jumps: tuple[int, ...], restarts: bool
) -> None:
    clock = Jumping(monkeypatch)
    platform = open_platform(tmp_path)
    publish_text(platform, LATER)
    publish_text(platform, ONCE)
    for seconds in jumps:
        create_leads(platform, 20)
        drive(platform)
        clock.jump(seconds)
        if restarts:
            platform.close()
            platform = open_platform(tmp_path)
        create_leads(platform, 20)
        drive(platform)
    clock.jump(2 * 86_400)  # beyond every wait, whatever time it began at
    drive(platform)
    count = 40 * len(jumps)
    assert lead_scores(platform) == {2: count}
    assert runs_by_status(platform) == {"completed": 2 * count}
    platform.close()


def test_the_parts_of_the_compose_file_work_together(fleet: Fleet) -> None:
    token = "a token of the test, long enough for it"
    given: dict[str, Any] = {"TOWPATH_PORT": "0", "TOWPATH_HOST": "127.0.0.1", "TOWPATH_API_TOKEN": token}
    services = COMPOSE["services"]
    fleet.dispatcher = ""  # the default on a database
    fleet.more = given
    with fleet.platform() as platform:
        publish_text(platform, HOOK)
        for name in ("worker-1", "worker-2"):
            fleet.start(*services[name]["command"][1:])
        fleet.start(*services["server"]["command"][1:], "--json")
        wait_until(lambda: '"url"' in fleet.logs(), 60, fleet.logs)
        url = next(line.split('"')[3] for line in fleet.logs().splitlines() if '"url"' in line)
        for number in range(20):
            assert httpx.post(f"{url}/hooks/note", json={"name": f"N{number}"}).status_code == 202
        wait_until(lambda: runs_by_status(platform) == {"completed": 20}, 60, fleet.logs)
        for process in fleet.processes:
            send(process, signal.SIGTERM)
        assert [process.wait(30) for process in fleet.processes] == [0, 0, 0]
