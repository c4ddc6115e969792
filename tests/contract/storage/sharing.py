"""The contract about sharing: tenants do not see each other, and two stores on the same data see the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.storage.tables import PAIR, THING, is_
from towpath.errors import StorageError
from towpath.ports.store import Store

Open = Callable[[int], Store]


class SharingContract:
    """Inherited by the tests of adapters whose data outlives a store; ``open_store(tenant)`` opens one more."""

    def test_tenants_share_keys_and_unique_values_but_no_rows(self, open_store: Open) -> None:
        mine, theirs = open_store(1), open_store(2)
        for store, size in ((mine, 1), (theirs, 2)):
            store.write(lambda tx: tx.ensure(THING))
            store.write(lambda tx, n=size: tx.insert(THING, ("id", "name", "ready", "size"), [("a", "Ann", True, n)]))
        assert mine.read(lambda r: r.select(THING, ("size",))) == [(1,)]
        assert theirs.read(lambda r: r.get(THING, ["a"], ("size",))) == [(2,)]

    def test_nothing_a_tenant_does_reaches_another(self, open_store: Open) -> None:
        mine, theirs = open_store(1), open_store(2)
        for store in (mine, theirs):
            store.write(lambda tx: (tx.ensure(THING), tx.ensure(PAIR)))
            store.write(lambda tx: tx.insert(THING, ("id", "size"), [("a", 1), ("b", 2)]))
            store.write(lambda tx: tx.insert(PAIR, PAIR.names, [("a", 1, "x")]))
        mine.write(lambda tx: tx.update(THING, ("size",), [(9, "a")]))
        mine.write(lambda tx: tx.delete(THING, ["b"]))
        mine.write(lambda tx: tx.delete(PAIR, [("a", 1)]))
        assert theirs.read(lambda r: r.count(THING, is_("size", "in", (1, 2)))) == [(2,)]
        assert theirs.read(lambda r: r.count(THING, by=("size",))) == [(1, 1), (2, 1)]
        assert theirs.read(lambda r: r.count(PAIR)) == [(1,)]
        assert theirs.write(lambda tx: tx.claim(THING, ("id",), is_("size", ">", 5), limit=5)) == []

    def test_data_is_there_when_a_store_is_opened_again(self, open_store: Open) -> None:
        first = open_store(1)
        first.write(lambda tx: tx.ensure(THING))
        first.write(lambda tx: tx.insert(THING, ("id", "tags"), [("a", {"k": [1]})]))
        first.close()
        assert open_store(1).read(lambda r: r.select(THING, ("id", "tags"))) == [("a", {"k": [1]})]

    def test_two_stores_see_each_others_commits(self, open_store: Open) -> None:
        first, second = open_store(1), open_store(1)
        first.write(lambda tx: tx.ensure(THING))
        for number in range(20):
            writer, reader = (first, second) if number % 2 else (second, first)
            writer.write(lambda tx, n=number: tx.insert(THING, ("id",), [(str(n),)]))
            assert reader.read(lambda r: r.count(THING)) == [(number + 1,)]

    def test_a_snapshot_does_not_move_while_others_write(self, open_store: Open) -> None:
        first, second = open_store(1), open_store(1)
        first.write(lambda tx: tx.ensure(THING))

        def look_twice(reader: object) -> None:
            before = reader.count(THING)  # type: ignore[attr-defined]
            second.write(lambda tx: tx.insert(THING, ("id",), [("a",)]))
            assert reader.count(THING) == before == [(0,)]  # type: ignore[attr-defined]

        first.read(look_twice)
        assert first.read(lambda r: r.count(THING)) == [(1,)]

    def test_a_conflict_with_another_store_is_the_same_clear_error(self, open_store: Open) -> None:
        first, second = open_store(1), open_store(1)
        first.write(lambda tx: tx.ensure(THING))
        first.write(lambda tx: tx.insert(THING, ("id",), [("a",)]))
        with pytest.raises(StorageError) as caught:
            second.write(lambda tx: tx.insert(THING, ("id",), [("a",)]))
        assert caught.value.code == "storage.conflict"
