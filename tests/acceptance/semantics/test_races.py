"""Many processes approve, merge and move stages at once: no double approval, no lost update, no stuck lock.

The long form is a command: python -m benchmarks.races --seconds 60 (on Postgres with --postgres URL).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.races import race
from tests.postgres_server import database


def check(result: dict[str, object]) -> None:
    """The books are right, and there was something to get wrong."""
    assert result["faults"] == []
    done = result["done"]
    assert isinstance(done, dict)
    assert {"_vote", "_move", "_merge"} <= set(done)


def test_processes_that_race_on_sqlite_leave_the_books_right(tmp_path: Path) -> None:
    check(race(str(tmp_path), processes=3, seconds=1.5))


@pytest.mark.nightly
def test_ten_processes_race_for_a_minute_on_sqlite(tmp_path: Path) -> None:
    check(race(str(tmp_path), processes=10, seconds=60))


def test_processes_that_race_on_postgres_leave_the_books_right(tmp_path: Path) -> None:
    with database() as url:
        check(race(str(tmp_path), url=url, processes=3, seconds=1.5))


@pytest.mark.nightly
def test_ten_processes_race_for_a_minute_on_postgres(tmp_path: Path) -> None:
    with database() as url:
        check(race(str(tmp_path), url=url, processes=10, seconds=60))
