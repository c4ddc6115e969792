"""Postgres keeps the storage contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.contract.storage.sharing import SharingContract
from tests.contract.storage.store_contract import StoreContract
from tests.contract.storage.tables import ODD, PAIR, THING
from tests.postgres_server import database
from towpath.ports.store import Store, Transaction
from towpath.storage.postgres import PostgresStore


def ensure_all(tx: Transaction) -> None:
    for table in (THING, PAIR, ODD):
        tx.ensure(table)


class TestPostgres(StoreContract, SharingContract):
    @pytest.fixture
    def url(self) -> Iterator[str]:
        with database() as url:
            yield url

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = PostgresStore(url)
        store.write(ensure_all)
        yield store
        store.close()

    @pytest.fixture
    def open_store(self, url: str) -> Iterator[Callable[[int], Store]]:
        opened: list[Store] = []

        def open_one(tenant: int) -> Store:
            opened.append(PostgresStore(url, tenant=tenant))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()
