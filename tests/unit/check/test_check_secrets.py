"""What check takes for a secret in plain text, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.check.catalogue import START, node, problems

# Put together here, so that no scanner takes this file for a leak.
AWS = "AKIA" + "ABCDEFGHIJKLMNOP"
GITHUB = "ghp_" + "a1B2" * 9
RANDOM = "q7Zt9LmX2vKp4RwYc8NdS5hJf3GbTe6U"

SECRETS = [
    {"x": AWS},
    {"x": f"key {GITHUB} there"},
    {"text": "-----BEGIN RSA PRIVATE KEY-----\nabc"},
    {"x": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"},
    {"headers": {"Authorization": "Bearer abcdef0123456789abcdef"}},
    {"headers": [{"name": "X-Api-Key", "value": "a1b2c3d4e5f6a7b8c9d0"}]},
    {"x": "https://user:hunter22@example.com/"},
    {"password": "hunter2"},
    {"deep": [{"dbPassword": "correct horse"}]},
    {"client_secret": "a1b2c3d4e5f6a7b8c9d0"},
    {"x": "={{ 'Bearer abcdef0123456789abcdef' }}"},
]
HARMLESS = [
    {"password": "{{ $vars.password }}"},
    {"password": "********"},
    {"password": "<your password>"},
    {"headers": {"Authorization": "Bearer {{ $vars.token }}"}},
    {"secret": "webhook-secret"},
    {"tokens": "one two three four five"},
    {"id": "01JDX3V5T8QZ7Y2M4K6N9P1R3S"},
    {"hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    {"url": "https://example.com/a/long/path/with/many/parts/and/numbers/123456"},
    {"x": "a sentence about a password that is long enough to be looked at"},
    {"count": 5, "flag": True, "none": None},
]


def secrets(fields: dict[str, Any]) -> list[tuple[str, str]]:
    found = problems({"a": START, "b": node("write", object="Lead", fields={"email": fields})}, ["a>b"])
    return [(problem.code, problem.severity) for problem in found]


@pytest.mark.parametrize("fields", SECRETS)
def test_a_secret_in_plain_text_is_an_error_that_does_not_repeat_it(fields: dict[str, Any]) -> None:
    assert secrets(fields) == [("workflow.secret", "error")]
    found = problems({"a": START, "b": node("write", object="Lead", fields={"email": fields})}, ["a>b"])
    assert "connection" in (found[0].hint or "")
    assert not any(secret in str(found[0]) for secret in (AWS, GITHUB, "hunter2", "abcdef0123"))


@pytest.mark.parametrize("fields", HARMLESS)
def test_what_only_talks_about_secrets_is_fine(fields: dict[str, Any]) -> None:
    assert secrets(fields) == []


def test_a_random_looking_text_is_a_warning() -> None:
    assert secrets({"x": RANDOM}) == [("workflow.secret", "warning")]


def test_variables_are_looked_at_too() -> None:
    found = problems({"a": START}, settings={"variables": {"password": "hunter2"}})
    assert [(problem.code, problem.field) for problem in found] == [("workflow.secret", "settings.variables.password")]
