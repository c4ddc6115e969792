"""What node types say about their parameters before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from towpath.crm.catalogue import Catalogue
from towpath.engine.node import CheckContext
from towpath.model.problem import Problem
from towpath.nodes import BUILT_IN, registry

CATALOGUE = Catalogue()
CONTEXT = CheckContext("n1", CATALOGUE.find, CATALOGUE.names)


def problems(name: str, params: dict[str, Any]) -> list[Problem]:
    node_type = registry()[name]
    assert node_type.check is not None
    return list(node_type.check(node_type.params.model_validate(params), CONTEXT))


@pytest.mark.parametrize(
    ("name", "params", "code", "field", "hint"),
    [
        ("crm.create", {"object": "Leed", "fields": {}}, "unknown_object", "object", "Lead"),
        ("crm.create", {"object": "Lead", "fields": {"scor": "=1"}}, "unknown_field", "fields.scor", "score"),
        ("crm.create", {"object": "Lead", "fields": {"status": "Neu"}}, "unknown_choice", "fields.status", "New"),
        ("crm.create", {"object": "Lead", "fields": {"score": "much"}}, "wrong_type", "fields.score", ""),
        ("crm.update", {"object": "Lead", "fields": {"createdAt": "2026-01-01"}}, "read_only", "fields.createdAt", ""),
        ("crm.update", {"object": "Lead", "fields": {}, "search": 'emial == "x"'}, "unknown_field", "search", "email"),
        ("crm.upsert", {"object": "Lead", "key": "email", "fields": {"city": "A"}}, "missing_key", "fields", "email"),
        ("crm.find", {"object": "Deal", "where": "amont > 5"}, "unknown_field", "where", "amount"),
        ("crm.find", {"object": "Deal", "order": [{"field": "ammount"}]}, "unknown_field", "order", "amount"),
        ("crm.link", {"object": "Contact", "field": "email", "target": "x"}, "not_a_reference", "field", "accountId"),
        ("crm.convert", {"deal": {"nme": "x"}}, "unknown_field", "deal.nme", "name"),
        ("trigger.record", {"object": "Lead", "condition": "scor > 5"}, "unknown_field", "condition", "score"),
        ("trigger.record", {"object": "Lead", "condition": 'score > "high"'}, "wrong_type", "condition", "number"),
        ("trigger.record", {"object": "Lead", "condition": 'status == "Nwe"'}, "unknown_choice", "condition", "New"),
        ("crm.find", {"object": "Lead", "where": 'status in ["New", "Nwe"]'}, "unknown_choice", "where", "New"),
        ("crm.find", {"object": "Deal", "where": 'closeDate < "soon"'}, "wrong_type", "where", "2026"),
        ("trigger.record", {"object": "Lead", "on": []}, "never_starts", "on", "created"),
        ("trigger.date_field", {"object": "Deal", "field": "name"}, "not_a_date", "field", "closeDate"),
        ("trigger.schedule", {"cron": "0 9 * * *", "object": "Deel"}, "unknown_object", "object", "Deal"),
        ("trigger.manual", {"object": "Deel"}, "unknown_object", "object", "Deal"),
        ("wait.event", {"object": "Lead", "condition": "scor > 5"}, "unknown_field", "condition", "score"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_with_its_place_and_a_hint(
    name: str, params: dict[str, Any], code: str, field: str, hint: str
) -> None:
    (problem,) = problems(name, params)
    assert (problem.code, problem.node, problem.field) == (f"node.{code}", "n1", field)
    assert hint in (problem.hint or "")


@pytest.mark.parametrize("node_type", [t for t in BUILT_IN if t.check is not None], ids=lambda t: t.name)
def test_its_own_examples_have_no_problems(node_type: Any) -> None:
    for example in node_type.examples:
        assert not list(node_type.check(node_type.params.model_validate(example), CONTEXT))


def test_every_mistake_is_found_at_once() -> None:
    params = {"object": "Lead", "fields": {"a": 1, "status": "b"}, "search": "c == 1"}
    assert len(problems("crm.update", params)) == 3


@pytest.mark.parametrize(
    "condition",
    [
        'score > "50"',
        'status in ["New", null]',
        'createdAt > "2026-03-31"',
        'score > "{{ $json.limit }}"',
        'company contains "x"',
    ],
)
def test_values_that_a_field_can_have_are_not_told_of(condition: str) -> None:
    assert not problems("crm.find", {"object": "Lead", "where": condition})


def test_values_made_by_expressions_are_left_to_the_run() -> None:
    assert not problems("crm.create", {"object": "Lead", "fields": {"status": "{{ $json.status }}"}})
    assert not problems("crm.create", {"object": "Lead", "fields": "{{ $json }}"})


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("crm.update", {"object": "Lead", "fields": {}, "id": "x", "search": "a == 1"}),
        ("trigger.schedule", {"cron": "61 9 * * *"}),
        ("trigger.schedule", {"cron": "0 9 * * *", "where": "a == 1"}),
        ("trigger.webhook", {"path": "../admin"}),
        ("trigger.date_field", {"object": "Deal", "field": "closeDate", "offset": "soon"}),
        ("wait.duration", {"duration": "soon"}),
        ("wait.event", {}),
        ("wait.event", {"event": "x"}),
        ("wait.event", {"event": "x", "key": "1", "object": "Lead"}),
        ("wait.event", {"object": "Lead", "key": "1"}),
        ("notify.team", {"text": "Hello"}),
        ("people.task", {"subject": "Call", "asignee": "Ann"}),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        registry()[name].params.model_validate(params)
