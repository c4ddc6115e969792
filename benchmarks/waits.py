"""Runs that wait, by the million: what each takes, what a look for due ones costs, and how fast the due ones go on.

The runs are about nothing (a record adds its id and an index entry) and wait on a virtual clock; all else is real.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import apsw

from benchmarks.alone import alone, peak_memory, say
from benchmarks.figures import Figure
from towpath.app import DATABASE, open_platform
from towpath.engine.events import Event, Start
from towpath.engine.journal import write_events
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.service.advance import advance
from towpath.service.drive import drive
from towpath.service.platform import Platform
from towpath.service.workflows import publish
from towpath.storage.system import SystemClock, VirtualClock

WAITING, SAME_SECOND, SOON = 1_000_000, 100_000, 10_000
BATCH, DAY = 1_000, 24 * 3600 * SECOND
BYTES, POLL, WAKE, CROWD, MEMORY, WRITTEN = 300, 2.0, 1.0, 60.0, 300.0, 2_000  # the bars


def waits(folder: Path, waiting: int = WAITING, same_second: int = SAME_SECOND, soon: int = SOON) -> list[Figure]:
    """All figures of one store with so many waiting runs."""
    said = alone("benchmarks.waits", folder, waiting, same_second, soon)
    full = waiting == WAITING

    def held(name: str, value: float, unit: str, most: float, note: str = "") -> Figure:
        if not full:  # the bars are those of a million
            return Figure(name, value, unit, note=note)
        return Figure(name, value, unit, None, f"<= {most:,g} {unit}", value <= most, note)

    name = f"{waiting:,} waiting runs"
    busy = f"{said['wake_processor']:.2f} s of them processor"
    return [
        Figure(f"{name}: parked in a second", waiting / said["park"], "runs/s"),
        held(f"{name}: kept for each", said["bytes"], "B", BYTES, f"and {said['log']:.0f} B of log"),
        held(f"{name}: written to the disk for each", said["written"], "B", WRITTEN),
        held(f"{name}: looking when nothing is due", said["poll"], "ms", POLL),
        held(f"{name}: {soon:,} due ones advanced", said["wake"], "s", WAKE, busy),
        held(f"{name}: {same_second:,} due in one second, all done", said["crowd"], "s", CROWD),
        held(f"{name}: memory meanwhile", said["memory"], "MB", MEMORY),
    ]


def main(folder: Path, waiting: int, same_second: int, soon: int) -> None:
    """Park the runs, then let time pass."""
    clock = VirtualClock(SystemClock().now())
    platform = open_platform(folder, clock=clock, next_size=BATCH)
    begin, before = time.perf_counter(), _written()
    for days, count in ((1, soon), (2, same_second), (30, waiting - soon - same_second)):
        _start(platform, days, count)
    drive(platform)
    park, written = time.perf_counter() - begin, _written() - before
    kept, log = _sizes(folder)
    poll = _poll(platform)
    wake, wake_processor = _pass(platform, clock, DAY + SECOND, soon)
    crowd, _ = _pass(platform, clock, DAY, same_second)
    memory = peak_memory()
    platform.close()
    say(
        park=park, bytes=kept / waiting, log=log / waiting, written=written / waiting, poll=poll, wake=wake,
        wake_processor=wake_processor, crowd=crowd, memory=memory,
    )  # fmt: skip


def _start(platform: Platform, days: int, count: int) -> None:
    """Put so many starts of a workflow that waits so many days into the intake."""
    nodes = {
        "begin": {"type": "trigger.manual"},
        "wait": {"type": "wait.duration", "params": {"duration": f"{days} days"}},
        "end": {"type": "logic.noop"},
    }
    edges = {"1": {"source": "begin", "target": "wait"}, "2": {"source": "wait", "target": "end"}}
    name = f"Wait {days} days"
    publish(platform, WorkflowDefinition.model_validate({"name": name, "nodes": nodes, "edges": edges}))
    number = platform.published.find(name)
    for at in range(0, count, BATCH):
        starts = [Start(run) for run in platform.ids.many(min(BATCH, count - at))]
        event = Event(platform.ids.new(), "start", number, "begin", None, True, starts)

        def work(tx: Transaction, event: Event = event) -> None:
            write_events(tx, [event], {}, platform.clock.now())

        platform.store.write(work)


def _poll(platform: Platform, times: int = 50) -> float:
    """Milliseconds of a look for work where there is none."""
    begin = time.perf_counter()
    for _ in range(times):
        assert advance(platform) is None
    return (time.perf_counter() - begin) / times * 1000


def _pass(platform: Platform, clock: VirtualClock, microseconds: int, due: int) -> tuple[float, float]:
    """Let time pass; seconds until all that is due then is done, and seconds of processor."""
    clock.set(clock.now() + microseconds)
    begin, busy = time.perf_counter(), time.process_time()
    assert drive(platform).ended == due
    return time.perf_counter() - begin, time.process_time() - busy


def _sizes(folder: Path) -> tuple[int, int]:
    """Bytes of the runs with their indexes, and bytes of the log."""
    connection = apsw.Connection(str(folder / DATABASE), flags=apsw.SQLITE_OPEN_READONLY)
    sizes = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
    connection.close()
    runs = sum(size for name, size in sizes.items() if name == "run" or name.startswith("run_"))
    return runs, sum(size for name, size in sizes.items() if name.startswith("segment"))


def _written() -> int:
    """Bytes that this process has sent to the disk so far; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{os.getpid()}/io").read_text().splitlines()
    except OSError:
        return 0
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
