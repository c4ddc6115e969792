"""Conditions go to JSON and back, and a wrong JSON form is refused with what to write instead."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.model.conditions import conditions
from towpath.errors import ExpressionError, TowpathError
from towpath.model.condition import (
    All,
    Any_,
    Changed,
    Comparison,
    Condition,
    Decreased,
    Field,
    Increased,
    Not,
    Was,
    condition_from_json,
    condition_to_json,
)


@given(conditions)
def test_a_condition_reads_back_from_its_json(condition: Condition) -> None:
    written = json.loads(json.dumps(condition_to_json(condition)))
    assert repr(condition_from_json(written)) == repr(condition)


@given(conditions)
def test_a_condition_can_be_a_key(condition: Condition) -> None:
    assert {condition: 1}[condition] == 1


def test_every_form_of_json_has_its_noun() -> None:
    score = Comparison(Field("score"), ">", 50)
    assert condition_from_json({"field": "score", "operator": ">", "value": 50}) == score
    assert condition_from_json({"all": [{"field": "score", "operator": ">", "value": 50}]}) == All((score,))
    assert condition_from_json([{"field": "score", "operator": ">", "value": 50}]) == All((score,))
    assert condition_from_json({"any": []}) == Any_(())
    assert condition_from_json({"not": {"changed": "a"}}) == Not(Changed(Field("a")))
    assert condition_from_json({"increased": "a"}) == Increased(Field("a"))
    assert condition_from_json({"decreased": "a"}) == Decreased(Field("a"))
    assert condition_from_json({"was": {"field": "a", "operator": "==", "value": 1}}) == Was(Field("a"), "==", 1)


def test_a_value_may_be_another_field() -> None:
    condition = condition_from_json({"field": "a", "operator": "<", "value": {"field": "b"}})
    assert condition == Comparison(Field("a"), "<", Field("b"))


def test_equality_is_meant_when_no_operator_is_given() -> None:
    assert condition_from_json({"field": "a", "value": 1}) == Comparison(Field("a"), "==", 1)
    assert condition_from_json({"field": "a", "operator": "=", "value": 1}) == Comparison(Field("a"), "==", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        5,
        "a == 1",
        None,
        {},
        {"all": {"field": "a"}},
        {"all": [], "any": []},
        {"not": 5},
        {"field": ""},
        {"field": "a..b"},
        {"field": 5},
        {"field": "a", "operator": "==", "valeu": 1},
        {"field": "a", "operator": "in", "value": 5},
        {"field": "a", "operator": "between", "value": [1, 2, 3]},
        {"field": "a", "operator": "is_empty", "value": 5},
        {"field": "a", "operator": "==", "value": float("nan")},
        {"field": "a", "operator": "==", "value": {"x": 1}},
        {"field": "a", "operator": "in", "value": [[1]]},
        {"was": "a"},
        {"left": [1], "operator": "==", "value": 1},
        {"changed": "a", "field": "b"},
    ],
)
def test_a_wrong_form_is_refused(wrong: object) -> None:
    with pytest.raises(ExpressionError) as caught:
        condition_from_json(wrong)
    assert caught.value.hint


def test_a_misspelt_operator_or_key_names_the_nearest() -> None:
    with pytest.raises(ExpressionError, match="starts_wiht") as operator:
        condition_from_json({"field": "a", "operator": "starts_wiht", "value": "x"})
    assert "starts_with" in (operator.value.hint or "")
    with pytest.raises(ExpressionError) as key:
        condition_from_json({"field": "a", "valeu": "x"})
    assert "value" in (key.value.hint or "")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["a", "==", "in", "x.y", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "left", "operator", "value", "was", "changed"]),
            inner,
            max_size=3,
        )
    ),
)


@given(_json)
def test_any_json_is_read_or_refused(value: object) -> None:
    refused: TowpathError | None = None
    try:
        condition_from_json(value)
    except TowpathError as error:
        refused = error
    assert refused is None or refused.hint


def test_hostile_nesting_is_refused() -> None:
    value: object = {"changed": "a"}
    for _ in range(500):
        value = {"not": [value]}
    with pytest.raises(ExpressionError, match="deeper than 100"):
        condition_from_json(value)
