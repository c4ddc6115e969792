"""Mistakes in logic, HTTP and mail nodes that are found before anything runs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from towpath.engine.node import CheckContext
from towpath.errors import TowpathError
from towpath.nodes import registry

CONTEXT = CheckContext("n", lambda name: None, ())


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("logic.switch", {"cases": [{"label": "a", "when": "x == 1"}, {"label": "a", "when": "x == 2"}]}),
        ("logic.switch", {"cases": [{"label": "a"}]}),
        ("logic.switch", {"cases": [{"label": "a", "equals": 1}]}),
        ("logic.switch", {"value": "{{ $json.x }}", "cases": [{"label": "a", "when": "x == 1"}]}),
        ("logic.split", {"branches": ["a", "a"]}),
        ("logic.random_split", {"branches": [{"name": "a"}]}),
        ("logic.random_split", {"branches": [{"name": "a"}, {"name": "b", "share": 0}]}),
        ("logic.merge", {"mode": "key"}),
        ("logic.merge", {"keys": ["a"]}),
        ("logic.merge", {"mode": "key", "keys": [["a", "b", "c"]]}),
        ("logic.merge", {"mode": "choose", "choose": 3}),
        ("logic.loop", {"size": 0}),
        ("logic.if", {}),
        ("logic.if", {"condition": "score >"}),
        ("data.sort", {}),
        ("data.sort", {"by": [{"field": "a"}], "shuffle": True}),
        ("data.aggregate", {"mode": "fields"}),
        ("data.summarize", {"figures": [{"function": "sum"}]}),
        ("mail.send", {"to": "a@example.com", "subject": "s"}),
        ("http.request", {"url": "https://example.com", "ok": ["9xx"]}),
    ],
)
def test_parameters_that_make_no_sense_are_refused(name: str, params: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, TowpathError)):
        registry()[name].params.model_validate(params)


@pytest.mark.parametrize(
    ("name", "params", "code", "field"),
    [
        ("http.request", {"url": "example.com/leads"}, "node.url", "url"),
        ("http.request", {"url": "https://ann:pw@example.com"}, "node.url", "url"),
        ("http.request", {"url": "https://example.com", "body": {"a": 1}}, "node.body", "body"),
        ("mail.send", {"to": "ann", "subject": "s", "text": "t"}, "node.mail_address", "to"),
        ("mail.send", {"to": "a@example.com", "cc": ["b@"], "subject": "s", "text": "t"}, "node.mail_address", "cc"),
    ],
)
def test_values_that_are_written_out_are_checked(name: str, params: dict[str, Any], code: str, field: str) -> None:
    node_type = registry()[name]
    assert node_type.check is not None
    (problem,) = node_type.check(node_type.params.model_validate(params), CONTEXT)
    assert (problem.code, problem.node, problem.field) == (code, "n", field)
    assert problem.hint
