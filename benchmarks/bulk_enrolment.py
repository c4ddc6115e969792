"""One declared job that enrols a million records: how fast, in how much memory, and how long a run by hand waits.

The limit is measured beside it: the same number of runs of the same workflow, started by events that are in the intake
already, so that only advancing them is left.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.alone import alone, peak_memory, say
from benchmarks.figures import Figure, middle
from benchmarks.workflow import leads
from towpath.app import open_platform
from towpath.engine.events import Event, Start
from towpath.engine.journal import write_events
from towpath.engine.tables import EVENT, RUN
from towpath.model.change import Cause
from towpath.model.condition import Comparison, Field
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Transaction
from towpath.service.drive import drive
from towpath.service.jobs import enrol, show_job
from towpath.service.platform import Platform
from towpath.service.start import start
from towpath.service.unit import in_unit
from towpath.service.workflows import publish
from towpath.worker.loop import Worker

RECORDS, BATCH = 1_000_000, 1_000
LIMIT_OF = 100_000  # runs that the limit is measured over
MEMORY, WAIT = 300.0, 500.0  # the bars: MB, and milliseconds of a run by hand
PAUSE = 2.0  # seconds between two runs by hand; for one of them the worker minds callers more than its batches


def bulk_enrolment(folder: Path, records: int = RECORDS) -> list[Figure]:
    """All figures of one job."""
    said = alone("benchmarks.bulk_enrolment", folder, records)
    name, held = f"job of {records:,} enrolments", records == RECORDS
    wait, memory = said["wait"], said["memory"]

    def bar(text: str, good: bool) -> tuple[float | None, str | None, bool | None]:
        return (None, text, good) if held else (None, None, None)  # the bars are those of a million

    return [
        Figure(f"{name}: entered and run", records / said["seconds"], "runs/s", said["limit"], note=said["size"]),
        Figure(f"{name}: memory", memory, "MB", *bar("<= 300 MB", memory <= MEMORY)),
        Figure(
            f"{name}: a run by hand meanwhile",
            wait,
            "ms",
            *bar("<= 500 ms", wait <= WAIT),
            note=f"longest of {said['runs']}: {said['longest']:,.0f} ms",
        ),
    ]


def main(folder: Path, records: int) -> None:
    """Make the records, declare the job, and let a worker do it while runs are started by hand."""
    platform = open_platform(folder, batch_size=BATCH, next_size=BATCH)
    ids = _records(platform, records)
    workflows = [_publish(platform, name) for name in ("Enrol", "Limit", "By hand")]
    limit = _limit(platform, workflows[1], ids[:LIMIT_OF])
    del ids
    worker = Worker(platform)
    worker.start()
    begin = time.perf_counter()
    job = enrol(platform, "Enrol", "Lead").id
    waits = []
    while show_job(platform, job).state == "running" or _waiting(platform):
        waits.append(_by_hand(platform, worker))
        time.sleep(PAUSE)
    seconds = time.perf_counter() - begin
    worker.stop()
    ran = platform.store.read(lambda tx: tx.count(RUN, Comparison(Field("version"), "==", workflows[0]))[0][0])
    assert ran == records, f"{ran} runs of {records} records"
    platform.close()
    size = f"{sum(file.stat().st_size for file in folder.glob('towpath.db*')) / 1e6:,.0f} MB on the disk"
    say(
        seconds=seconds, limit=limit, memory=peak_memory(), wait=middle(waits), longest=max(waits), runs=len(waits),
        size=size,
    )  # fmt: skip


def _records(platform: Platform, count: int) -> list[str]:
    ids = []
    for at in range(0, count, BATCH):
        rows = leads(min(BATCH, count - at), at)
        made = in_unit(platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("b", bulk=True)))
        ids += [record["id"] for record in made[: max(0, LIMIT_OF - at)]]
    return ids


def _publish(platform: Platform, name: str) -> int:
    nodes = {
        "set": {"type": "data.set", "params": {"fields": {"points": "{{ $json.score * 2 + 1 }}"}}},
        "if": {"type": "logic.if", "params": {"condition": "points > 101"}},
        "end": {"type": "logic.noop"},
    }
    edges = {"1": {"source": "set", "target": "if"}, "2": {"source": "if", "source_port": "true", "target": "end"}}
    document = {"name": name, "nodes": nodes, "edges": edges}
    return publish(platform, WorkflowDefinition.model_validate(document)).number


def _limit(platform: Platform, number: int, ids: list[str]) -> float:
    """Runs in a second where their starts wait in the intake and nothing else is to be done."""
    for at in range(0, len(ids), BATCH):
        part = ids[at : at + BATCH]
        starts = [Start(run, record) for run, record in zip(platform.ids.many(len(part)), part, strict=True)]
        event = Event(platform.ids.new(), "start", number, None, "Lead", True, starts)

        def work(tx: Transaction, event: Event = event) -> None:
            write_events(tx, [event], {}, platform.clock.now())

        platform.store.write(work)
    begin = time.perf_counter()
    assert drive(platform).ended == len(ids)
    return len(ids) / (time.perf_counter() - begin)


def _waiting(platform: Platform) -> bool:
    return bool(platform.store.read(lambda tx: tx.select(EVENT, ("id",), limit=1)))


def _by_hand(platform: Platform, worker: Worker) -> float:
    """Milliseconds from the start of one run by hand to its end."""
    begin = time.perf_counter()
    run = start(platform, "By hand", [{"score": 1}])
    worker.nudge()
    while not platform.store.read(lambda tx: tx.get(RUN, [run], ("id",))):
        time.sleep(0.002)
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
