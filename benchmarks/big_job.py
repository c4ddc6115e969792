"""One bulk job of 100,000 records: how much memory it takes, and how fast it goes; in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.workflow import leads, opened, prepared
from towpath.model.change import Cause
from towpath.service.drive import drive
from towpath.service.unit import in_unit

RECORDS = 100_000
BATCH = 1_000
MOST_MEMORY = 300.0  # MB


def big_job(folder: Path) -> list[Figure]:
    """The job in a fresh process, so that its peak of memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.big_job", str(folder)], check=True, capture_output=True, text=True
    )
    seconds, megabytes = (float(word) for word in done.stdout.split()[-2:])
    return [
        Figure("job of 100,000 records: saved and run", RECORDS / seconds, "records/s"),
        Figure("job of 100,000 records: memory", megabytes, "MB", None, "<= 300 MB", megabytes <= MOST_MEMORY),
    ]


def main(folder: Path) -> None:
    """Save the records and run everything; prints seconds and megabytes."""
    platform = opened(prepared(folder), BATCH)
    begin = time.perf_counter()
    for start in range(0, RECORDS, BATCH):
        rows = leads(BATCH, start)
        in_unit(platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("benchmark", bulk=True)))
    drive(platform)
    seconds = time.perf_counter() - begin
    platform.close()
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
