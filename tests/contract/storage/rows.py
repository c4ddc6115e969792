"""The contract about rows: what is written is what is read, set by set."""

from __future__ import annotations

import pytest

from tests.contract.storage.tables import ODD, PAIR, THING, is_
from towpath.errors import StorageError
from towpath.model.table import Order
from towpath.ports.store import Store

WHOLE = ("a", "Ann", 3, 1.5, True, ["x", {"y": None}], b"\x00\xff")
EMPTY = ("b", None, None, None, None, None, None)


class RowsContract:
    """Inherited by every adapter's tests; ``store`` has THING, PAIR and ODD."""

    def test_rows_come_back_as_they_were_written(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, THING.names, [WHOLE, EMPTY]))
        assert sorted(store.read(lambda r: r.select(THING))) == [WHOLE, EMPTY]
        assert [type(value) for value in store.read(lambda r: r.get(THING, ["a"]))[0]] == [
            str, str, int, float, bool, list, bytes,
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "value", [0, "", "text", [], {}, False, True, 1.5, -(2**53), {"ключ": ["\0", "😀", None]}, [[1], {"a": {}}]]
    )
    def test_json_values_come_back_equal(self, store: Store, value: object) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "tags"), [("a", value)]))
        found = store.read(lambda r: r.get(THING, ["a"], ("tags",)))[0][0]
        assert found == value
        assert type(found) is type(value)

    @pytest.mark.parametrize("text", ["", " ", "'; drop table thing; --", "a\nb", "😀é日", "x" * 100_000, "%_\\"])
    def test_any_text_comes_back_and_is_found(self, store: Store, text: str) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "name"), [(text, text)]))
        assert store.read(lambda r: r.get(THING, [text], ("id", "name"))) == [(text, text)]
        assert store.read(lambda r: r.select(THING, ("id",), is_("name", "==", text))) == [(text,)]

    def test_columns_left_out_of_an_insert_are_null(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("size", "id"), [(7, "a")]))
        assert store.read(lambda r: r.select(THING)) == [("a", None, 7, None, None, None, None)]

    def test_rows_may_be_any_iterable_of_lists_or_tuples(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "tags"), ([key, [key]] for key in "abc")))
        store.write(lambda tx: tx.update(THING, ("tags",), ((["new"], key) for key in "ab")))
        store.write(lambda tx: tx.delete(THING, (key for key in "c")))
        assert sorted(store.read(lambda r: r.select(THING, ("id", "tags")))) == [("a", ["new"]), ("b", ["new"])]

    def test_no_rows_are_no_trouble(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id",), []))
        store.write(lambda tx: tx.update(THING, ("size",), []))
        store.write(lambda tx: tx.delete(THING, []))
        assert store.read(lambda r: r.get(THING, [])) == []
        assert store.read(lambda r: r.count(THING)) == [(0,)]

    def test_update_sets_columns_of_rows_found_by_key(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(PAIR, PAIR.names, [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "x")]))
        store.write(lambda tx: tx.update(PAIR, ("note",), [("new", "a", 2), ("nowhere", "c", 1)]))
        rows = store.read(lambda r: r.select(PAIR, order=[Order("left"), Order("right")]))
        assert rows == [("a", 1, "x"), ("a", 2, "new"), ("b", 1, "x")]

    def test_delete_takes_keys_or_tuples_of_keys(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(PAIR, PAIR.names, [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "x")]))
        store.write(lambda tx: tx.delete(PAIR, [("a", 1), ("b", 1), ("c", 3)]))
        assert store.read(lambda r: r.select(PAIR)) == [("a", 2, "x")]
        store.write(lambda tx: tx.insert(THING, ("id",), [("a",), ("b",)]))
        store.write(lambda tx: tx.delete(THING, ["a", "missing"]))
        assert store.read(lambda r: r.select(THING, ("id",))) == [("b",)]

    def test_get_finds_each_row_once_by_key_or_by_another_column(self, store: Store) -> None:
        rows = [("a", 1, "x"), ("a", 2, "y"), ("b", 1, None)]
        store.write(lambda tx: tx.insert(PAIR, PAIR.names, rows))
        assert sorted(store.read(lambda r: r.get(PAIR, ["a", "a", "z"], by="left"))) == rows[:2]
        assert store.read(lambda r: r.get(PAIR, [2, 2, 9], ("note",), by="right")) == [("y",)]
        assert store.read(lambda r: r.get(PAIR, [None, 1, "x"], ("left", "right"), by="note")) == [("a", 1)]

    def test_get_by_numbers_checkboxes_and_odd_keys(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "weight", "ready"), [("nul\0", 0.5, True), ("b", 2.0, False)]))
        assert store.read(lambda r: r.get(THING, ["nul\0", "\ud800"], ("id",))) == [("nul\0",)]
        assert store.read(lambda r: r.get(THING, [0.5, 7], ("id",), by="weight")) == [("nul\0",)]
        assert store.read(lambda r: r.get(THING, [False], ("id",), by="ready")) == [("b",)]
        assert store.read(lambda r: r.get(THING, [2**70], ("id",), by="size")) == []

    def test_get_of_a_table_with_a_long_key_asks_which_column(self, store: Store) -> None:
        with pytest.raises(StorageError) as caught:
            store.read(lambda r: r.get(PAIR, ["a"]))
        assert caught.value.code == "storage.key"

    def test_ten_thousand_rows_go_and_come_in_one_call_each(self, store: Store) -> None:
        keys = [f"{number:08}" for number in range(10_000)]
        store.write(lambda tx: tx.insert(THING, ("id", "size"), [(key, 1) for key in keys]))
        assert len(store.read(lambda r: r.get(THING, keys, ("id",)))) == 10_000
        store.write(lambda tx: tx.update(THING, ("size",), [(2, key) for key in keys[:5_000]]))
        assert store.read(lambda r: r.count(THING, by=("size",))) == [(1, 5_000), (2, 5_000)]
        assert len(store.read(lambda r: r.select(THING, where=is_("id", "in", tuple(keys))))) == 10_000
        store.write(lambda tx: tx.delete(THING, keys[1:]))
        assert store.read(lambda r: r.count(THING)) == [(1,)]

    def test_odd_names_and_values_are_only_names_and_values(self, store: Store) -> None:
        rows = [("k", "from", "b", 1, "%s"), ("l", None, None, None, None)]
        store.write(lambda tx: tx.insert(ODD, ODD.names, rows))
        store.write(lambda tx: tx.update(ODD, ("?1 %s :x", "select"), [("?", "where", "k")]))
        found = store.read(lambda r: r.select(ODD, where=is_("?1 %s :x", "==", "?"), order=[Order("Größe 表")]))
        assert found == [("k", "where", "b", 1, "?")]
        assert store.read(lambda r: r.count(ODD, by=("a.b, c",))) == [(None, 1), ("b", 1)]
        store.write(lambda tx: tx.delete(ODD, ["k"]))
        assert store.read(lambda r: r.select(ODD)) == rows[1:]

    def test_a_clash_of_keys_names_table_and_columns(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(ODD, ODD.names, [("k", "from", "b", 1, "")]))
        with pytest.raises(StorageError) as caught:
            store.write(lambda tx: tx.insert(ODD, ODD.names, [("other", "from", "b", 1, "")]))
        assert (caught.value.code, caught.value.status) == ("storage.conflict", 409)
        assert caught.value.params == {"table": ODD.name, "columns": ["select", "a.b, c"]}
        with pytest.raises(StorageError) as caught:
            store.write(lambda tx: tx.insert(PAIR, PAIR.names, [("a", 1, "")] * 2))
        assert caught.value.params["columns"] == ["left", "right"]

    def test_ignored_conflicts_keep_the_row_that_was_there(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "size"), [("a", 1)]))
        rows = [("a", 2), ("b", 2), ("b", 3)]
        store.write(lambda tx: tx.insert(THING, ("id", "size"), rows, ignore_conflicts=True))
        assert sorted(store.read(lambda r: r.select(THING, ("id", "size")))) == [("a", 1), ("b", 2)]

    @pytest.mark.parametrize(
        ("columns", "row"),
        [
            (("id",), (None,)), (("id", "size"), ("a", "text")), (("id", "size"), ("a", 2**70)),
            (("id", "name"), ("a", "\ud800")), (("id", "tags"), ("a", {1, object})), (("id", "size"), ("a",)),
        ],
    )  # fmt: skip
    def test_a_value_that_does_not_fit_is_a_clear_error(self, store: Store, columns: tuple[str], row: tuple) -> None:
        with pytest.raises(StorageError) as caught:
            store.write(lambda tx: tx.insert(THING, columns, [row]))
        assert (caught.value.code, caught.value.status) == ("storage.row", 422)
        assert store.read(lambda r: r.count(THING)) == [(0,)]

    @pytest.mark.parametrize("name", ["nmae", "", 'name" or 1=1 --', "_tenant"])
    def test_a_column_that_the_table_does_not_have_is_refused(self, store: Store, name: str) -> None:
        uses = (
            lambda tx: tx.select(THING, (name,)),
            lambda tx: tx.select(THING, where=is_(name, "==", 1)),
            lambda tx: tx.select(THING, order=[Order(name)]),
            lambda tx: tx.count(THING, by=(name,)),
            lambda tx: tx.get(THING, ["a"], by=name or "?"),
            lambda tx: tx.insert(THING, (name,), [(1,)]),
            lambda tx: tx.update(THING, (name,), [(1, "a")]),
        )
        for use in uses:
            with pytest.raises(StorageError) as caught:
                store.write(use)
            assert caught.value.code == "storage.unknown_column"
