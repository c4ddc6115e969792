"""The OpenAPI document is whole, has examples, and is the one in the repository."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from towpath.api.app import create_app, routes_of
from towpath.api.door import GuardedPlain, GuardedRoute
from towpath.api.settings import Settings
from towpath.app import open_platform

STORED = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_document()


def make_document() -> dict[str, Any]:
    platform = open_platform(memory=True)
    try:
        return create_app(platform, Settings()).openapi()
    finally:
        platform.close()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_the_document_in_the_repository_is_the_one_of_the_code(document: dict[str, Any]) -> None:
    """Make it again with: python -m tests.unit.api.test_openapi."""
    assert json.loads(STORED.read_text(encoding="utf-8")) == document


def test_every_route_is_described(document: dict[str, Any]) -> None:
    platform = open_platform(memory=True)
    routes = [r for r in routes_of(create_app(platform, Settings())) if isinstance(r, GuardedRoute | GuardedPlain)]
    platform.close()
    asked = {
        f"{method.lower()} {route.path.replace(':path', '')}" for route in routes for method in route.methods or ()
    }
    assert asked - {name for name, _ in operations(document)} == {"get /openapi.json"}


def test_every_operation_says_what_it_does_and_who_may_use_it(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    for name, operation in operations(document):
        assert operation["summary"], name
        assert (operation["security"] == []) != ("x-permission" in operation), name


def test_every_failure_is_a_problem_document(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (name, status)


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = content["schema"]
        names = [part.get("$ref", "") for part in (schema, *schema.get("anyOf", ()))]
        referred = [schemas[ref.rpartition("/")[2]] for ref in names if ref]
        assert any("examples" in part or "example" in part for part in (content, schema, *referred)), name


def test_every_schema_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    """Of two shapes of one name the framework writes both with their modules' names, which no client wants to read."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


if __name__ == "__main__":
    STORED.write_text(json.dumps(make_document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
