"""The written form of conditions reads back to the same condition, and mistakes are shown where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.model.conditions import conditions
from towpath.errors import ExpressionError, TowpathError
from towpath.expr import compile_condition, condition_to_text, explain, parse_condition
from towpath.model.condition import All, Any_, Comparison, Condition, Field, Not, Was


@given(conditions)
def test_a_condition_reads_back_from_its_text(condition: Condition) -> None:
    assert repr(parse_condition(condition_to_text(condition))) == repr(condition)


@given(conditions, st.dictionaries(st.sampled_from("abc"), st.none() | st.integers() | st.text() | st.booleans()))
def test_evaluation_never_raises(condition: Condition, row: dict[str, object]) -> None:
    assert compile_condition(condition)(row, row) in (True, False)
    assert compile_condition(Not(condition))(row, None) is not compile_condition(condition)(row, None)
    explain(condition, row, row)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    refused: TowpathError | None = None
    try:
        parse_condition(text)
    except TowpathError as error:
        refused = error
    assert refused is None or refused.where.line


_WORDS = ["a", "==", '"x"', "(", ")", "and", "or", "not", "in", "[", "]", "was", "between", "1"]


@given(st.lists(st.sampled_from(_WORDS)))
def test_any_row_of_words_is_read_or_refused(words: list[str]) -> None:
    try:
        condition = parse_condition(" ".join(words))
    except TowpathError:
        return
    assert parse_condition(condition_to_text(condition)) == condition


def test_not_binds_tighter_than_and_which_binds_tighter_than_or() -> None:
    a, b, c = (Comparison(Field(name), "==", True) for name in "abc")
    assert parse_condition("not a and b or c") == Any_((All((Not(a), b)), c))
    assert parse_condition("a and (b or c)") == All((a, Any_((b, c))))


def test_between_keeps_its_own_and() -> None:
    low_high = Comparison(Field("a"), "between", (1, 5))
    assert parse_condition("a between 1 and 5 and b") == All((low_high, Comparison(Field("b"), "==", True)))


def test_words_may_be_written_in_capitals_and_single_quotes() -> None:
    assert parse_condition("a IS NOT EMPTY AND b == 'it\\'s'") == parse_condition('a is not empty and b == "it\'s"')


def test_a_field_with_an_odd_name_stands_in_backquotes() -> None:
    assert parse_condition("`first name` == 1") == Comparison(Field("first name"), "==", 1)
    assert parse_condition("account.`or` == 1") == Comparison(Field("account.or"), "==", 1)
    assert condition_to_text(Comparison(Field("in"), "==", 1)) == "`in` == 1"


def test_a_field_may_have_a_name_in_any_script() -> None:
    assert parse_condition('状态 == "新"') == Comparison(Field("状态"), "==", "新")


def test_was_takes_any_operator() -> None:
    assert parse_condition('was(a) in ["x"]') == Was(Field("a"), "in", ("x",))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("score >", 8),
        ("score > 5 and", 14),
        ("(a", 3),
        ("a ~ 5", 3),
        ("a in 5", 3),
        ("changed(5)", 9),
        ('a == "x', 6),
        ("a == 5 6", 8),
        ("5", 2),
        ("", 1),
        ("a not 5", 7),
        ("a is 5", 6),
        ("a between [1]", 3),
    ],
)
def test_a_mistake_is_shown_where_it_is(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition(text)
    assert caught.value.code == "condition.syntax"
    assert (caught.value.where.line, caught.value.where.column) == (1, column)
    assert "^" in (caught.value.hint or "")


def test_a_mistake_on_a_later_line_names_that_line() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition("a == 1\nand b ==")
    assert caught.value.where.line == 2


@pytest.mark.parametrize("text", ["(" * 5000 + "a", "not " * 5000 + "a", "!" * 5000 + "a", "all(" * 5000 + "a"])
def test_hostile_nesting_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="deeper than 100"):
        parse_condition(text)


def test_a_very_long_condition_is_refused() -> None:
    with pytest.raises(ExpressionError, match="longer than"):
        parse_condition("a == 1 or " * 10_000 + "b")
