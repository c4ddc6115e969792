"""What an editor of expressions asks of the API: the value of one, and what could be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.api_server import Server
from towpath.expr.methods.extensions import EXTENSIONS

TRY, COMPLETE = "/api/expressions/try", "/api/expressions/completions"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("expressions")) as running:
        yield running


def tried(server: Server, expression: str, **more: Any) -> Any:
    return server.ok("POST", TRY, {"expression": expression, **more})


@pytest.mark.parametrize(
    ("expression", "value", "kind", "evaluator"),
    [
        ("plain", "plain", "string", "literal"),
        ("{{ $json.name }}", "Ann", "string", "path"),
        ("{{ $json.name.toUpperCase() }}", "ANN", "string", "native"),
        ("Hi {{ $json.name }}!", "Hi Ann!", "string", "native"),
        ("{{ $json.tags.map(tag => tag + 1) }}", [2, 3], "array", "sandbox"),
        ("{{ DateTime.fromISO('2024-01-02').plus({days: 1}) }}", "2024-01-03T00:00:00.000Z", "DateTime", "sandbox"),
        ("{{ $json.missing }}", None, "null", "path"),
    ],
)
def test_a_value_comes_with_its_type_and_who_gave_it(
    server: Server, expression: str, value: Any, kind: str, evaluator: str
) -> None:
    answer = tried(server, expression, item={"name": "Ann", "tags": [1, 2]})
    assert (answer["value"], answer["type"], answer["evaluator"]) == (value, kind, evaluator)
    assert 0 < answer["microseconds"] < 10_000_000
    assert bool(answer["reason"]) is (evaluator == "sandbox")
    assert answer["errors"] == []


def test_an_expression_sees_what_is_given_around_its_item(server: Server) -> None:
    around = {
        "record": {"name": "Acme"}, "vars": {"limit": 5}, "nodes": {"Find": [{"x": 1}, {"x": 2}]},
        "input": [{"n": 1}, {"n": 2}], "index": 1, "item": {"n": 2}, "timezone": "Asia/Shanghai",
    }  # fmt: skip
    text = "{{ $record.name + $vars.limit + $('Find').item.json.x + $input.first().json.n + $itemIndex }}"
    assert tried(server, text, **around)["value"] == "Acme5211"
    assert tried(server, "{{ $now.zoneName }}", **around)["value"] == "Asia/Shanghai"
    assert tried(server, "{{ Object.keys($env).length }}")["value"] == 0


def test_errors_of_javascript_are_told_beside_the_value(server: Server) -> None:
    answer = tried(server, "{{ [1].map(x => x.a.b) }}")
    assert answer["value"] is None
    assert "TypeError" in answer["errors"][0]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("{{ 1 + }}", "expression.syntax"),
        ("{{ $jsom.a }}", "expression.unknown_name"),
        ("{{ $('Find').item.json.x }}", "expression.node_not_run"),
        ("{{ 'x'.toInt() }}", "expression.failed"),
        ("{{ [1].map(x => 'x'.toInt()) }}", "expression.failed"),
        ("{{ 1 / 0 }}", "expression.not_finite"),
        ("{{ (() => { while (true) {} })() }}", "sandbox.time"),
        ("{{ fetch('http://a') }}", "sandbox.refused"),
    ],
)
def test_what_cannot_be_evaluated_is_a_problem_with_a_code(server: Server, expression: str, code: str) -> None:
    problem = server.fails(422, "POST", TRY, {"expression": expression})
    assert problem["code"] == code
    assert problem["message"]


def test_a_misspelt_surrounding_is_refused(server: Server) -> None:
    server.fails(422, "POST", TRY, {"expression": "1", "recrod": {}})


def test_completions_name_what_is_in_scope_in_both_languages(server: Server) -> None:
    answer = server.ok("POST", COMPLETE, {"nodes": ["Find it", "Ann's"]})
    names = {row["name"]: row for row in answer["names"]}
    assert {"$json", "$input", "$now", "$('Find it')", "$('Ann\\'s')", "DateTime"} <= set(names)
    assert names["$now"]["type"] == "DateTime"
    for row in [*answer["names"], *(row for rows in answer["methods"].values() for row in rows)]:
        assert row["help"]["en"]
        assert row["help"]["zh"] != row["help"]["en"]
    assert {kind: [row["name"] for row in rows] for kind, rows in answer["methods"].items()} == {
        kind: list(table) for kind, table in EXTENSIONS.items()
    }


def test_the_fields_of_an_object_are_offered_for_the_item_and_the_record(server: Server) -> None:
    fields = {row["name"]: row for row in server.ok("POST", COMPLETE, {"object": "Lead"})["fields"]}
    assert fields["$json.email"]["type"] == "string"
    assert fields["$record.status"]["choices"]
    assert fields["$record.email"]["field"] == "email"


def test_the_paths_into_an_item_are_offered(server: Server) -> None:
    item = {"a": {"b c": [1]}, "n": 1}
    rows = server.ok("POST", COMPLETE, {"item": item, "object": "Lead"})["fields"]
    assert [(row["name"], row["type"]) for row in rows[:3]] == [
        ("$json.a", "object"), ("$json.a['b c']", "array"), ("$json.n", "number"),
    ]  # fmt: skip
    assert rows[3]["name"].startswith("$record.")


def test_an_unknown_object_is_named(server: Server) -> None:
    assert "Lead" in server.fails(422, "POST", COMPLETE, {"object": "Laed"})["hint"]
