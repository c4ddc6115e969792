"""Several processes on one Postgres: nothing is overwritten unseen, nobody waits for ever, and outages pass."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.contract.storage.tables import PAIR, THING, is_
from tests.postgres_server import Server, database, server
from towpath.errors import InputError, StorageError
from towpath.model.table import Order, Table
from towpath.ports.store import Transaction
from towpath.storage.migrations import migrate
from towpath.storage.postgres import PostgresSettings, PostgresStore
from towpath.storage.shared import open_shared


@pytest.fixture
def url() -> Iterator[str]:
    with database() as url:
        store = PostgresStore(url)
        store.write(lambda tx: (tx.ensure(THING), tx.ensure(PAIR)))
        store.close()
        yield url


@pytest.fixture
def stores(url: str) -> Iterator[list[PostgresStore]]:
    """As two processes have them."""
    opened = [PostgresStore(PostgresSettings(url, idle_timeout=2.0)) for _ in range(2)]
    yield opened
    for store in opened:
        store.close()


def test_counting_up_in_two_processes_loses_nothing(stores: list[PostgresStore]) -> None:
    stores[0].write(lambda tx: tx.insert(THING, ("id", "size"), [("counter", 0)]))

    def up(tx: Transaction) -> None:
        value = tx.get(THING, ["counter"], ("size",))[0][0]
        tx.update(THING, ("size",), [(value + 1, "counter")])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: stores[n % 2].write(up), range(100)))
    assert stores[0].read(lambda r: r.get(THING, ["counter"], ("size",))) == [(100,)]
    assert sum(store.retries for store in stores) > 0


def test_what_one_has_claimed_the_other_passes_over(stores: list[PostgresStore]) -> None:
    stores[0].write(lambda tx: tx.insert(THING, ("id",), [(f"{n}",) for n in range(6)]))

    def claim(tx: Transaction) -> list[Any]:
        return tx.claim(THING, ("id",), is_("id", "!=", None), order=(Order("id"),), limit=3)

    mine, theirs = stores[0].write(lambda tx: (claim(tx), stores[1].write(claim)))
    assert mine == [("0",), ("1",), ("2",)]
    assert theirs == [("3",), ("4",), ("5",)]


def test_updates_of_the_same_rows_in_opposite_orders_never_wait_for_each_other(
    stores: list[PostgresStore], url: str
) -> None:
    keys = [f"{n:03}" for n in range(300)]
    stores[0].write(lambda tx: tx.insert(THING, ("id", "size"), [(key, 0) for key in keys]))

    def touch(store: PostgresStore, order: list[str]) -> None:
        for size in range(15):
            store.write(lambda tx, size=size: tx.update(THING, ("size",), [(size, key) for key in order]))

    before = deadlocks(url)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(touch, stores, [keys, keys[::-1]]))
    assert deadlocks(url) == before


def deadlocks(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return int(connection.execute(query).fetchall()[0][0])


def test_processes_that_start_together_make_one_schema(url: str) -> None:
    opened = [PostgresStore(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        catalogues = list(pool.map(migrate, opened))
    assert {catalogue.names for catalogue in catalogues} == {catalogues[0].names}
    for store in opened:
        store.close()


def test_a_process_that_says_nothing_for_too_long_loses_its_rows_and_cannot_write(stores: list[PostgresStore]) -> None:
    stores[0].write(lambda tx: tx.insert(THING, ("id", "size"), [("a", 0)]))
    claimed = threading.Event()

    def freeze(tx: Transaction) -> None:
        tx.claim(THING, ("id",), is_("id", "==", "a"), limit=1)
        claimed.set()
        time.sleep(3.5)  # as a stopped process does
        tx.update(THING, ("size",), [(1, "a")])

    with ThreadPoolExecutor(1) as pool:
        frozen = pool.submit(stores[0].write, freeze)
        assert claimed.wait(20)
        stores[1].write(lambda tx: tx.update(THING, ("size",), [(2, "a")]))  # waits for the rows, not for the process
        error = frozen.exception()
    assert isinstance(error, StorageError)
    assert error.code == "storage.idle_timeout"
    assert stores[1].read(lambda r: r.get(THING, ["a"], ("size",))) == [(2,)]


def test_long_names_stay_apart(url: str) -> None:
    first, second = (Table("long " * 15 + end, THING.columns) for end in "ab")
    store = PostgresStore(url)
    store.write(lambda tx: (tx.ensure(first), tx.ensure(second)))
    store.write(lambda tx: tx.insert(first, ("id",), [("x",)]))
    assert store.read(lambda r: (r.count(first), r.count(second))) == ([(1,)], [(0,)])
    store.close()


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"TOWPATH_DATABASE_URL": "mysql://here"}, "config.database_url"),
        ({"TOWPATH_DATABASE_URL": "postgresql://here?nonsense=1"}, "config.database_url"),
        ({"TOWPATH_DATABASE_URL": "postgresql://h/d", "TOWPATH_DATABASE_IDLE_TIMEOUT": "soon"}, "config.seconds"),
    ],
)
def test_settings_that_make_no_sense_are_refused(environment: dict[str, str], code: str) -> None:
    with pytest.raises(InputError) as caught:
        open_shared(environment)
    assert caught.value.code == code


def test_without_a_url_there_is_no_shared_store() -> None:
    assert open_shared({}) is None


def test_a_server_that_is_away_is_a_clear_error() -> None:
    with pytest.raises(StorageError) as caught:
        PostgresStore("postgresql://postgres@127.0.0.1:9/none")
    assert (caught.value.code, caught.value.status) == ("storage.connection_lost", 503)


@pytest.fixture
def own_server() -> Iterator[Server]:
    with server() as own:
        yield own


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_a_server_that_restarts_under_load_is_waited_for_and_loses_nothing(
    own_server: Server, how: signal.Signals
) -> None:
    store = PostgresStore(PostgresSettings(own_server.url, patience=30.0))
    store.write(lambda tx: tx.ensure(THING))
    stop, kept, doubtful = threading.Event(), list[str](), dict[str, str]()

    def write(thread: int) -> None:
        number = 0
        while not stop.is_set():
            key = f"{thread}-{number}"
            number += 1
            try:
                store.write(lambda tx, key=key: tx.insert(THING, ("id",), [(key,)]))
            except StorageError as error:
                doubtful[key] = error.code
            else:
                kept.append(key)

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, thread) for thread in range(4)]
        time.sleep(0.3)
        before = len(kept)
        own_server.stop(how)
        own_server.start()
        time.sleep(1.0)
        stop.set()
        for each in writing:
            each.result()
    found = {key for (key,) in store.read(lambda r: r.select(THING, ("id",)))}
    store.close()
    assert len(kept) > before > 0
    assert set(doubtful.values()) <= {"storage.in_doubt"}
    assert set(kept) <= found <= {*kept, *doubtful}
