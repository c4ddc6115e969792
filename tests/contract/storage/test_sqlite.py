"""SQLite, as a file and in memory, keeps the storage contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.storage.sharing import SharingContract
from tests.contract.storage.store_contract import StoreContract
from tests.contract.storage.tables import ODD, PAIR, THING
from towpath.ports.store import Store, Transaction
from towpath.storage.sqlite import SQLiteStore


def ensure_all(tx: Transaction) -> None:
    for table in (THING, PAIR, ODD):
        tx.ensure(table)


class TestSQLiteInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Iterator[Store]:
        store = SQLiteStore(":memory:")
        store.write(ensure_all)
        yield store
        store.close()


class TestSQLiteFile(StoreContract, SharingContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = SQLiteStore(tmp_path / "towpath.db")
        store.write(ensure_all)
        yield store
        store.close()

    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Iterator[Callable[[int], Store]]:
        opened: list[Store] = []

        def open_one(tenant: int) -> Store:
            opened.append(SQLiteStore(tmp_path / "towpath.db", tenant=tenant))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()
