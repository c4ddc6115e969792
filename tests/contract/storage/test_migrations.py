"""Databases of every version open here, those of later ones are refused, and an interrupted migration goes on."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.storage.make_golden import FOLDER, RUNS, START
from towpath.engine.tables import META, OUTBOX, RUN, STEP_DATA
from towpath.errors import StorageError
from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Order, Table
from towpath.ports.store import Transaction
from towpath.storage.migrations import MIGRATIONS, migrate
from towpath.storage.sqlite import SQLiteStore

EXTRA = Table("extra", (Column("id"),))


def add_extra(tx: Transaction) -> None:
    tx.ensure(EXTRA)
    tx.insert(EXTRA, ("id",), [("backfilled",)])


def break_down(tx: Transaction) -> None:
    tx.insert(EXTRA, ("id",), [("half",)])
    raise RuntimeError("power cut")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    store = SQLiteStore(tmp_path / "towpath.db")
    yield store
    store.close()


@pytest.mark.parametrize("golden", sorted(FOLDER.glob("*.db.gz")), ids=lambda path: path.name)
def test_a_database_of_every_version_is_brought_up_to_date(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "towpath.db"
    path.write_bytes(gzip.decompress(golden.read_bytes()))
    store = SQLiteStore(path)
    catalogue = migrate(store)
    assert "Lead" in catalogue.names
    due = Comparison(Field("due"), "<", START + 50)
    waiting = store.read(lambda r: r.select(RUN, ("id", "state"), due, order=[Order("due")]))
    assert waiting == [(f"run{n:03}", bytes([n])) for n in range(50)]
    assert store.read(lambda r: r.count(RUN)) == [(RUNS,)]
    assert store.read(lambda r: r.get(META, ["golden"], ("value",)))[0][0]["text"] == "Grüße, 世界"
    assert store.read(lambda r: r.select(STEP_DATA, ("data",))) == [([{"json": {"a": 1.5}}],)]
    assert store.read(lambda r: r.select(OUTBOX, ("request", "keyed"))) == [({"to": "a@b.co"}, True)]
    assert store.integrity_check() == []
    store.close()


def test_there_is_a_golden_database_of_this_version() -> None:
    assert (FOLDER / f"version_{len(MIGRATIONS)}.db.gz").exists()


def test_migrating_again_changes_nothing_and_copies_nothing(store: SQLiteStore, tmp_path: Path) -> None:
    migrate(store)
    before = sorted(tmp_path.iterdir())
    migrate(store)
    assert sorted(tmp_path.iterdir()) == before


def test_data_is_copied_before_it_is_migrated(store: SQLiteStore, tmp_path: Path) -> None:
    migrate(store)
    migrate(store, (*MIGRATIONS, add_extra))
    copy = SQLiteStore(tmp_path / "towpath.db.before-add_extra")
    assert copy.read(lambda r: r.count(META)) == [(1,)]
    with pytest.raises(StorageError):
        copy.read(lambda r: r.count(EXTRA))
    copy.close()
    assert store.read(lambda r: r.select(EXTRA)) == [("backfilled",)]


def test_a_newer_schema_is_refused_untouched(store: SQLiteStore) -> None:
    migrate(store, (*MIGRATIONS, add_extra))
    with pytest.raises(StorageError) as caught:
        migrate(store)
    assert caught.value.code == "storage.newer_schema"
    assert "add_extra" in caught.value.message
    assert store.read(lambda r: r.select(EXTRA)) == [("backfilled",)]


def test_an_interrupted_migration_goes_on_where_it_stopped(store: SQLiteStore) -> None:
    with pytest.raises(RuntimeError):
        migrate(store, (*MIGRATIONS, add_extra, break_down))
    assert store.read(lambda r: r.select(EXTRA)) == [("backfilled",)]
    migrate(store, (*MIGRATIONS, add_extra))
    assert store.read(lambda r: r.select(EXTRA)) == [("backfilled",)]


def test_a_second_process_finds_done_what_the_first_has_done(store: SQLiteStore, tmp_path: Path) -> None:
    other = SQLiteStore(tmp_path / "towpath.db")
    steps = (*MIGRATIONS, add_extra)

    def overtaken(tx: Transaction) -> None:
        raise AssertionError("done by the other")

    overtaken.__name__ = "add_extra"
    migrate(store)
    migrate(other, steps)
    migrate(store, (*MIGRATIONS, overtaken))
    other.close()


def test_a_store_in_memory_is_migrated_too() -> None:
    store = SQLiteStore(":memory:")
    migrate(store)
    migrate(store, (*MIGRATIONS, add_extra))
    assert store.read(lambda r: r.select(EXTRA)) == [("backfilled",)]
    store.close()


def test_each_tenant_is_migrated(store: SQLiteStore, tmp_path: Path) -> None:
    other = SQLiteStore(tmp_path / "towpath.db", tenant=2)
    for one in (store, other):
        migrate(one, (*MIGRATIONS, add_extra))
        assert one.read(lambda r: r.select(EXTRA)) == [("backfilled",)]
    other.close()
