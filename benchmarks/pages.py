"""What the pages of the web application ask for, with 100,000 leads and 100,000 runs in the store.

Each is asked of a server that has just begun, over HTTP, as the pages ask it. The leads came ten at a time, so that
their runs share little of the log.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from benchmarks.figures import Figure, middle
from benchmarks.workflow import FIVE_NODES, leads, opened, prepared
from towpath.model.change import Cause
from towpath.service.drive import drive
from towpath.service.runs import list_runs
from towpath.service.unit import in_unit

LEADS, BATCH, ROUNDS = 100_000, 10, 3
TOKEN = "a-token-for-benchmarks-that-is-long-enough"
FIRST = {"where": None, "order": [], "limit": 200, "offset": 0, "count": True}
_NAMED = ("firstName", "lastName", "company", "email")
CONTAINS = {"any": [{"field": name, "operator": "contains", "value": "99999"} for name in _NAMED]}
TASKS = {"where": 'status == "Open" or status == "Claimed"', "limit": 200, "count": True}
Call = tuple[str, str, Any]  # method, path, body


def calls(run: str) -> Mapping[str, tuple[float | None, list[Call]]]:
    """By page: the milliseconds that it may take, and what it asks for."""
    records, metrics = "/api/records/Lead/query", "/api/metrics/workflows"
    one = f"{metrics}/score-a-new-lead"
    dashboard: list[Call] = [
        ("GET", "/api/workflows", None), ("GET", "/api/runs/counts", None), ("GET", metrics, None),
        ("POST", "/api/records/Task/query", TASKS),
    ]  # fmt: skip
    return {
        "dashboard": (500, dashboard),
        "first rows of a list": (300, [("POST", records, FIRST)]),
        "a filter": (300, [("POST", records, {**FIRST, "where": "score > 80"})]),
        "a text looked for": (300, [("POST", records, {**FIRST, "where": CONTAINS})]),
        "a page of a run": (300, [("GET", f"/api/runs/{run}", None)]),
        "runs of a workflow": (300, [("GET", "/api/runs?workflow=score-a-new-lead&status=completed&limit=100", None)]),
        "all figures of a workflow": (None, [("GET", one, None)]),
        "days of a workflow": (None, [("GET", f"{one}/daily?days=30", None)]),
    }


def pages(folder: Path, count: int = LEADS) -> list[Figure]:
    """The time of each page, the middle of some starts of the server."""
    run = _filled(folder, count)
    asked = calls(run)
    took: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        with _server(folder) as client:
            for name, (_most, wanted) in asked.items():
                took[name].append(_time(client, wanted))
    held = count == LEADS
    return [_figure(f"page, {count:,} leads: {name}", middle(took[name]), most if held else None)
            for name, (most, _) in asked.items()]  # fmt: skip


def _figure(name: str, value: float, most: float | None) -> Figure:
    if most is None:
        return Figure(name, value, "ms")
    return Figure(name, value, "ms", None, f"<= {most:g} ms", value <= most)


def _filled(folder: Path, count: int) -> str:
    """Leads and their runs; one of the runs."""
    platform = opened(prepared(folder), BATCH)
    for at in range(0, count, BATCH):
        rows = leads(BATCH, at)
        in_unit(platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("benchmark", bulk=True)))
        drive(platform)
    run = list_runs(platform, workflow=FIVE_NODES.name, limit=1, offset=count // 2)[0].id
    platform.close()
    return run


@contextmanager
def _server(folder: Path) -> Iterator[httpx.Client]:
    command = [sys.executable, "-m", "benchmarks.webhook_server", "towpath", str(folder)]
    environment = {**os.environ, "TOWPATH_API_TOKEN": TOKEN}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as server:
        assert server.stdout is not None
        port = msgspec.json.decode(server.stdout.readline())["port"]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            client.get("/ready").raise_for_status()
            yield client
        server.terminate()


def _time(client: httpx.Client, wanted: list[Call]) -> float:
    """Milliseconds until the last of them is answered, one after the other."""
    begin = time.perf_counter()
    for method, path, body in wanted:
        client.request(method, path, json=body, timeout=60).raise_for_status()
    return (time.perf_counter() - begin) * 1000
