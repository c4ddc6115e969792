"""The contract about definitions: tables grow, never shrink, and what is defined in a failed unit is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.storage.tables import THING, is_
from towpath.errors import StorageError
from towpath.model.table import Column, Index, Table
from towpath.ports.store import Store, Transaction

SMALL = Table("growing", (Column("id"), Column("a")))
GROWN = replace(
    SMALL, columns=(*SMALL.columns, Column("b", "integer", required=True)), indexes=(Index(("a",), unique=True),)
)


class DefinitionsContract:
    """Inherited by every adapter's tests."""

    def test_ensuring_again_changes_nothing(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id",), [("a",)]))
        store.write(lambda tx: tx.ensure(THING))
        assert store.read(lambda r: r.select(THING, ("id",))) == [("a",)]

    def test_a_table_with_rows_gets_the_columns_and_indexes_it_lacks(self, store: Store) -> None:
        store.write(lambda tx: tx.ensure(SMALL))
        store.write(lambda tx: tx.insert(SMALL, ("id", "a"), [("1", "x")]))
        store.write(lambda tx: tx.ensure(GROWN))
        store.write(lambda tx: tx.insert(GROWN, GROWN.names, [("2", "y", 3)]))
        assert sorted(store.read(lambda r: r.select(GROWN))) == [("1", "x", None), ("2", "y", 3)]
        with pytest.raises(StorageError):
            store.write(lambda tx: tx.insert(GROWN, GROWN.names, [("3", "y", 3)]))
        assert len(store.read(lambda r: r.select(SMALL))) == 2

    def test_ensuring_a_smaller_table_removes_nothing(self, store: Store) -> None:
        store.write(lambda tx: tx.ensure(GROWN))
        store.write(lambda tx: tx.insert(GROWN, GROWN.names, [("1", "x", 3)]))
        store.write(lambda tx: tx.ensure(SMALL))
        assert store.read(lambda r: r.select(GROWN)) == [("1", "x", 3)]

    def test_what_a_failed_unit_defined_is_not_there_and_can_be_defined_again(self, store: Store) -> None:
        def work(tx: Transaction) -> None:
            tx.ensure(SMALL)
            raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011
            store.write(work)
        with pytest.raises(StorageError):
            store.read(lambda r: r.select(SMALL))
        store.write(lambda tx: tx.ensure(SMALL))
        assert store.read(lambda r: r.select(SMALL)) == []

    def test_a_unique_index_with_a_condition_lets_the_others_be_alike(self, store: Store) -> None:
        rows = [("a", "Ann", False), ("b", "Ann", None), ("c", "Ann", True), ("d", None, True), ("e", None, True)]
        store.write(lambda tx: tx.insert(THING, ("id", "name", "ready"), rows))
        with pytest.raises(StorageError) as caught:
            store.write(lambda tx: tx.update(THING, ("ready",), [(True, "a")]))
        assert caught.value.params["columns"] == ["name"]

    @pytest.mark.parametrize(
        "where",
        [
            is_("a", "==", "it's; --"), is_("a", "in", ("x", "y'z")), is_("a", "is_empty"), is_("a", "!=", None),
            is_("a", "starts_with", "x"), is_("b", ">", 1.5), is_("c", "==", True),
        ],
    )  # fmt: skip
    def test_an_index_takes_comparisons_with_constants(self, store: Store, where: object) -> None:
        columns = (Column("id"), Column("a"), Column("b", "real"), Column("c", "boolean"))
        table = Table("indexed", columns, indexes=(Index(("a",), where=where), Index(("b",), where=where)))
        store.write(lambda tx: tx.ensure(table))
        store.write(lambda tx: tx.insert(table, table.names, [("1", "it's; --", 2.0, True)]))
        assert len(store.read(lambda r: r.select(table, where=where))) in (0, 1)

    @pytest.mark.parametrize("names", [("email", "Email"), ("x", "_tenant"), ("x", "X")])
    def test_names_that_would_be_one_are_refused(self, store: Store, names: tuple[str, str]) -> None:
        table = Table("clashing", (Column("id"), *map(Column, names)))
        with pytest.raises(StorageError) as caught:
            store.write(lambda tx: tx.ensure(table))
        assert caught.value.code == "storage.column_names"
