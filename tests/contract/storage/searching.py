"""The contract about searching: conditions mean the same here as in memory, and order is the same everywhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.contract.storage.tables import SEARCHED, THING, is_
from towpath.errors import ExpressionError
from towpath.expr.condition_eval import compile_condition
from towpath.model.condition import (
    LIST_OPERATORS,
    OPERATORS,
    UNARY_OPERATORS,
    All,
    Any_,
    Changed,
    Comparison,
    Condition,
    Field,
    Increased,
    Not,
    Was,
)  # fmt: skip
from towpath.model.table import Order
from towpath.ports.store import Store

EXAMPLES = max(300, settings().max_examples)  # more by night
TEXTS = ["", "a", "A", "ab", "aXb", "b", "😀", "é", "日a", "1", "true", "[]", "a%", "_", "\0", "a\0b", "\U0010ffff"]
NUMBERS = [0, 1, -1, 2, 1.5, 0.1, -0.0, 2**53 + 1, 2**62, 1e300]
texts = st.sampled_from(TEXTS) | st.text(max_size=3)
numbers = st.sampled_from(NUMBERS) | st.integers(-3, 3) | st.sampled_from([2**70, -(2**70), 0.5])
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["k", "a b", "ü"]), inner, max_size=2),
    max_leaves=4,
)
rows = st.lists(
    st.tuples(
        st.none() | texts,
        st.none() | st.integers(-3, 3) | st.sampled_from([2**53 + 1, 2**62]),
        st.none() | st.sampled_from([0.0, 1.0, 1.5, 0.1, -1.0, 2.0**53, 1e300]),
        st.none() | st.booleans(),
        plain.filter(lambda value: "\0" not in str(value) and "\\x00" not in repr(value)),
        st.none() | st.sampled_from([b"", b"a"]),
    ),
    min_size=1,
    max_size=5,
)
STATIC = ["name", "size", "weight", "ready", "data"]
static_fields = st.sampled_from(STATIC).map(Field)
places = st.sampled_from(["tags", "tags.k", "tags.a b", "tags.ü.k"]).map(Field)
constants = scalars.filter(lambda value: value != "\0" and (not isinstance(value, str) or "\0" not in value)) | scalars


def operations(sides: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    """An operator with a right side that it can take, or only could."""
    binary = [operator for operator in OPERATORS if operator not in LIST_OPERATORS | UNARY_OPERATORS]
    lists = st.lists(sides, max_size=3).map(tuple)
    long_lists = st.lists(scalars, min_size=9, max_size=12).map(tuple)
    return st.one_of(
        st.tuples(st.sampled_from(sorted(UNARY_OPERATORS)), st.none()),
        st.tuples(st.sampled_from(["in", "not_in"]), lists | long_lists | texts | sides),
        st.tuples(st.just("between"), st.tuples(sides, sides) | texts),
        st.tuples(st.sampled_from(binary), sides),
        st.tuples(st.sampled_from(["==", "!=", "contains", "not_contains"]), st.lists(scalars, max_size=2).map(tuple)),
    )


leaves = st.one_of(
    st.tuples(static_fields | scalars, operations(static_fields | scalars)),
    st.tuples(places, operations(static_fields | scalars)),
    st.tuples(static_fields, st.tuples(st.sampled_from(["in", "not_in", "==", "!=", "<"]), places)),
).map(lambda leaf: Comparison(leaf[0], *leaf[1]))
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Any_(tuple(parts))),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)


class SearchContract:
    """Inherited by every adapter's tests."""

    @settings(suppress_health_check=list(HealthCheck), max_examples=EXAMPLES)  # each example empties the table first
    @given(rows=rows, condition=conditions)
    def test_a_search_finds_what_the_evaluation_in_memory_finds(
        self, store: Store, rows: list[tuple[Any, ...]], condition: Condition
    ) -> None:
        stored = [(str(number), *row) for number, row in enumerate(rows)]

        def replace(tx: Any) -> list[Any]:
            tx.ensure(SEARCHED)
            tx.delete(SEARCHED, [row[0] for row in tx.select(SEARCHED, ("id",))])
            tx.insert(SEARCHED, SEARCHED.names, stored)
            return tx.select(SEARCHED, ("id",), condition, order=[Order("id")])

        holds = compile_condition(condition)
        expected = [(row[0],) for row in stored if holds(dict(zip(SEARCHED.names, row, strict=True)), None)]
        try:
            found = store.write(replace)
        except ExpressionError as error:
            reject() if error.code == "condition.not_searchable" else None
            raise
        assert found == expected

    def test_every_order_puts_nulls_first_ascending_and_last_descending(self, store: Store) -> None:
        names = ["b", None, "B", "a", "é", "😀", "日", ""]
        store.write(lambda tx: tx.insert(THING, ("id", "name"), [(str(n), name) for n, name in enumerate(names)]))
        known = sorted(name for name in names if name is not None)
        up = store.read(lambda r: r.select(THING, ("name",), order=[Order("name")]))
        down = store.read(lambda r: r.select(THING, ("name",), order=[Order("name", descending=True)]))
        assert [name for (name,) in up] == [None, *known]
        assert [name for (name,) in down] == [*reversed(known), None]

    def test_orders_combine_and_pages_cut_them(self, store: Store) -> None:
        values = [("a", 1), ("b", None), ("c", 2), ("d", 1), ("e", None)]
        store.write(lambda tx: tx.insert(THING, ("id", "size"), values))
        order = [Order("size", descending=True), Order("id", descending=True)]
        whole = store.read(lambda r: r.select(THING, ("id",), order=order))
        assert [key for (key,) in whole] == ["c", "d", "a", "e", "b"]
        for limit, offset in [(2, 0), (2, 2), (2, 4), (0, 0), (None, 3), (9, 9)]:
            page = store.read(lambda r, n=limit, o=offset: r.select(THING, ("id",), order=order, limit=n, offset=o))
            assert page == whole[offset:][:limit]

    def test_counts_come_per_group_in_group_order(self, store: Store) -> None:
        values = [("a", 1, True), ("b", 1, False), ("c", None, True), ("d", 1, True)]
        store.write(lambda tx: tx.insert(THING, ("id", "size", "ready"), values))
        assert store.read(lambda r: r.count(THING, is_("size", "==", 1))) == [(3,)]
        groups = store.read(lambda r: r.count(THING, by=("size", "ready")))
        assert groups == [(None, True, 1), (1, False, 1), (1, True, 2)]
        assert store.read(lambda r: r.count(THING, is_("size", ">", 5), by=("size",))) == []

    def test_counts_bring_sums_of_the_numbers_that_are_there(self, store: Store) -> None:
        values = [("a", "x", 1, 0.5), ("b", "x", 2, None), ("c", None, None, None)]
        store.write(lambda tx: tx.insert(THING, ("id", "name", "size", "weight"), values))
        assert store.read(lambda r: r.count(THING, sums=("weight", "size"))) == [(3, 0.5, 3.0)]
        groups = store.read(lambda r: r.count(THING, by=("name",), sums=("weight",)))
        assert groups == [(None, 1, None), ("x", 2, 0.5)]

    def test_claim_takes_the_first_rows_in_order(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "size"), [("a", 3), ("b", 1), ("c", None), ("d", 2)]))
        due = is_("size", "<=", 3)
        taken = store.write(lambda tx: tx.claim(THING, ("id",), due, order=[Order("size")], limit=2))
        assert taken == [("b",), ("d",)]

    def test_long_and_deep_conditions_are_no_trouble(self, store: Store) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "size"), [("a", 3)]))
        many = Any_(tuple(is_("size", "==", number) for number in range(5_000)))
        deep: Condition = is_("size", "==", 3)
        for _ in range(98):
            deep = Not(deep)
        assert store.read(lambda r: r.select(THING, ("id",), All((many, deep)))) == [("a",)]

    @pytest.mark.parametrize(
        "condition", [Changed(Field("name")), Not(Was(Field("name"), "==", 1)), All((Increased(Field("size")),))]
    )
    def test_a_search_for_changes_is_refused(self, store: Store, condition: Condition) -> None:
        with pytest.raises(ExpressionError) as caught:
            store.read(lambda r: r.select(THING, where=condition))
        assert caught.value.code == "condition.not_searchable"

    def test_values_in_conditions_are_never_read_as_sql(self, store: Store) -> None:
        hostile = ["' OR 1=1 --", '"; DROP TABLE thing', "%", "_", json.dumps(["x"]), "?1", "{{x}}"]
        store.write(lambda tx: tx.insert(THING, ("id", "name"), [("safe", "safe")]))
        for text in hostile:
            for operator in ("==", "contains", "starts_with", "ends_with", "<"):
                store.read(lambda r, o=operator, t=text: r.select(THING, where=is_("name", o, t)))
            assert store.read(lambda r, t=text: r.count(THING, is_("name", "contains", t))) == [(0,)]
        assert store.read(lambda r: r.count(THING)) == [(1,)]
