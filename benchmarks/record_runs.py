"""Durable record-triggered runs of five nodes, against the same rows written bare in the same run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bare_rows import Recording, bare_connection, copy_of, recording
from benchmarks.figures import Figure, middle
from benchmarks.workflow import leads, opened, prepared
from towpath.model.change import Cause
from towpath.service.advance import advance
from towpath.service.platform import Platform
from towpath.service.unit import in_unit
from towpath.storage.sqlite import SQLiteStore

RUNS = {1: 300, 10: 2_000, 100: 10_000, 1_000: 20_000}  # how many are measured at each size of batch
TARGET = 0.50  # of bare rows, at the largest batch
Pair = tuple[Recording, Recording]


def record_runs(folder: Path, batches: tuple[int, ...] = (1, 10, 100, 1_000), rounds: int = 3) -> list[Figure]:
    """Two figures for each size of batch: the runs alone, and the records saved that set them off with their runs."""
    base = prepared(folder / "base")
    return [figure for batch in batches for figure in _one_size(folder / str(batch), base, batch, rounds)]


def _one_size(folder: Path, base: Path, batch: int, rounds: int) -> list[Figure]:
    count = RUNS.get(batch, 10_000)
    pairs = _recorded(copy_of(base, folder / "recorded"), batch, count)
    rows = sum(runs.rows for _, runs in pairs)
    ours, bare = [], []
    for number in range(rounds):  # turn and turn about, so that both meet the machine in the same moods
        ours.append(_towpath(copy_of(base, folder / f"towpath{number}"), batch, count))
        bare.append(_bare(copy_of(base, folder / f"bare{number}"), pairs))
    runs, limit = (count / middle([saved_and_ran[1] for saved_and_ran in taken]) for taken in (ours, bare))
    both, limit_of_both = (count / middle([sum(saved_and_ran) for saved_and_ran in taken]) for taken in (ours, bare))
    held = batch == 1_000
    good = (runs / limit >= TARGET and (limit < 100_000 or runs >= 25_000)) if held else None
    bar = f">= {TARGET:.0%} of bare rows" if held else None
    return [
        Figure(f"runs, batch {batch:,}", runs, "runs/s", limit, bar, good, f"{rows / count:.1f} rows a run"),
        Figure(f"records saved and runs, batch {batch:,}", both, "runs/s", limit_of_both),
    ]


def _recorded(database: Path, batch: int, count: int) -> list[Pair]:
    """What Towpath writes, batch by batch: for the saved records, and for their runs."""
    platform = opened(database, batch)
    store = platform.store
    assert isinstance(store, SQLiteStore)
    pairs = []
    for start in range(0, count, batch):
        with recording(store) as saved:
            _save(platform, batch, start)
        with recording(store) as ran:
            _run(platform)
        pairs.append((saved, ran))
    platform.close()
    return pairs


def _towpath(database: Path, batch: int, count: int) -> tuple[float, float]:
    """Seconds for saving the records and seconds for their runs."""
    platform = opened(database, batch)
    parts = [
        (lambda start=start: _save(platform, batch, start), lambda: _run(platform)) for start in range(0, count, batch)
    ]
    seconds = _in_turn(parts)
    platform.close()
    return seconds


def _bare(database: Path, pairs: list[Pair]) -> tuple[float, float]:
    with bare_connection(database) as connection:
        return _in_turn(
            [(lambda s=saved: s.replay(connection), lambda r=ran: r.replay(connection)) for saved, ran in pairs]
        )


def _in_turn(parts: list[tuple[Callable[[], None], Callable[[], None]]]) -> tuple[float, float]:
    """The seconds of all first and of all second parts, done alternately."""
    gc.collect()
    first = second = 0.0
    for save, run in parts:
        begin = time.perf_counter()
        save()
        middle_of = time.perf_counter()
        run()
        first, second = first + middle_of - begin, second + time.perf_counter() - middle_of
    return first, second


def _save(platform: Platform, batch: int, start: int) -> None:
    rows, cause = leads(batch, start), Cause("benchmark", bulk=batch > 1)
    in_unit(platform, lambda unit: unit.records.create("Lead", rows, cause))


def _run(platform: Platform) -> None:
    while (done := advance(platform)) is not None:
        assert done.ended == done.count
