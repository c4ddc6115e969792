"""Several processes of Towpath on one Postgres, for tests that kill, freeze and restart them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import towpath
from towpath.app import open_platform
from towpath.engine.tables import EVENT, OUTBOX, RUN
from towpath.model.change import Cause
from towpath.model.condition import Comparison, Field
from towpath.service.platform import Platform
from towpath.service.unit import in_unit
from towpath.service.workflows import publish
from towpath.storage.postgres import PostgresSettings, PostgresStore

ONCE = """
name: Once
nodes:
  made: {type: trigger.record, params: {object: Lead, "on": [created]}}
  count: {type: crm.update, params: {object: Lead, fields: {score: "{{ $record.score + 1 }}"}}}
edges:
  a: {source: made, target: count}
"""
PAUSE = 0.05  # seconds between two looks


@dataclass
class Fleet:
    """The processes of one database."""

    url: str
    folder: Path
    dispatcher: str
    more: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Run ``towpath`` with these arguments, in a group of processes of its own."""
        environment = {
            **os.environ, "TOWPATH_DATABASE_URL": self.url, "TOWPATH_DISPATCHER": self.dispatcher,
            "TOWPATH_FOLDER": str(self.folder), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1", **self.more,
        }  # fmt: skip
        command = [sys.executable, "-m", "towpath.main", *arguments]
        log = (self.folder / f"{len(self.processes)}.log").open("ab")
        with log:
            streams = {"stdout": log, "stderr": log, **options}
            process = subprocess.Popen(command, env=environment, start_new_session=True, **streams)
        self.processes.append(process)
        return process

    def worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A supervised worker."""
        return self.start("worker", *arguments)

    def logs(self) -> str:
        """Everything that the processes have said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.processes:
            if process.poll() is None:
                send(process, signal.SIGKILL)
                process.wait()

    @contextmanager
    def platform(self) -> Iterator[Platform]:
        """The database as this process sees it."""
        platform = open_platform(store=PostgresStore(PostgresSettings(self.url, patience=30.0)))
        try:
            yield platform
        finally:
            platform.close()


def send(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    """Send a signal to a process and all that it has started."""
    try:
        os.killpg(process.pid, what)
    except ProcessLookupError:
        return


def child_of(process: subprocess.Popen[bytes]) -> int:
    """The process that works under a supervisor, once it has begun."""
    found: list[str] = []

    def look() -> bool:
        found[:] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return bool(found)

    wait_until(look, 30)
    return int(found[0])


def wait_until(holds: Callable[[], bool], seconds: float, why: Callable[[], str] = lambda: "") -> float:
    """Wait until it holds; how many seconds that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} s; {why()}"
        time.sleep(PAUSE)
    return time.monotonic() - began


def publish_text(platform: Platform, text: str) -> None:
    """Publish a workflow given as YAML."""
    publish(platform, towpath.load(text).definition)


def create_leads(platform: Platform, count: int, each: int = 100, *, bulk: bool = False) -> None:
    """Make leads with the score 0, so many in a transaction; each transaction is one event of the intake."""
    cause = Cause("test", bulk=bulk)
    for at in range(0, count, each):
        rows = [{"lastName": f"L{at + n}", "score": 0} for n in range(min(each, count - at))]
        in_unit(platform, lambda unit, rows=rows: unit.records.create("Lead", rows, cause))  # type: ignore[misc]


def lead_scores(platform: Platform) -> dict[int, int]:
    """How many leads have each score."""
    table = platform.catalogue.plan("Lead").table
    return dict(platform.store.read(lambda tx: tx.count(table, by=("score",))))


def runs_by_status(platform: Platform) -> dict[str, int]:
    """How many runs have each status."""
    return dict(platform.store.read(lambda tx: tx.count(RUN, by=("status",))))


def is_idle(platform: Platform) -> bool:
    """Nothing waits in the intake, and no call is to be sent."""
    sending = Comparison(Field("state"), "in", ("new", "sending"))
    return platform.store.read(lambda tx: tx.count(EVENT)[0][0] + tx.count(OUTBOX, sending)[0][0]) == 0
