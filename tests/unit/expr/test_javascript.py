"""Expressions give what JavaScript gives: a table of answers, and JavaScript itself where it is installed."""

from __future__ import annotations

import re

import pytest

from tests.unit.expr.generated import DATA
from tests.unit.expr.javascript import NODE, Node
from tests.unit.expr.javascript_table import TABLE
from towpath.errors import NodeError
from towpath.expr import RunScope, Scope, compile_template


@pytest.mark.parametrize(("group", "source", "expected"), TABLE)
def test_javascript_gives_this(group: str, source: str, expected: object) -> None:
    (value,) = compile_template(f"{{{{ {source}\n}}}}").evaluate([Scope(DATA, RunScope())])
    if isinstance(value, NodeError) and value.code == "expression.not_finite":
        value = None  # what JavaScript's NaN and infinities are as JSON; a parameter may not be one
    assert value == expected
    # Whole numbers are int as far as a double counts exactly.
    exact = not isinstance(value, float) or value <= 2**53
    assert type(value) is type(expected) or not exact, group


@pytest.mark.skipif(NODE is None, reason="needs Node to compare with")
def test_the_table_is_what_node_says() -> None:
    node = Node()
    language = [(source, expected) for _, source, expected in TABLE if not re.search(r"\$if|\$ifEmpty", source)]
    wrong = [source for source, expected in language if node.ask(source, DATA).get("value") != expected]
    node.close()
    assert wrong == []
