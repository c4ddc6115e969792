"""Names that no evaluator has are told before anything runs."""

from __future__ import annotations

import pytest

from towpath.expr import classify


@pytest.mark.parametrize(("text", "instead"), [
    ("={{ $fromAI('name') }}", "AI agent"),
    ("=Hi {{ `${fetch('http://a.example')}` }}", "HTTP request"),
    ("={{ process.env.PATH }}", "$env"),
    ("={{ $getWorkflowStaticData('global').seen }}", "Remove duplicates"),
    ("={{ [1].map(x => $secrets.vault.key) }}", "connection"),
    ("={{ true ? process : 1 }}", "$env"),
])  # fmt: skip
def test_it_is_said_what_to_do_instead(text: str, instead: str) -> None:
    found = classify(text)
    assert found.kind == "unavailable"
    assert instead in found.reason


@pytest.mark.parametrize("text", [
    "={{ $json.list.map(each => each.process) }}", "={{ [{process: 1, fetch: 2}].map(each => each?.fetch) }}",
    "={{ $json.list.map(each => 'fetch') }}",
])  # fmt: skip
def test_fields_that_are_called_like_them_are_fields(text: str) -> None:
    assert classify(text).kind == "sandbox"


def test_what_cannot_be_read_says_what_was_meant() -> None:
    assert classify("={{ $jsom.x }}").reason == "There is no $jsom in expressions. Did you mean '$json'?"
    assert classify("={{ 1 + }}").reason == "Expected a value, found the end."
