"""Webhooks acknowledged in a second, each on disk, beside what the same server echoes and what the disk takes.

Server and clients are processes of their own that talk over sockets; the worker runs what the webhooks start meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.alone import alone
from benchmarks.bare_rows import bare_connection
from benchmarks.figures import Figure, middle
from benchmarks.http_load import BODY
from towpath.app import open_platform
from towpath.model.workflow import WorkflowDefinition
from towpath.service.workflows import publish

CONNECTIONS = (1, 10, 50)
SHARE, LEAST, SLOWEST = 0.35, 2_500, 60.0  # of the echo at the most connections; acknowledgements/s; ms
PATH = "/hooks/new-lead"
Said = dict[str, Any]

WORKFLOW = WorkflowDefinition.model_validate(
    {
        "name": "Webhook",
        "nodes": {
            "hook": {"type": "trigger.webhook", "params": {"path": "new-lead"}},
            "set": {
                "type": "data.set",
                "params": {
                    "fields": {
                        "name": "{{ $json.body.firstName + ' ' + $json.body.lastName }}",
                        "points": "{{ $json.body.score * 2 + 1 }}",
                        "hot": "{{ $json.body.score > 50 }}",
                    }
                },
            },
            "if": {"type": "logic.if", "params": {"condition": "points > 101"}},
        },
        "edges": {"1": {"source": "hook", "target": "set"}, "2": {"source": "set", "target": "if"}},
    }
)


def webhooks(
    folder: Path, connections: tuple[int, ...] = CONNECTIONS, rounds: int = 3, seconds: float = 2.0
) -> list[Figure]:
    """For each number of connections: acknowledgements a second, and the 99th percentile of their time."""
    platform = open_platform(folder / "data")
    publish(platform, WORKFLOW)
    platform.close()
    ours: dict[int, list[Said]] = {count: [] for count in connections}
    echoed: dict[int, list[Said]] = {count: [] for count in connections}
    with serving("towpath", folder / "data") as port, serving("echo") as echo:
        for _ in range(rounds):  # turn and turn about, so that both meet the machine in the same moods
            for count in connections:
                ours[count].append(_load(port, count, seconds))
                echoed[count].append(_load(echo, count, seconds))
    return [figure for count in connections for figure in _figures(count, ours[count], echoed[count], folder)]


def _figures(count: int, ours: list[Said], echoed: list[Said], folder: Path) -> list[Figure]:
    assert all(set(said["statuses"]) == {"202"} for said in ours), ours
    rate, echo = (middle([said["rate"] for said in told]) for told in (ours, echoed))
    slowest, rows = middle([said["p99"] for said in ours]), bare_rows(folder / f"bare{count}.db", count)
    held = count == CONNECTIONS[-1]
    good = (rate >= SHARE * echo and (echo < 10_000 or rate >= LEAST)) if held else None
    name = f"webhooks acknowledged, {count} connections"
    return [
        Figure(name, rate, "/s", echo, f">= {SHARE:.0%} of the echo" if held else None, good, "limit: HTTP echo"),
        Figure(f"{name}, against the disk", rate, "/s", rows, note="limit: bare rows in group commits of that size"),
        Figure(
            f"{name}: 99 % within", slowest, "ms", None, f"<= {SLOWEST:g} ms" if held else None,
            slowest <= SLOWEST if held else None, f"echo: {middle([said['p99'] for said in echoed]):.1f} ms",
        ),
    ]  # fmt: skip


def _load(port: int, connections: int, seconds: float) -> Said:
    return alone("benchmarks.http_load", "127.0.0.1", port, PATH, connections, seconds)


def bare_rows(database: Path, together: int, seconds: float = 1.0) -> float:
    """Rows of a webhook's size a second, so many in each fsynced transaction."""
    with bare_connection(database) as connection:
        connection.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, payload BLOB)")
        done, begin = 0, time.perf_counter()
        while (taken := time.perf_counter() - begin) < seconds:
            with connection:
                connection.executemany("INSERT INTO event (payload) VALUES (?)", [(BODY,)] * together)
            done += together
    return done / taken


@contextmanager
def serving(kind: str, *arguments: object) -> Iterator[int]:
    """A server in a process of its own; its port."""
    command = [sys.executable, "-m", "benchmarks.webhook_server", kind, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["port"]
        finally:
            process.terminate()
            process.wait(20)
