"""Records that lead to one HTTP call each, up to the ended run, beside bare calls of the same server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.alone import alone, say
from benchmarks.figures import Figure
from benchmarks.workflow import leads
from towpath.app import open_platform
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.model.change import Cause
from towpath.model.workflow import WorkflowDefinition
from towpath.service.drive import drive
from towpath.service.runs import count_runs
from towpath.service.unit import in_unit
from towpath.service.workflows import publish

RECORDS, ROUNDS = 1_000, 5
BAR = 3_500  # records/s


def http_calls(folder: Path, rounds: int = ROUNDS) -> list[Figure]:
    """Records a second, the best of some rounds since the server shares the machine."""
    with _service() as port:
        said = alone("benchmarks.http_calls", folder, port, rounds)
        bare = alone("benchmarks.http_load", "127.0.0.1", port, "/", HttpSettings().per_host, 1.0)["rate"]
    rate, busy = RECORDS / said["seconds"], said["processor"]
    note = f"{said['seconds']:.2f} s, {busy:.2f} s of them processor; limit: bare calls"
    return [Figure("records with one HTTP call each", rate, "records/s", bare, f">= {BAR:,}", rate >= BAR, note)]


def workflow(port: int) -> WorkflowDefinition:
    """Calls the service for each new lead, and keeps the answer."""
    params = {
        "url": f"http://127.0.0.1:{port}/score",
        "method": "POST",
        "repeatable": True,
        "body": {"id": "{{ $json.id }}", "score": "{{ $json.score }}"},
        "into": "answer",
    }
    return WorkflowDefinition.model_validate(
        {
            "name": "Ask a service",
            "nodes": {
                "created": {"type": "trigger.record", "params": {"object": "Lead", "on": ["created"]}},
                "call": {"type": "http.request", "params": params},
            },
            "edges": {"1": {"source": "created", "target": "call"}},
            "settings": {"start_brake": 1_000_000_000},
        }
    )


@contextmanager
def _service() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.http_server"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["port"]
        finally:
            process.terminate()


def main(folder: Path, port: int, rounds: int) -> None:
    """Save records, then time everything that they lead to; tells the best round."""
    sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",)))
    platform = open_platform(folder, senders={"http": sender}, next_size=RECORDS)
    publish(platform, workflow(port))
    taken = []
    for number in range(rounds):
        rows = leads(RECORDS, number * RECORDS)
        in_unit(platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("benchmark", bulk=True)))
        begin, busy = time.perf_counter(), time.process_time()
        drive(platform)
        taken.append((time.perf_counter() - begin, time.process_time() - busy))
    assert count_runs(platform) == {"Ask a service": {"completed": rounds * RECORDS}}
    platform.close()
    sender.close()
    seconds, busy = min(taken)
    say(seconds=seconds, processor=busy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
