"""The rules of expressions, one by one, by whichever evaluator takes them and by the sandbox alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.expr.javascript_table import TABLE
from tests.unit.sandbox.tables import Fails
from tests.unit.sandbox.tables.rules import CHUNKS, ITEM, NAMES
from tests.unit.sandbox.test_methods import ROWS, as_expected
from towpath.errors import ExpressionError
from towpath.expr import RunScope, Scope, classify, compile_template
from towpath.expr.foreign import program, sight
from towpath.expr.unavailable import UNAVAILABLE
from towpath.sandbox.pool import SandboxPool


@pytest.mark.parametrize(("template", "expected"), CHUNKS + NAMES)
def test_a_template_gives_what_the_table_says(
    template: str, expected: Any, sandbox: SandboxPool, run: RunScope
) -> None:
    try:
        (value,) = compile_template(template).evaluate([Scope(ITEM, run, 1)], sandbox)
    except ExpressionError as error:
        value = error
    assert as_expected(value) == expected


@pytest.mark.parametrize(
    ("template", "expected"), [row for row in CHUNKS + NAMES if classify(row[0]).kind in ("path", "native")]
)
def test_the_sandbox_gives_what_the_native_evaluator_gives(
    template: str, expected: Any, sandbox: SandboxPool, run: RunScope
) -> None:
    made = program(template)
    (row,) = sandbox.evaluate("tests", [(made.source, made.chunks)], sight([made], [Scope(ITEM, run, 1)]))
    assert as_expected(row if isinstance(row, Exception) else row[0]) == expected


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_what_is_told_to_be_unavailable_is_refused_in_the_same_words(
    name: str, sandbox: SandboxPool, run: RunScope
) -> None:
    (value,) = compile_template("{{ ((x) => x)(" + name + "()) }}").evaluate([Scope(ITEM, run, 1)], sandbox)
    assert as_expected(value) == Fails("sandbox.refused")
    assert str(value.message).endswith(f"is not available in the sandbox. {UNAVAILABLE[name]}")


def test_there_are_at_least_six_hundred_rows() -> None:
    sources = {row[0] for row in CHUNKS + NAMES} | {row[0] for row in ROWS} | {source for _, source, _ in TABLE}
    assert len(sources) >= 600


def test_a_table_says_how_an_item_fails() -> None:
    assert as_expected(ExpressionError("x", code="a.b")) == Fails("a.b")
