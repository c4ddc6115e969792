"""Whatever the native evaluator accepts, it gives exactly what the sandbox gives: one meaning, two evaluators."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.expr.generated import DATA, WORDS, expressions, extended
from towpath.errors import ExpressionError, TowpathError
from towpath.expr import RunScope, Scope, compile_template
from towpath.expr.foreign import program, sight
from towpath.expr.leaving import leave
from towpath.sandbox.pool import SandboxPool

TEXTS = st.sampled_from(["", "a ", "=x", "\n", "日本", "😀", "\\{{ x \\}}", "{", "}", "'"])


def outcome(value: Any) -> str:
    """A value as JSON with all numbers as doubles (Python keeps more digits of a large int); an error by its code."""
    if isinstance(value, TowpathError):
        return value.code
    return json.dumps(json.loads(json.dumps(value), parse_int=float), sort_keys=True)


def compare(sandbox: SandboxPool, run: RunScope, template: str, data: Any = DATA) -> None:
    """The native evaluator alone, and the sandbox alone."""
    scope = Scope(data, run, 1)
    try:
        compiled = compile_template(template)
    except ExpressionError:
        return  # what is invalid here is compared with JavaScript itself in tests/unit/expr
    if compiled.kind in ("sandbox", "literal"):
        return
    value = compiled.one(scope)
    answers, scope.answers = scope.answers, None
    if answers is False:
        return  # it says that it does not know, and the sandbox is asked
    failed = next((each for each in (answers or {}).values() if isinstance(each, TowpathError)), None)
    made = program(template)
    (row,) = sandbox.evaluate("differential", [(made.source, made.chunks)], sight([made], [scope]))
    if failed is not None and failed.code == "expression.not_finite" and not isinstance(row, TowpathError):
        assert row == [None]  # 0 / 0 is told from other NaN here only
        return
    assert outcome(failed or value) == outcome(row if isinstance(row, TowpathError) else leave(row[0])), template


@given(source=expressions)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_expression_has_one_meaning(sandbox: SandboxPool, run: RunScope, source: str) -> None:
    compare(sandbox, run, f"{{{{ {source} }}}}")


@given(source=extended)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_data_transformation_has_one_meaning(sandbox: SandboxPool, run: RunScope, source: str) -> None:
    compare(sandbox, run, f"{{{{ {source} }}}}")


@given(parts=st.lists(st.one_of(TEXTS, expressions.map(lambda source: f"{{{{ {source} }}}}")), min_size=2, max_size=4))
@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_with_expressions_has_one_meaning(sandbox: SandboxPool, run: RunScope, parts: list[str]) -> None:
    compare(sandbox, run, "=" + "".join(parts))


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_of_words_has_one_meaning(sandbox: SandboxPool, run: RunScope, words: list[str]) -> None:
    compare(sandbox, run, f"{{{{ {' '.join(words)} }}}}")


# QuickJS writes powers of two with a digit too many (2 ** -24 is 5.960464477539063e-8 elsewhere): they are left out.
_FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: abs(math.frexp(number)[0]) != 0.5)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), _FLOATS, st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize(
    "source",
    ["$json.v", "$json.v + ''", "`${$json.v}`", "$json.v == $json.w", "$json.v < $json.w", "$json.v?.length",
     "JSON.stringify($json)", "$json.v.isEmpty()", "$json.v.toJsonString()", "[$json.v, $json.w].join('|')",
     "$json.v.toTitleCase()", "$json.v.toNumber()", "$json.v.urlEncode()", "$json.v.hash()", "$json.v.toSnakeCase()",
     "$json.v.isNumeric()", "$json.v.quote()", "Object.keys($json.v)", "$json.v.toLowerCase() + $json.v.toUpperCase()",
     "$json.v.round(2)", "$json.v.toFixed(3)", "$json.v.sum()", "$json.v.isBlank()", "$json.v.base64Encode()"],
)  # fmt: skip
@given(first=JSON, second=JSON)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_data_has_one_meaning(sandbox: SandboxPool, run: RunScope, source: str, first: Any, second: Any) -> None:
    compare(sandbox, run, f"{{{{ {source} }}}}", {"v": first, "w": second})


@pytest.mark.nightly
@given(source=st.one_of(expressions, extended))
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_twenty_thousand_expressions_have_one_meaning(sandbox: SandboxPool, run: RunScope, source: str) -> None:
    compare(sandbox, run, f"{{{{ {source} }}}}")
