"""A parameter that divides by zero is an error for its item; a missing value and a joined text are not."""

from __future__ import annotations

import pytest

from towpath.errors import NodeError
from towpath.expr import RunScope, Scope, compile_template


def _value(template: object, item: dict[str, object]) -> object:
    (value,) = compile_template(template).evaluate([Scope(item, RunScope())])
    return value


@pytest.mark.parametrize(
    "template",
    ["{{ 1 / 0 }}", "{{ -1 / 0 }}", "{{ 0 / 0 }}", "{{ $json.a / $json.zero }}", "{{ $json.zero / $json.zero }}"],
)
def test_a_division_by_zero_is_an_error(template: str) -> None:
    error = _value(template, {"a": 1, "zero": 0})
    assert isinstance(error, NodeError)
    assert error.code == "expression.not_finite"
    assert template in error.message
    assert error.hint


def test_an_error_inside_an_object_is_the_error_of_the_whole_value() -> None:
    error = _value({"good": "{{ $json.a }}", "bad": ["{{ $json.a / 0 }}"]}, {"a": 1})
    assert isinstance(error, NodeError)


def test_a_missing_field_gives_null_as_before() -> None:
    assert _value("{{ $json.nothing / $json.neither }}", {}) is None
    assert _value("{{ $json.nothing * 2 }}", {}) is None
    assert _value("{{ 'abc' / 0 }}", {}) is None


def test_a_division_that_is_asked_about_first_is_no_error() -> None:
    assert _value("{{ $json.zero ? 1 / $json.zero : 5 }}", {"zero": 0}) == 5
    assert _value("{{ 1 / $json.zero > 3 }}", {"zero": 0}) is True
    assert _value("{{ (0 / $json.zero) || 7 }}", {"zero": 0}) == 7


def test_a_text_around_the_expression_prints_what_javascript_prints() -> None:
    assert _value("rate {{ 1 / 0 }}, {{ 0 / 0 }}", {}) == "rate Infinity, NaN"


def test_only_the_item_that_divides_by_zero_is_hit_and_its_scope_can_be_used_again() -> None:
    scopes = [Scope({"n": n}, RunScope(), n) for n in range(3)]
    first, second, third = compile_template("{{ 6 / $json.n }}").evaluate(scopes)
    assert isinstance(first, NodeError)
    assert (second, third) == (6, 3)
    assert compile_template("{{ $json.n + 1 }}").evaluate(scopes) == [1, 2, 3]
