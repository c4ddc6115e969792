"""Conditions as parameters: any written form, bound to each item, never wider than they were written."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from towpath.engine.conditions import WrittenCondition
from towpath.engine.params import Dynamic, NodeParams, dynamics
from towpath.errors import ExpressionError
from towpath.expr import RunScope, Scope, match
from towpath.model.condition import NEVER


class Holder(NodeParams):
    """A model with a condition."""

    where: WrittenCondition


def bound(source: Any, item: dict[str, Any], record: dict[str, Any]) -> bool:
    (condition,) = WrittenCondition(source).bound([Scope(item, RunScope(), 0)])
    return match(condition, [record])[0]


@pytest.mark.parametrize(
    "source",
    [
        'city == "{{ $json.city }}"',
        {"field": "city", "value": "{{ $json.city }}"},
        [{"field": "city", "operator": "===", "value": "{{ $json.city }}"}],
    ],
)
def test_all_forms_bind_the_items_value(source: Any) -> None:
    assert bound(source, {"city": "Rome"}, {"city": "Rome"})
    assert not bound(source, {"city": "Oslo"}, {"city": "Rome"})


@pytest.mark.parametrize("item", [{}, {"city": None}, {"city": {"a": 1}}])
def test_a_value_that_is_missing_or_odd_finds_nothing(item: dict[str, Any]) -> None:
    assert not bound({"field": "city", "value": "{{ $json.city }}"}, item, {"city": None})


def test_a_list_from_an_expression_serves_in() -> None:
    source = {"field": "city", "operator": "in", "value": "{{ $json.cities }}"}
    assert bound(source, {"cities": ["Rome", "Oslo"]}, {"city": "Oslo"})


def test_an_expression_that_breaks_a_comparison_makes_it_false() -> None:
    (condition,) = WrittenCondition({"field": "a", "value": "{{ $json.x }}"}).bound(
        [Scope({"x": [[1]]}, RunScope(), 0)]
    )
    assert condition == NEVER


@pytest.mark.parametrize(
    ("source", "equality"),
    [('a == "x"', ("a", "x")), ([{"field": "a", "value": 5}], ("a", 5)), ('a != "x"', None), ("a == null", None),
     ('a == "x" and b == "y"', None), ([], None)],
)  # fmt: skip
def test_a_plain_equality_is_recognised(source: Any, equality: Any) -> None:
    assert WrittenCondition(source).equality == equality


def test_an_equality_with_an_expression_gives_the_expression() -> None:
    equality = WrittenCondition('a == "{{ $json.x }}"').equality
    assert equality is not None
    assert isinstance(equality[1], Dynamic)


def test_its_expressions_are_found_among_the_parameters() -> None:
    ((path, value),) = dynamics(Holder.model_validate({"where": "a == \"{{ $('Start').item.json.x }}\""}))
    assert path.startswith("where")
    assert value.template is not None
    assert value.template.node_refs == {"Start"}


def test_a_mistake_names_the_parameter() -> None:
    with pytest.raises(ExpressionError) as caught:
        Holder.model_validate({"where": "a >"})
    assert caught.value.where.field == "where"


def test_it_is_written_back_as_it_was_and_described_by_a_schema() -> None:
    for source in ("a > 5", {"field": "a"}, [{"field": "a", "operator": ">", "value": 1}]):
        assert Holder.model_validate({"where": source}).model_dump(mode="json") == {"where": source}
    assert issubclass(Holder, BaseModel)
    assert Holder.model_json_schema()["properties"]["where"]["x-condition"] is True
