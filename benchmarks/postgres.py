"""Postgres: runs in one process against the same rows written bare, several workers, and a worker that is killed."""

from __future__ import annotations

import gc
import os
import signal
import time
from pathlib import Path

import psycopg

from benchmarks.figures import Figure, middle
from benchmarks.postgres_rows import Recording, recording
from benchmarks.workflow import FIVE_NODES, leads
from tests.fleet import Fleet, child_of, is_idle, wait_until
from tests.postgres_server import database, server
from towpath.app import open_platform
from towpath.engine.tables import EVENT, RUN
from towpath.model.change import Cause
from towpath.model.table import Order
from towpath.service.advance import advance
from towpath.service.platform import Platform
from towpath.service.unit import in_unit
from towpath.service.workflows import publish
from towpath.storage.postgres import PostgresStore

DURABLE = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "256MB", "max_wal_size": "4GB"}
BATCH = 1_000
SHARE, GAIN, RECOVERY = 0.50, 1.4, 30.0  # of bare rows; of two workers beside one; seconds
Pair = tuple[Recording, Recording]


def postgres(folder: Path, runs: int = 20_000, rounds: int = 3, workers: tuple[int, ...] = (1, 2, 4)) -> list[Figure]:
    """The figures, on a server of their own that writes to disk before it answers."""
    with server(DURABLE) as own:
        return [
            *_runs(own.url, runs, rounds),
            *_workers(own.url, folder, 2 * runs, workers),
            _killed(own.url, folder, runs),
        ]


def _runs(url: str, count: int, rounds: int) -> list[Figure]:
    pairs = _recorded(url, count)
    ours, bare = [], []
    for _ in range(rounds):  # turn and turn about, so that both meet the machine in the same moods
        ours.append(_towpath(url, count))
        bare.append(_bare(url, pairs))
    rate, limit = count / middle(ours), count / middle(bare)
    bar = f">= {SHARE:.0%} of bare rows"
    return [Figure(f"Postgres: runs, batch {BATCH:,}", rate, "runs/s", limit, bar, rate / limit >= SHARE)]


def _prepared(url: str) -> Platform:
    platform = open_platform(store=PostgresStore(url), batch_size=BATCH, next_size=BATCH)
    publish(platform, FIVE_NODES)
    return platform


def _save(platform: Platform, start: int) -> None:
    rows, cause = leads(BATCH, start), Cause("benchmark", bulk=True)
    in_unit(platform, lambda unit: unit.records.create("Lead", rows, cause))


def _recorded(url: str, count: int) -> list[Pair]:
    pairs = []
    with database(url) as place:
        platform = _prepared(place)
        store = platform.store
        assert isinstance(store, PostgresStore)
        for start in range(0, count, BATCH):
            with recording(store) as saved:
                _save(platform, start)
            with recording(store) as ran:
                advance(platform)
            pairs.append((saved, ran))
        platform.close()
    return pairs


def _towpath(url: str, count: int) -> float:
    """Seconds for the runs alone."""
    seconds = 0.0
    with database(url) as place:
        platform = _prepared(place)
        gc.collect()
        for start in range(0, count, BATCH):
            _save(platform, start)
            begin = time.perf_counter()
            done = advance(platform)
            seconds += time.perf_counter() - begin
            assert done is not None
            assert done.ended == BATCH
        platform.close()
    return seconds


def _bare(url: str, pairs: list[Pair]) -> float:
    seconds = 0.0
    with database(url) as place:
        _prepared(place).close()
        connection = PostgresStore(place).settings.connect()
        gc.collect()
        for saved, ran in pairs:
            saved.replay(connection)
            begin = time.perf_counter()
            ran.replay(connection)
            seconds += time.perf_counter() - begin
        connection.close()
    return seconds


def _workers(url: str, folder: Path, count: int, numbers: tuple[int, ...]) -> list[Figure]:
    figures: list[Figure] = []
    for number in numbers:
        rate = middle([_rate(url, folder / f"{number}-{turn}", count, number) for turn in range(2)])
        alone = figures[0].value if figures else None
        bar, good = (f">= {GAIN} x one", rate >= GAIN * figures[0].value) if number == 2 and figures else (None, None)
        name = f"Postgres: runs, {number} worker{'s' if number > 1 else ''}"
        figures.append(
            Figure(name, rate, "runs/s", alone, bar, good, f"{os.cpu_count()} processors, with the database's")
        )
    return figures


def _rate(url: str, folder: Path, count: int, workers: int) -> float:
    """Runs a second of so many processes, from the moment at which all of them may begin."""
    folder.mkdir()
    with database(url) as place:
        platform, fleet = _prepared(place), Fleet(place, folder, "local")
        try:
            for start in range(0, count, BATCH):
                _save(platform, start)
            with psycopg.connect(place) as gate:
                gate.execute("SELECT id FROM event FOR UPDATE")  # nobody can take any until all are there
                for worker in [fleet.worker("--queue", "bulk") for _ in range(workers)]:
                    child_of(worker)
                _wait_for_sessions(place, 2 * workers)
            begin = time.perf_counter()
            wait_until(lambda: is_idle(platform), 600, fleet.logs)
            return count / (time.perf_counter() - begin)
        finally:
            fleet.end()
            platform.close()


def _wait_for_sessions(place: str, least: int) -> None:
    """Until the children of all workers have looked what is due; supervisors have connections too."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'towpath'"
        " AND query LIKE '%ROLLBACK%' AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(place, autocommit=True) as connection:
        wait_until(lambda: connection.execute(query).fetchall()[0][0] >= least // 2, 120)
    time.sleep(1.0)


def _killed(url: str, folder: Path, count: int) -> Figure:
    """Seconds from the kill of one of two workers until what it had taken is done by the other."""
    with database(url) as place:
        platform, fleet = _prepared(place), Fleet(place, folder, "local")
        try:
            for start in range(0, count, BATCH):
                _save(platform, start)
            workers = [fleet.worker("--queue", "bulk") for _ in range(2)]
            children = [child_of(worker) for worker in workers]
            wait_until(lambda: platform.store.read(lambda tx: tx.count(RUN))[0][0] > 0, 120, fleet.logs)
            held: set[str] = set()
            while not held and not is_idle(platform):  # until the workers are in the middle of batches
                held = _taken(place)
            os.kill(children[0], signal.SIGKILL)
            begin = time.perf_counter()
            wait_until(lambda: not held & _events(platform), 120, fleet.logs)
            seconds = time.perf_counter() - begin
        finally:
            fleet.end()
            platform.close()
    bar = f"<= {RECOVERY:.0f} s"
    return Figure("Postgres: batch of a killed worker done after", seconds, "s", None, bar, seconds <= RECOVERY)


def _taken(place: str) -> set[str]:
    """The events that workers have in their batches."""
    with psycopg.connect(place) as look:
        free = {row[0] for row in look.execute("SELECT id FROM event FOR UPDATE SKIP LOCKED")}
        return {row[0] for row in look.execute("SELECT id FROM event")} - free


def _events(platform: Platform) -> set[str]:
    return {row[0] for row in platform.store.read(lambda tx: tx.select(EVENT, ("id",), order=(Order("id"),)))}
