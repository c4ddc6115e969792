"""``python -m benchmarks.faults``: the long form of the fault tests, on Postgres. Exit code 1 where anything is lost.

Rounds of load in which a worker is killed, a worker is frozen for longer than it may, and the server crashes, at random
moments; and an older database with many waiting runs, which is upgraded and whose runs all resume.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from tests.fleet import (
    ONCE,
    Fleet,
    child_of,
    create_leads,
    is_idle,
    lead_scores,
    publish_text,
    runs_by_status,
    wait_until,
)
from tests.postgres_server import Server, database, server
from towpath.engine.tables import META
from towpath.ports.store import Transaction
from towpath.service.drive import drive
from towpath.service.platform import Platform
from towpath.storage.migrations import APPLIED, MIGRATIONS, migrate
from towpath.storage.postgres import PostgresStore

LATER = """
name: Later
nodes:
  made: {type: trigger.record, params: {object: Lead, "on": [created]}}
  rest: {type: wait.duration, params: {duration: 20 minutes}}
  count: {type: crm.update, params: {object: Lead, fields: {score: "{{ $record.score + 1 }}"}}}
edges:
  a: {source: made, target: rest}
  b: {source: rest, target: count}
"""


def main() -> int:
    """Run all, say what came of it."""
    arguments = _arguments()
    chance, bad = random.Random(arguments.seed), 0
    for number in range(arguments.rounds):
        for fault in (kill_worker, freeze_worker, crash_server):
            with server({"fsync": "on"}) as own, tempfile.TemporaryDirectory() as folder:
                bad += not _round(own, Path(folder), fault, arguments.runs, chance, f"{fault.__name__} {number + 1}")
    with server() as own, tempfile.TemporaryDirectory() as folder:
        bad += not waiting_runs_resume(own, Path(folder), arguments.waiting)
    return 1 if bad else 0


def kill_worker(_: Server, children: list[int], chance: random.Random) -> None:
    """kill -9 of the process that works."""
    os.kill(chance.choice(children), signal.SIGKILL)


def freeze_worker(_: Server, children: list[int], chance: random.Random) -> None:
    """SIGSTOP for three times as long as an idle transaction may last, then on."""
    frozen = chance.choice(children)
    os.kill(frozen, signal.SIGSTOP)
    time.sleep(6.0)
    os.kill(frozen, signal.SIGCONT)


def crash_server(own: Server, _children: list[int], _chance: random.Random) -> None:
    """Postgres ends as in a crash, and starts again."""
    own.stop(signal.SIGQUIT)
    own.start()


def _round(own: Server, folder: Path, fault: object, runs: int, chance: random.Random, name: str) -> bool:
    fleet = Fleet(own.url, folder, "procrastinate", {"TOWPATH_DATABASE_IDLE_TIMEOUT": "2"})
    try:
        with fleet.platform() as platform:
            publish_text(platform, ONCE)
            children = [child_of(fleet.worker("--replace-after", "600")) for _ in range(2)]
            making = threading.Thread(target=create_leads, args=(platform, runs), kwargs={"bulk": True})
            making.start()
            wait_until(lambda: lead_scores(platform).get(1, 0) > 0, 120, fleet.logs)
            time.sleep(chance.random())
            begin = time.monotonic()
            fault(own, children, chance)  # type: ignore[operator]
            making.join(300)
            wait_until(lambda: is_idle(platform), 120, fleet.logs)
            scores, statuses = lead_scores(platform), runs_by_status(platform)
            good = set(scores) == {1} and statuses == {"completed": scores[1]}
            took = time.monotonic() - begin
            print(f"{name}: {'good' if good else 'BAD'}, {scores}, {statuses}, {took:.1f} s", flush=True)
            return good
    finally:
        fleet.end()


def waiting_runs_resume(own: Server, folder: Path, count: int) -> bool:
    """A database whose last migration has not been noted, full of waiting runs: opened again, all of them go on."""
    fleet = Fleet(own.url, folder, "local")
    with fleet.platform() as platform:
        publish_text(platform, LATER)
        create_leads(platform, count, 1_000, bulk=True)
        _drive(platform)
        assert runs_by_status(platform) == {"waiting": count}
        platform.store.write(_forget_last)
    _drop_newer_tables(own.url)
    with fleet.platform() as platform:
        platform.clock = _Ahead(platform.clock.now() + 3_600_000_000)
        begin = time.monotonic()
        _drive(platform)
        scores = lead_scores(platform)
        good = scores == {1: count} and runs_by_status(platform) == {"completed": count}
        took = time.monotonic() - begin
        print(f"upgrade with {count:,} waiting: {'good' if good else 'BAD'}, {took:.1f} s", flush=True)
        return good


def _forget_last(tx: Transaction) -> None:
    done = tx.get(META, [APPLIED], ("value",))[0][0]
    tx.update(META, ("value",), [(done[:-1], APPLIED)])


def _drop_newer_tables(url: str) -> None:
    """What the last migration has added is not there either."""
    with database(url) as older:
        store = PostgresStore(older)
        migrate(store, MIGRATIONS[:-1])
        store.close()
        known = _tables(older)
    with psycopg.connect(url, autocommit=True) as connection:
        for name in _tables(url) - known:
            connection.execute(f'DROP TABLE "{name}"')


def _tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        return {row[0] for row in connection.execute(query)}


class _Ahead:
    """A clock that has jumped."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        """Microseconds."""
        return self._now


def _drive(platform: Platform) -> None:
    drive(platform)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--runs", type=int, default=20_000, help="in each round")
    parser.add_argument("--waiting", type=int, default=100_000, help="runs that wait while the database is upgraded")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
