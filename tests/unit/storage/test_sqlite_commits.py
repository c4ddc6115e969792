"""How SQLite is used: fully synchronous, many units in one commit, one statement text for any number of values."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest

from tests.contract.storage.tables import THING, is_
from towpath.errors import StorageError
from towpath.model.table import Order
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.sqlite.connection import check_version, connect


def test_a_file_is_written_ahead_and_fully_synchronous(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "a.db"), 1.0)
    assert connection.pragma("journal_mode") == "wal"
    assert connection.pragma("synchronous") == 2
    connection.close()


def test_a_reading_connection_cannot_write(tmp_path: Path) -> None:
    SQLiteStore(tmp_path / "a.db").close()
    connection = connect(str(tmp_path / "a.db"), 1.0, reading=True)
    with pytest.raises(Exception, match="readonly"):
        connection.execute("create table t(a)")
    connection.close()


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2"])
def test_a_sqlite_that_can_damage_databases_is_refused(version: str) -> None:
    with pytest.raises(StorageError) as caught:
        check_version(version)
    assert caught.value.code == "storage.sqlite_too_old"


@pytest.mark.parametrize("version", ["3.51.3", "3.51.3.1", "3.54.1", "4.0.0"])
def test_a_sqlite_without_that_fault_is_accepted(version: str) -> None:
    check_version(version)


def insert_one(key: str) -> Any:
    return lambda tx: tx.insert(THING, ("id",), [(key,)])


def test_units_that_wait_share_one_commit(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "a.db")
    store.write(lambda tx: tx.ensure(THING))
    commits: list[int] = []
    store._writer.set_commit_hook(lambda: bool(commits.append(1)))
    started, go_on = Event(), Event()

    def first(tx: Any) -> None:
        tx.insert(THING, ("id",), [("first",)])
        started.set()
        assert go_on.wait(20)

    with ThreadPoolExecutor(21) as pool:
        units = [pool.submit(store.write, first)]
        assert started.wait(20)
        units += [pool.submit(store.write, insert_one(str(number))) for number in range(20)]
        while len(store._queue._waiting) < 20:
            sleep(0.001)
        go_on.set()
        for unit in units:
            unit.result()
    assert len(commits) == 2
    store._writer.set_commit_hook(None)
    store.close()


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (is_("id", "==", "a"), "PRIMARY KEY"),
        (is_("id", "in", tuple("abcdefghijklmnop")), "PRIMARY KEY"),
        (is_("id", "starts_with", "ab"), "PRIMARY KEY"),
        (is_("size", "==", 3), "thing_size_name"),
        (is_("weight", "<=", 3.0), "thing_weight"),
        (is_("weight", "is_not_empty"), "thing_weight"),
    ],
)
def test_searches_use_the_index_made_for_them(condition: Any, index: str) -> None:
    store = SQLiteStore(":memory:")
    store.write(lambda tx: tx.ensure(THING))
    sql = store._shelf.of(THING).select(("id",), condition)
    plan = " ".join(str(row[3]) for row in store._writer.execute("EXPLAIN QUERY PLAN " + sql.text, sql.values))
    assert plan.startswith("SEARCH")
    assert index in plan
    store.close()


def test_the_first_by_due_time_come_from_the_index_without_sorting() -> None:
    store = SQLiteStore(":memory:")
    store.write(lambda tx: tx.ensure(THING))
    sql = store._shelf.of(THING).select(("id",), is_("weight", "<=", 1.0), (Order("weight"),), 10)
    plan = [str(row[3]) for row in store._writer.execute("EXPLAIN QUERY PLAN " + sql.text, sql.values)]
    assert len(plan) == 1
    assert plan[0].startswith("SEARCH thing USING ")
    store.close()
