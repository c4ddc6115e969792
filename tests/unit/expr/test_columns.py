"""An expression evaluated for many items at once gives what it gives for each of them."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.expr.generated import DATA, expressions
from towpath.errors import TowpathError
from towpath.expr import RunScope, Scope, compile_template

FIELDS = ("a", "b", "c")
_values = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**53 - 1, -(2**53), 10**20, 0.5, -0.0, 0.0, 12.0, 1e21, math.inf, math.nan, True, None]),
    st.sampled_from(["", "a", "Ada", "10", "é", "\ud83d", "\ude00", " 7 "]),
    st.lists(st.integers(0, 2), max_size=2),
)
# As in a workflow: a field has values of one kind, mostly.
_columns = st.one_of(
    st.lists(st.integers(-5, 5), min_size=3, max_size=3),
    st.lists(st.integers(-5, 5).map(float), min_size=3, max_size=3),
    st.lists(st.sampled_from(["", "x", "Ada", "12"]), min_size=3, max_size=3),
    st.lists(_values, min_size=3, max_size=3),
)
_rows = st.tuples(*(_columns for _ in FIELDS)).map(
    lambda columns: [dict(zip(FIELDS, row, strict=True)) for row in zip(*columns, strict=True)]
)
_atoms = st.one_of(
    st.sampled_from([f"$json.{field}" for field in (*FIELDS, "missing")]),
    st.sampled_from(["1", "2", "0", "(-1)", "0.5", "' '", "'x'", "9007199254740992", "true", "null"]),
)
_operators = st.sampled_from(["+", "-", "*", "/", "%", "**", "===", "!==", "==", "!=", "<", "<=", ">", ">="])
_sums = st.recursive(
    _atoms,
    lambda inner: st.tuples(inner, _operators, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
    max_leaves=5,
)
_templates = st.one_of(
    _sums.map(lambda text: f"{{{{ {text} }}}}"),
    st.tuples(_sums, _sums).map(lambda two: f"a {{{{ {two[0]} }}}} b {{{{ {two[1]} }}}}"),
    st.lists(_sums, min_size=1, max_size=3).map(
        lambda texts: {"same": 1} | {f"k{number}": f"{{{{ {text} }}}}" for number, text in enumerate(texts)}
    ),
)


def one_by_one(value: Any, rows: list[Any]) -> list[Any]:
    return compile_template(value).evaluate([Scope(row, RunScope()) for row in rows])


def exactly(values: list[Any]) -> str:
    """The values with their kinds: 1, 1.0 and true are three of them."""
    assert not any(isinstance(value, TowpathError) for value in values)
    return json.dumps(values)


@given(value=_templates, rows=_rows)
def test_a_column_is_given_up_or_has_what_each_item_gives(value: Any, rows: list[Any]) -> None:
    column = compile_template(value).column
    assert column is not None
    found = column(rows)
    if found is not None:
        assert exactly(list(found)) == exactly(one_by_one(value, rows))


@given(source=expressions)
def test_whatever_else_is_written_is_no_column_or_means_the_same(source: str) -> None:
    template = compile_template(f"{{{{ {source} }}}}") if _is_valid(source) else None
    found = template.column([DATA, DATA]) if template is not None and template.column is not None else None
    if found is not None:
        assert exactly(list(found)) == exactly(one_by_one(f"{{{{ {source} }}}}", [DATA, DATA]))


def _is_valid(source: str) -> bool:
    try:
        compile_template(f"{{{{ {source} }}}}")
    except TowpathError:
        return False
    return True


@pytest.mark.parametrize(
    ("value", "rows", "expected"),
    [
        ("{{ $json.first + ' ' + $json.last }}", [{"first": "Ada", "last": "L"}], ["Ada L"]),
        ("{{ $json.score * 2 + 1 }}", [{"score": 5.0}, {"score": 7}], [11, 15]),
        ("{{ $json.score > 50 }}", [{"score": 5}, {"score": 51}], [False, True]),
        ("Hello {{ $json.name }}!", [{"name": "Ada"}, {"name": "Bo"}], ["Hello Ada!", "Hello Bo!"]),
        ({"n": "{{ $json.score }}", "k": 1}, [{"score": 5.0}, {}], [{"n": 5, "k": 1}, {"n": None, "k": 1}]),
    ],
)
def test_what_workflows_are_full_of_is_evaluated_by_column(value: Any, rows: list[Any], expected: list[Any]) -> None:
    column = compile_template(value).column
    assert column is not None
    assert column(rows) == expected


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ("{{ $json.a / $json.b }}", [{"a": 1, "b": 0}]),
        ("{{ $json.a + $json.b }}", [{"a": "x" * 6_000_000, "b": "x" * 6_000_000}]),
        ("{{ $json.a + 'x' }}{{ $json.a }}", [{"a": None}]),
    ],
)
def test_a_column_that_fails_anywhere_is_looked_at_item_by_item(value: Any, rows: list[Any]) -> None:
    column = compile_template(value).column
    assert column is not None
    assert column(rows) is None
