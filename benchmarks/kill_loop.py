"""Events that were acknowledged while the server is killed with -9 again and again: none lost, none done twice.

``python -m benchmarks.kill_loop`` sends 10,000 events from 8 clients, kills the server at random moments and starts it
again. Each event creates one Lead. ``--broken`` runs a twin that answers before the event is on disk, which must fail.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Figure, machine, middle
from towpath.app import open_platform
from towpath.engine.tables import EVENT
from towpath.model.workflow import WorkflowDefinition
from towpath.service.drive import drive
from towpath.service.records import find
from towpath.service.runs import count_runs
from towpath.service.workflows import publish

EVENTS, CLIENTS = 10_000, 8
LIVES = (0.2, 1.5)  # seconds that the server lives after it has answered for the first time
WORKFLOW = WorkflowDefinition.model_validate(
    {
        "name": "Keep a lead",
        "nodes": {
            "hook": {"type": "trigger.webhook", "params": {"path": "new-lead", "dedupe": "body.id"}},
            "create": {
                "type": "crm.create",
                "params": {"object": "Lead", "fields": {"lastName": "{{ $json.body.id }}", "company": "Engines"}},
            },
            "log": {"type": "notify.log", "params": {"text": "kept"}},
        },
        "edges": {"1": {"source": "hook", "target": "create"}, "2": {"source": "create", "target": "log"}},
        "settings": {"start_brake": 1_000_000_000},
    }
)


@dataclass(slots=True)
class Told:
    """What clients and the killer have seen."""

    left: list[str]
    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    port: int | None = None


def kill_loop(folder: Path, events: int = EVENTS, kind: str = "towpath", seed: int = 7) -> list[Figure]:
    """How many events were lost, done twice or left undone, how often the server died, and how fast it was back."""
    platform = open_platform(folder)
    publish(platform, WORKFLOW)
    platform.close()
    told = Told([f"event-{number:05}" for number in range(events)])
    clients = [threading.Thread(target=_client, args=(told,), daemon=True) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    _kill_and_restart(told, folder, kind, random.Random(seed), clients)
    return _figures(told, folder)


def _client(told: Told) -> None:
    """Send one event after another, each until it is acknowledged."""
    connection: http.client.HTTPConnection | None = None
    while True:
        with told.lock:
            if not told.left:
                return
            event = told.left.pop()
        while True:
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", told.port or 9, timeout=10)
                connection.request(
                    "POST", "/hooks/new-lead", json.dumps({"id": event}), {"Content-Type": "application/json"}
                )
                response = connection.getresponse()
                response.read()
                if response.status == 202:
                    break
            except (OSError, http.client.HTTPException):
                connection = None  # the server is dead: the same event goes to its successor
                time.sleep(0.05)
        with told.lock:
            told.acknowledged.append(event)


def _kill_and_restart(
    told: Told, folder: Path, kind: str, draw: random.Random, clients: list[threading.Thread]
) -> None:
    while any(client.is_alive() for client in clients):
        begin = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.webhook_server", kind, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            told.port = json.loads(server.stdout.readline())["port"]
            _await_answer(told)
            told.recoveries.append(time.perf_counter() - begin)
            end = time.perf_counter() + draw.uniform(*LIVES)
            while time.perf_counter() < end and any(client.is_alive() for client in clients):
                time.sleep(0.01)
            server.send_signal(signal.SIGKILL)


def _await_answer(told: Told) -> None:
    count = len(told.acknowledged)
    for _ in range(2_000):
        if len(told.acknowledged) > count or not told.left:
            return
        time.sleep(0.005)


def _figures(told: Told, folder: Path) -> list[Figure]:
    platform = open_platform(folder)
    waiting = platform.store.read(lambda tx: int(tx.count(EVENT)[0][0]))
    drive(platform)  # what a restarted worker does
    kept = Counter(lead["lastName"] for lead in find(platform, "Lead", limit=None))
    runs = count_runs(platform).get(WORKFLOW.name, {})
    platform.close()
    lost = sum(event not in kept for event in told.acknowledged)
    twice = sum(count > 1 for count in kept.values())
    stuck = sum(count for status, count in runs.items() if status != "completed")
    deaths = len(told.recoveries)
    return [
        Figure("kill -9: acknowledged events lost", lost, "events", None, "0", lost == 0, f"{deaths} deaths"),
        Figure(
            "kill -9: events done twice", twice, "events", None, "0", twice == 0, f"{len(told.acknowledged):,} sent"
        ),
        Figure("kill -9: runs stuck", stuck, "runs", None, "0", stuck == 0, f"{waiting} waited at the last start"),
        Figure("kill -9: start to first acknowledgement", middle(told.recoveries), "s"),
    ]


def main() -> int:
    """Run it, print a table and JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_loop", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="how many events (10,000)")
    parser.add_argument("--seed", type=int, default=7, help="for the moments of killing")
    parser.add_argument("--broken", action="store_true", help="the twin that answers too early: must lose events")
    parser.add_argument("--json", action="store_true", help="JSON alone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = kill_loop(Path(folder), arguments.events, "broken" if arguments.broken else "towpath", arguments.seed)
    if not arguments.json:
        print("\n".join(f"{figure.name:<45}{figure.value:>8.3g} {figure.unit:<8}{figure.note}" for figure in figures))
    print(json.dumps({"machine": machine(), "figures": [figure.as_json() for figure in figures]}))
    return 1 if any(figure.good is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
