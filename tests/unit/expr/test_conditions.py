"""Conditions hold, fire and explain themselves as the semantics say: unknown is false, edges fire once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from towpath.expr import compile_condition, compile_trigger, explain, fires, match, parse_condition
from towpath.model.condition import NEVER, Comparison, Field, bind, fields_of

RECORD = {
    "score": 50,
    "status": "New",
    "name": "Anna",
    "email": None,
    "tags": ["hot", "web"],
    "active": True,
    "closed": False,
    "zero": 0,
    "blank": "",
    "limit": 40,
    "day": "2024-05-01",
    "account": {"name": "Acme", "size": 12},
}

TRUE = [
    "score > 49",
    "score >= 50",
    "score < 50.5",
    "score <= 50",
    "score == 50.0",
    "score != 51",
    "score > limit",
    "50 == score",
    'status == "New"',
    'status != "new"',
    'status in ["Old", "New"]',
    'status not in ["Old"]',
    'name contains "nn"',
    'name not contains "x"',
    'name starts with "A"',
    'name ends with "a"',
    'tags contains "hot"',
    'tags not contains "cold"',
    'tags == ["hot", "web"]',
    "score between 50 and 60",
    "score between [40, 50]",
    'day between "2024-01-01" and "2024-12-31"',
    'day > "2024-04-30"',
    "email is empty",
    "blank is empty",
    "missing is empty",
    "zero is not empty",
    "closed is not empty",
    "email == null",
    "status != null",
    "missing == null",
    "active",
    "not closed",
    "not missing",
    'account.name == "Acme" and account.size > 10',
    "true",
    "not false",
    'email in [null, "x"]',
    '!(score < 1) && (closed || status === "New")',
]

FALSE = [
    "score > 50",
    'status == "new"',
    'score == "50"',
    "active == 1",
    "status > 5",
    'email == "x"',
    'email != "x"',
    'email not in ["x"]',
    "missing > 0",
    "missing < 0",
    "email == missing",
    'email not contains "x"',
    "email != null",
    "status == null",
    "status is empty",
    "zero == false",
    "account.name.first == null and false",
    "score contains 5",
    "score between 51 and 60",
    "score between missing and 60",
    "changed(score)",
    "was(score) == 50",
    "increased(score)",
]


@pytest.mark.parametrize("text", TRUE)
def test_this_holds_of_the_record(text: str) -> None:
    assert compile_condition(parse_condition(text))(RECORD, None) is True


@pytest.mark.parametrize("text", FALSE)
def test_this_does_not_hold_of_the_record(text: str) -> None:
    assert compile_condition(parse_condition(text))(RECORD, None) is False


def test_a_comparison_with_unknown_is_false_and_so_its_negation_is_true() -> None:
    assert match(parse_condition("score > 5"), [{}, {"score": None}, {"score": 6}]) == [False, False, True]
    assert match(parse_condition("not (score > 5)"), [{}, {"score": None}, {"score": 6}]) == [True, True, False]


def test_a_flattened_row_carries_a_path_as_one_name() -> None:
    assert match(parse_condition('account.name == "Acme"'), [{"account.name": "Acme"}]) == [True]


@pytest.mark.parametrize(
    ("text", "old", "new", "holds"),
    [
        ("changed(status)", {"status": "A"}, {"status": "B"}, True),
        ("changed(status)", {"status": "A"}, {"status": "A"}, False),
        ("changed(status)", {}, {"status": None}, False),
        ("changed(status)", {"status": None}, {"status": "A"}, True),
        ("changed(score)", {"score": 1}, {"score": 1.0}, False),
        ("changed(score)", {"score": 1}, {"score": True}, True),
        ('was(status) == "A" and status == "B"', {"status": "A"}, {"status": "B"}, True),
        ("was(score) < score", {"score": 1}, {"score": 2}, True),
        ("was(status) is empty", {}, {"status": "B"}, True),
        ("increased(score)", {"score": 1}, {"score": 2}, True),
        ("increased(score)", {"score": None}, {"score": 2}, False),
        ("decreased(score)", {"score": 3}, {"score": 2}, True),
        ("decreased(score)", {"score": 2}, {"score": 2}, False),
        ("increased(score)", {"score": "1"}, {"score": 2}, False),
    ],
)
def test_what_changed_is_seen_against_the_old_record(
    text: str, old: Mapping[str, Any], new: Mapping[str, Any], holds: bool
) -> None:
    assert compile_condition(parse_condition(text))(new, old) is holds


BEFORE_AND_AFTER = [(False, False), (False, True), (True, False), (True, True)]


@pytest.mark.parametrize(("before", "after"), BEFORE_AND_AFTER)
def test_level_fires_whenever_the_record_meets_the_condition(before: bool, after: bool) -> None:
    assert fires(parse_condition("met"), "level", {"met": after}, {"met": before}, False) is after


@pytest.mark.parametrize(("before", "after"), BEFORE_AND_AFTER)
def test_edge_fires_only_when_false_became_true(before: bool, after: bool) -> None:
    assert fires(parse_condition("met"), "edge", {"met": after}, {"met": before}, False) is (after and not before)


@pytest.mark.parametrize("mode", ["level", "edge"])
def test_a_new_record_fires_when_it_meets_the_condition(mode: Any) -> None:
    condition = parse_condition("score > 5")
    assert fires(condition, mode, {"score": 6}, None, True)
    assert not fires(condition, mode, {"score": 5}, None, True)


def test_null_becoming_true_fires() -> None:
    assert fires(parse_condition("score > 5"), "edge", {"score": 6}, {"score": None}, False)


def test_or_with_one_part_already_true_does_not_fire() -> None:
    condition, old, new = parse_condition("a or b"), {"a": True, "b": False}, {"a": True, "b": True}
    assert not fires(condition, "edge", new, old, False)


def test_per_clause_cures_the_or_pitfall() -> None:
    condition, old, new = parse_condition("a or b"), {"a": True, "b": False}, {"a": True, "b": True}
    assert fires(condition, "edge", new, old, False, per_clause=True)
    assert not fires(condition, "edge", new, new, False, per_clause=True)


def test_true_false_true_within_one_transaction_does_not_fire() -> None:
    start, end = {"score": 9}, {"score": 8}  # the middle state is never seen: old is the value at transaction start
    assert not fires(parse_condition("score > 5"), "edge", end, start, False)


def test_a_change_fires_at_each_change_in_edge_mode() -> None:
    trigger = compile_trigger(parse_condition("changed(status)"), "edge")
    assert trigger({"status": "B"}, {"status": "A"}, False)
    assert trigger({"status": "C"}, {"status": "B"}, False)
    assert not trigger({"status": "C"}, {"status": "C"}, False)


def test_an_explanation_names_every_leaf_with_the_value_that_it_saw() -> None:
    condition = parse_condition('score > 50 and (status == "New" or not changed(name))')
    said = explain(condition, {"score": 40, "status": "New", "name": "B"}, {"name": "A"})
    assert [(leaf.text, leaf.holds, leaf.value) for leaf in said] == [
        ("score > 50", False, 40),
        ('status == "New"', True, "New"),
        ("changed(name)", True, {"old": "A", "new": "B"}),
    ]


def test_the_fields_of_a_condition_are_all_that_it_reads() -> None:
    condition = parse_condition('a == b and not (c in [d, "x"] or was(e) > f) and changed(g.h)')
    assert fields_of(condition) == {"a", "b", "c", "d", "e", "f", "g.h"}


def test_binding_fills_in_templates() -> None:
    condition = parse_condition('id == "{{ $json.id }}" and status in ["A", "{{ x }}"]')
    bound = bind(condition, lambda value: 7 if value == "{{ $json.id }}" else "B" if value == "{{ x }}" else value)
    assert bound == parse_condition('id == 7 and status in ["A", "B"]')


def test_a_template_that_is_null_matches_nothing_instead_of_all_records_without_a_value() -> None:
    condition = bind(parse_condition('email == "{{ $json.email }}"'), lambda _: None)
    assert condition == NEVER
    assert match(condition, [{"email": None}]) == [False]
    assert bind(Comparison(Field("email"), "==", None), lambda _: None) == Comparison(Field("email"), "==", None)


def test_binding_can_give_a_whole_list() -> None:
    assert bind(parse_condition('a in "{{ list }}"'), lambda _: [1, 2]) == parse_condition("a in [1, 2]")
