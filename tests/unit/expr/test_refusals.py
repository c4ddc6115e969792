"""What is not native is refused by name with what to write instead; what is wrong is shown where it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.errors import ExpressionError, TowpathError
from towpath.expr import classify, compile_template


def refusal(template: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_template(template)
    return caught.value


@pytest.mark.parametrize(
    ("source", "construct"),
    [
        ("[1].map(x => x)", "an arrow function"),
        ("[1].map((x, y) => x)", "arrow function|comma"),
        ("[1].map(() => 1)", "an arrow function"),
        ("/a/.test('a')", "a regular expression"),
        ("'a}}b'.match(/}}['\"]/)", "a regular expression"),
        ("new Date()", "'new'"),
        ("function () { }", "'function'"),
        ("[...$json.a]", "the spread operator"),
        ("$json.a = 1", "an assignment"),
        ("$json.a++", "an assignment"),
        ("1 & 2", "a bit operator"),
        ("1; 2", "a second statement"),
        ("(1, 2)", "the comma operator"),
        ("'a' in $json", "'in'"),
        ("10n", "the number '10n'"),
        ("`\\1`", "an octal escape"),
        ("`a${1}\\07`", "an octal escape"),
        ("[1,,2]", "an array with holes"),
        ("$json.a`x`", "a tagged template"),
        ("({f() {}})", "a method in an object"),
        ("({__proto__: 1})", "__proto__"),
        ("$json.list.map(1)", r"the method map\(\)"),
        ("$json.list.reverse()", r"reverse\(\) of data"),
        ("$json.a()()", "the method|computed"),
        ("$json.x?.()", "optional call"),
        ("DateTime.now()", "DateTime|now"),
        ("Math.sin(1)", r"Math.sin\(\)"),
        ("Math", "Math as it is used here"),
        ("$now.plus(1)", "plus|now"),
        ("$now > 1", "comparison or methods of \\$now"),
        ("$jmespath($json, 'a')", "\\$jmespath"),
        ("$workflow.active", "\\$workflow.active"),
        ("$workflow", "\\$workflow"),
        ("$input", "\\$input"),
        ("$('A')", "\\$"),
        ("$($json.a).item.json", "\\$"),
        ("$('A').item.binary", "'binary'"),
    ],
)
def test_other_javascript_is_refused_by_name_for_the_sandbox(source: str, construct: str) -> None:
    error = compile_template(f"{{{{ {source} }}}}").refusal
    assert error is not None
    assert error.code == "expression.not_native"
    assert re.search(construct, error.message), error.message
    assert error.where.column
    assert classify(f"{{{{ {source} }}}}").kind == "sandbox"


@pytest.mark.parametrize(
    ("template", "column"),
    [
        ("{{ }}", 1),
        ("{{}}", 1),
        ("{{ 1 + }}", 8),
        ("{{ (1 }}", 7),
        ("{{ 1 2 }}", 6),
        ("{{ 'abc }}", 4),
        ("{{ `abc }}", 4),
        ("{{ $json. }}", 11),
        ("{{ a ? b }}", 10),
        ("{{ {a 1} }}", 7),
        ("{{ # }}", 4),
        ("{{ 1 } }}", 6),
        ("{{ -1 ** 2 }}", 7),
        ("{{ a ?? b || c }}", 11),
        ("{{ a && b ?? c }}", 11),
        ("{{ 5x }}", 5),
        ("{{ '\\u12' }}", 4),
        ("ok {{ 1 }} {{ 2", 16),
        ("={{ 1", 6),
        ("={{ 1 + }}", 9),
    ],
)
def test_a_syntax_error_is_shown_where_it_is(template: str, column: int) -> None:
    error = refusal(template)
    assert error.code == "expression.syntax"
    assert (error.where.line, error.where.column) == (1, column)
    assert (error.hint or "").endswith(" " * min(column - 1, 60) + "^")
    assert classify(template).kind == "invalid"


def test_a_syntax_error_on_a_later_line_names_that_line() -> None:
    error = refusal("{{ 1 +\n  2 +\n }}")
    assert (error.where.line, error.where.column) == (3, 2)


def test_a_misspelt_name_is_refused_with_the_nearest() -> None:
    error = refusal("{{ $jsn.name }}")
    assert error.code == "expression.unknown_name"
    assert "$json" in (error.hint or "")


def test_a_misspelt_method_names_the_nearest_though_the_sandbox_takes_it() -> None:
    refused = compile_template("{{ $json.a.toUppercase() }}").refusal
    assert refused is not None
    assert "toUpperCase" in (refused.hint or "")


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[" * 5000,
        "!" * 5000 + "1",
        "-" * 1 + " -" * 5000 + "1",
        "1" + " ? 1 : 1" * 5000,
        "$json" + ".a" * 5000,
        "$json.a" + " + $json.a" * 5000,
        "2" + " ** $json.a" * 5000,
        "`${" * 5000 + "1" + "}`" * 5000,
        "{a:" * 5000,
        "$json.a" + "?.a" * 5000,
        "String(" * 5000,
    ],
)
def test_hostile_nesting_is_refused(source: str) -> None:
    assert refusal(f"{{{{ {source} }}}}").code in ("expression.too_deep", "expression.syntax")


def test_a_very_long_expression_is_refused() -> None:
    assert refusal("{{ " + "1 + " * 20_000 + "1 }}").code == "expression.too_long"


def test_nesting_up_to_the_limit_works() -> None:
    assert compile_template("{{ " + "(" * 90 + "1" + ")" * 90 + " }}").kind == "native"
    assert compile_template("{{ $json.a" + " + $json.a" * 200 + " }}").kind == "native"


@given(st.text(alphabet="{}$'\"`\\()[].?:+-*/a1 ,=>!&|\n😀é", max_size=40))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    refused: TowpathError | None = None
    try:
        compile_template("{{" + text + "}}")
    except TowpathError as error:
        refused = error
    assert refused is None or (refused.where.line and refused.hint)
