"""The contract about units of work: whole or not at all, each for itself, many in one commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event
from typing import Any

import pytest

from tests.contract.storage.tables import THING, is_
from towpath.errors import StorageError
from towpath.ports.store import Store, Transaction


def add(*keys: str) -> Any:
    """A unit that adds things."""
    return lambda tx: tx.insert(THING, ("id",), [(key,) for key in keys])


def keys(store: Store) -> list[str]:
    """The ids of all things."""
    return sorted(key for (key,) in store.read(lambda r: r.select(THING, ("id",))))


class UnitsContract:
    """Inherited by every adapter's tests."""

    def test_a_unit_returns_its_result_and_sees_its_own_writes(self, store: Store) -> None:
        def work(tx: Transaction) -> list[Any]:
            add("a")(tx)
            return tx.select(THING, ("id",))

        assert store.write(work) == [("a",)]

    def test_a_unit_that_raises_leaves_nothing_and_its_error_reaches_its_caller(self, store: Store) -> None:
        class WrongError(Exception):
            pass

        def work(tx: Transaction) -> None:
            add("a")(tx)
            raise WrongError("why")

        with pytest.raises(WrongError, match="why"):
            store.write(work)
        assert keys(store) == []
        store.write(add("b"))
        assert keys(store) == ["b"]

    def test_a_unit_that_hides_a_failed_operation_is_not_stored_in_part(self, store: Store) -> None:
        def work(tx: Transaction) -> str:
            with suppress(StorageError):
                add("a", "b", "b", "c")(tx)
            return "fine"

        with pytest.raises(StorageError) as caught:
            store.write(work)
        assert caught.value.code == "storage.conflict"
        assert keys(store) == []

    def test_units_that_wait_together_fail_apart(self, store: Store) -> None:
        started, go_on = Event(), Event()

        def first(tx: Transaction) -> None:
            started.set()
            assert go_on.wait(20)

        with ThreadPoolExecutor(12) as pool:
            slow = pool.submit(store.write, first)
            assert started.wait(20)
            units = [pool.submit(store.write, add(f"{n}", "clash" if n % 3 == 0 else f"x{n}")) for n in range(9)]
            go_on.set()
            slow.result()
            errors = [unit.exception() for unit in units]
        failed = [error for error in errors if error is not None]
        assert len(failed) == 2  # of three that clash, the first is stored
        assert {error.code for error in failed if isinstance(error, StorageError)} == {"storage.conflict"}
        assert len(keys(store)) == 2 * 7

    def test_a_thousand_units_of_ten_threads_all_arrive(self, store: Store) -> None:
        def write(thread: int) -> None:
            for number in range(100):
                store.write(add(f"{thread}-{number}"))

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(write, range(10)))
        assert store.read(lambda r: r.count(THING)) == [(1_000,)]

    def test_counting_up_in_many_threads_loses_nothing(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "size"), [("counter", 0)]))

        def up(tx: Transaction) -> None:
            value = tx.get(THING, ["counter"], ("size",))[0][0]
            tx.update(THING, ("size",), [(value + 1, "counter")])

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: store.write(up), range(200)))
        assert store.read(lambda r: r.get(THING, ["counter"], ("size",))) == [(200,)]

    def test_units_do_not_nest(self, store: Store) -> None:
        for outer in (store.write, store.read):
            with pytest.raises(StorageError) as caught:
                outer(lambda _: store.write(add("a")))
            assert caught.value.code == "storage.nested"
        store.write(add("b"))
        assert keys(store) == ["b"]

    def test_a_read_inside_a_unit_sees_what_the_unit_sees(self, store: Store) -> None:
        def work(tx: Transaction) -> list[str]:
            add("a")(tx)
            return keys(store)

        assert store.write(work) == ["a"]
        assert store.read(lambda _: keys(store)) == ["a"]

    def test_a_transaction_cannot_be_used_after_its_end(self, store: Store) -> None:
        kept: list[Any] = []
        store.write(kept.append)
        store.read(kept.append)
        for ended in kept:
            with pytest.raises(StorageError) as caught:
                ended.select(THING)
            assert caught.value.code == "storage.ended"

    def test_a_read_never_sees_half_a_unit(self, store: Store) -> None:
        barrier, done = Barrier(2), Event()

        def write() -> None:
            barrier.wait()
            for number in range(200):
                store.write(add(f"left{number}", f"right{number}"))
            done.set()

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            barrier.wait()
            while not done.is_set() and not writing.done():
                left, right = store.read(
                    lambda r: [r.count(THING, is_("id", "starts_with", side))[0][0] for side in ("left", "right")]
                )
                assert left == right
            writing.result()

    def test_a_closed_store_says_so(self, store: Store) -> None:
        store.close()
        store.close()
        for use in (lambda: store.write(add("a")), lambda: store.read(lambda r: r.select(THING))):
            with pytest.raises(StorageError) as caught:
                use()
            assert caught.value.code == "storage.closed"

    def test_an_interrupted_unit_leaves_the_store_usable(self, store: Store) -> None:
        def work(tx: Transaction) -> None:
            add("a")(tx)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.write(work)
        store.write(add("b"))
        assert keys(store) == ["b"]
