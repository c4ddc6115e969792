"""Templates: what counts as one, how chunks become a value, what the names in scope are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.errors import ExpressionError
from towpath.expr import RunScope, Scope, compile_template, is_template

RUN = RunScope(
    record={"id": "L1", "status": "New"},
    old={"status": None},
    globals={"leadId": "L1"},
    nodes={"Get": [{"x": 1}, {"x": 2}], "One": [{"y": 9}], "None": []},
    input=[{"first": True}, {"middle": True}, {"last": True}],
    vars={"region": "EU"},
    now=datetime(2024, 5, 1, 13, 30, 15, 120_000, tzinfo=timezone(timedelta(hours=2))),
    id="R7",
    workflow={"id": "W1", "name": "Qualify"},
    run_index=3,
)
ITEM = {"name": "Anna", "age": 30, "tags": [1, 2], "deep": {"a": {"b": 5}}, "ratio": 2.0, "none": None}


def value_of(template: object, index: int = 1) -> Any:
    (value,) = compile_template(template).evaluate([Scope(ITEM, RUN, index)])
    return value


@pytest.mark.parametrize("text", ["=a", "={{ 1 }}", "{{ 1 }}", "a {{ 1 }} b", "\\{{ x }}", "=5"])
def test_this_is_a_template(text: str) -> None:
    assert is_template(text)
    assert is_template({"a": [{"b": text}]})


@pytest.mark.parametrize("value", ["", "a", "{{", "}} {{", "a = b", "=", "==", "===", None, 5, [], {"a": ["b"]}])
def test_this_is_not_a_template(value: object) -> None:
    assert not is_template(value)
    assert compile_template(value).kind == "literal"
    assert value_of(value) == value


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ $json.age }}", 30),
        ("={{ $json.age }}", 30),
        ("{{$json.tags}}", [1, 2]),
        ("{{ $json.none }}", None),
        (" {{7}}", " 7"),
        ("={{7}} ", "7 "),
        ("{{ 1 }}{{ 2 }}", "12"),
        ("a{{null}}b", "ab"),
        ("a{{ undefined }}b", "ab"),
        ("a{{[1,2]}}b", "a1,2b"),
        ("a{{{a:1}}}b", "a[object Object]b"),
        ("{{ {a:{b:1}} }}", {"a": {"b": 1}}),
        ("{{ {a:{b:1\\}} }}", {"a": {"b": 1}}),
        ("{{ '}}' }}", "}}"),
        ("{{ `}}${ {a: '}}'}.a }` }}", "}}}}"),
        ("=plain", "plain"),
        ("=\\{{ x }}", "{{ x }}"),
        ("\\{{ a }} {{ 1 }}", "{{ a }} 1"),
        ("Hi {{ $json.name }}, {{ $json.age + 1 }}!", "Hi Anna, 31!"),
        ("x{{ $json.missing.deep }}y", "xy"),
        ("{{foo.bar}}", None),
        ("{{ 0.5 + 0.5 }}", 1),
        ("{{ $json.ratio }}", 2),
        ("{{ -0 }}", 0),
        ("{{ 1 / 0 > 5 }}", True),
        ("{{ [1 / 0, undefined, -0] }}", [None, None, 0]),
        ("{{ {a: undefined, b: [{c: 0 / 0}]} }}", {"b": [{"c": None}]}),
        ("{{ '\\ud83d' }}", "\ufffd"),
        ("{{ '\\ud83d' }}{{ '\\ude00' }}", "😀"),
    ],
)
def test_a_template_gives_this(template: str, value: object) -> None:
    given = value_of(template)
    assert given == value
    assert type(given) is type(value)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ $record.status }}", "New"),
        ("{{ $old.status }}", None),
        ("{{ $global.leadId }}", "L1"),
        ("{{ $vars.region }}", "EU"),
        ("{{ $now }}", "2024-05-01T13:30:15.120+02:00"),
        ("{{ $today }}", "2024-05-01T00:00:00.000+02:00"),
        ("on {{ $now }}", "on 2024-05-01T13:30:15.120+02:00"),
        ("{{ `${$today}` }}", "2024-05-01T00:00:00.000+02:00"),
        ("{{ $json.none ?? $today }}", "2024-05-01T00:00:00.000+02:00"),
        ("{{ $runIndex }}", 3),
        ("{{ $itemIndex }}", 1),
        ("{{ $workflow.name }} {{ $workflow.id }}", "Qualify W1"),
        ("{{ $execution.id + $run.id }}", "R7R7"),
        ("{{ $input.item.json.name }}", "Anna"),
        ("{{ $item.json.name }}", "Anna"),
        ("{{ $input.first().json.first }}", True),
        ("{{ $input.last().json.last }}", True),
        ("{{ $input.all().length }}", 3),
        ("{{ $input.all()[1].json.middle }}", True),
        ("{{ $('Get').item.json.x }}", 2),
        ("{{ $('Get').first().json.x }}", 1),
        ("{{ $('Get').last().json.x }}", 2),
        ("{{ $('Get').all()[1] }}", {"json": {"x": 2}, "pairedItem": {"item": 1}}),
        ("{{ $('Get').first() }}", {"json": {"x": 1}}),
        ("{{ $('One').item.json.y }}", 9),
        ('{{ $node["Get"].json.x }}', 2),
        ("{{ $node.Get.json['x'] }}", 2),
        ("{{ $('None').first().json.x }}", None),
        ("{{ $('None').first()?.json.x ?? 'none' }}", "none"),
        ("{{ $('Never').isExecuted }}", False),
        ("{{ $if($('Never').isExecuted, $('Never').item.json.x, 5) }}", 5),
        ("{{ $if($json.age > 18, 'adult', 'child') }}", "adult"),
    ],
)
def test_a_name_in_scope_gives_this(template: str, value: object) -> None:
    assert value_of(template) == value


def test_names_without_a_value_yet_are_undefined() -> None:
    bare = Scope(None, RunScope())
    for name in ("$json.a", "$record.a", "$old.a", "$global.a", "$vars.a", "$now", "$workflow.name", "$run.id"):
        assert compile_template(f"{{{{ {name} }}}}").evaluate([bare]) == [None]
    assert compile_template("{{ $input.first().json }}").evaluate([Scope(5, RunScope())]) == [5]


def test_a_template_says_what_it_reads() -> None:
    template = compile_template(
        {"a": "{{ $json.x + $vars.y }}", "b": ["{{ $('Get').item.json.x + $node['One'].json }}"]}
    )
    assert template.names == {"$json", "$vars", "$", "$node"}
    assert template.node_refs == {"Get", "One"}


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("a", "literal"),
        ("=a", "literal"),
        ("{{ $json.a.b[0] }}", "path"),
        ("{{ $record }}", "path"),
        ("{{ $json?.a }}", "native"),
        ("{{ $json.a }} ", "native"),
        ({"a": 1}, "literal"),
        ({"a": "{{ $json.a }}"}, "native"),
    ],
)
def test_a_template_knows_its_kind(template: object, kind: str) -> None:
    assert compile_template(template).kind == kind


def test_templates_inside_data_are_evaluated_in_place_and_the_rest_is_kept() -> None:
    template = {"z": 1, "a": "{{ $json.age }}", "list": ["x", "={{ $json.name }}"], "in": {"b": {"c": "n {{ 1 }}"}}}
    expected = {"z": 1, "a": 30, "list": ["x", "Anna"], "in": {"b": {"c": "n 1"}}}
    assert value_of(template) == expected
    assert list(value_of(template)) == list(template)


def test_operators_of_conditions_are_not_expressions() -> None:
    search = {"search": [{"field": "id", "value": "{{ $global.leadId }}", "operator": "=="}]}
    assert value_of(search) == {"search": [{"field": "id", "value": "L1", "operator": "=="}]}


def test_a_batch_gives_one_value_per_scope_in_order() -> None:
    scopes = [Scope({"n": n}, RUN, n) for n in range(5)]
    assert compile_template("{{ $json.n * 2 }}").evaluate(scopes) == [0, 2, 4, 6, 8]
    assert compile_template("x").evaluate(scopes) == ["x"] * 5
    assert compile_template("x").evaluate([]) == []


def test_one_item_that_fails_leaves_the_others_alone() -> None:
    scopes = [Scope({"a": {"b": 1}}, RUN), Scope({}, RUN), Scope(None, RUN), Scope({"a": {"b": 2}}, RUN)]
    assert compile_template("{{ $json.a.b }}").evaluate(scopes) == [1, None, None, 2]
    assert compile_template("{{ $json.a.b + 1 }}").evaluate(scopes) == [2, None, None, 3]


def test_a_source_is_what_was_written() -> None:
    assert compile_template("={{ 1 }}").source == "={{ 1 }}"
    assert compile_template({"a": "{{ 1 }}"}).source == '{"a": "{{ 1 }}"}'


def test_data_nested_without_end_is_refused() -> None:
    value: Any = "{{ 1 }}"
    for _ in range(200):
        value = [value]
    with pytest.raises(ExpressionError, match="deeper than 100"):
        compile_template(value)


@pytest.mark.parametrize(
    "source",
    [
        "'x'.repeat(1e9)",
        "'x'.padEnd(1e12)",
        "'xxxxxxxxxx'.repeat(1e6).replaceAll('', 'yyyyyyyyyyyyyyyyyyyy')",
        "'x'.repeat(1e6).replaceAll('x', '$`')",
        "'x'.repeat(1e6).split('').join('yyyyyyyyyyyyyyyy')",
        "'x'.repeat(1e7) + 'x'.repeat(1e7)",
    ],
)
def test_a_bomb_is_not_built(source: str) -> None:
    assert value_of(f"{{{{ {source} }}}}") is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("toString"), inner, max_size=3),
)
_templates = [
    "{{ $json.a.b + $json.a }}",
    "a {{ $json.a }} {{ $json }}",
    "{{ $json.a < $json.b }}",
    "{{ $json.a == $json.b }}",
    "{{ JSON.stringify($json) }}",
    "{{ Object.keys($json).join() }}",
    "{{ $json.a.toFixed($json.b) }}",
    "{{ $json.a.slice($json.b, $json.b).split($json.b) }}",
    "{{ $json.a * $json.b / $json.a % $json.b ** $json.a - $json.b }}",
    "{{ Math.round($json.a) + parseInt($json.b) + Number($json.a) }}",
    "{{ $json.a.replaceAll($json.b, $json.b).padEnd($json.b, $json.a) }}",
]


@pytest.mark.parametrize("template", _templates)
@given(item=st.fixed_dictionaries({"a": _json, "b": _json}) | _json)
def test_evaluation_never_raises(template: str, item: object) -> None:
    compile_template(template).evaluate([Scope(item, RunScope())])


def test_data_nested_without_end_does_no_harm() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    scope = Scope({"a": deep}, RUN)
    assert compile_template("{{ $json.a.join() }}").evaluate([scope]) == [None]
    assert compile_template("{{ JSON.stringify($json) }}").evaluate([scope]) == [None]
    assert compile_template("x{{ $json.a }}y").evaluate([scope]) == ["xy"]
