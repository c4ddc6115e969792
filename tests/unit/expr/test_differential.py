"""Whatever the native evaluator accepts, it gives exactly what JavaScript gives."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.expr.generated import DATA, WORDS, expressions
from tests.unit.expr.javascript import NODE, Node
from towpath.expr import RunScope, Scope, classify
from towpath.expr.chunks import split
from towpath.expr.compiler import compile_node
from towpath.expr.leaving import leave
from towpath.expr.parser import parse
from towpath.expr.values import DeclinedError, JsError

pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node to compare with")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    asked = Node()
    yield asked
    asked.close()


def as_doubles(value: object) -> str:
    """The JSON of a value with all numbers as doubles: Python keeps more digits of a large int than JavaScript."""
    return json.dumps(json.loads(json.dumps(value), parse_int=float), sort_keys=True)


@given(source=expressions)
@settings(max_examples=100, deadline=None)
def test_a_native_expression_gives_what_javascript_gives(node: Node, source: str) -> None:
    assert classify(f"{{{{ {source} }}}}").kind != "invalid"  # all of these are valid JavaScript
    compare(node, source)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_row_of_words_is_read_as_javascript_reads_it(node: Node, words: list[str]) -> None:
    compare(node, " ".join(words))


def compare(node: Node, source: str) -> None:
    """Native accepts only what JavaScript accepts, with the same value; "invalid" is invalid there too."""
    template = f"{{{{ {source} }}}}"
    evaluator = classify(template)
    if evaluator.kind == "sandbox":
        return
    answer = node.ask(source, DATA)
    assert ("refused" in answer) is (evaluator.kind == "invalid"), (evaluator, answer)
    if evaluator.kind == "invalid":
        return
    (code,) = split(template)
    run = compile_node(template, parse(template, code.tokens))
    try:
        value = leave(run(Scope(DATA, RunScope())))
    except DeclinedError:
        return  # says so, instead of giving something else
    except JsError:
        value = None
    assert as_doubles(value) == as_doubles(answer.get("value"))
