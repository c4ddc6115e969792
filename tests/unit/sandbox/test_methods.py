"""The data-transformation methods, one by one, and that the list of them is whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.conftest import Ask
from tests.unit.sandbox.tables import Fails
from tests.unit.sandbox.tables.methods import BOOLEAN, DATE, LIST, NUMBER, OBJECT, TEXT
from towpath.errors import TowpathError
from towpath.expr.methods.extensions import EXTENSIONS
from towpath.sandbox.pool import SandboxPool

TABLES = {"text": TEXT, "number": NUMBER, "boolean": BOOLEAN, "list": LIST, "object": OBJECT, "date": DATE}
ROWS = [row for table in TABLES.values() for row in table]


def as_expected(value: Any) -> Any:
    """The value, an error as what a table says of it."""
    return Fails(value.code) if isinstance(value, TowpathError) else value


@pytest.mark.parametrize(("source", "expected"), ROWS)
def test_a_method_gives_what_the_table_says_in_the_sandbox(source: str, expected: Any, ask: Ask) -> None:
    assert as_expected(ask(source)) == expected


@pytest.mark.parametrize(("source", "expected"), ROWS)
def test_a_method_gives_what_the_table_says_by_whichever_evaluator(source: str, expected: Any, evaluate: Ask) -> None:
    assert as_expected(evaluate("{{ " + source + " }}")) == expected


def test_the_methods_that_are_documented_are_those_that_exist(sandbox: SandboxPool) -> None:
    assert sandbox.completions() == {kind: sorted(table) for kind, table in EXTENSIONS.items()}


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_method_is_in_the_table(kind: str) -> None:
    text = " ".join(source for source, _ in TABLES[kind])
    assert [name for name in EXTENSIONS[kind] if f".{name}(" not in text] == []


def test_a_field_named_like_a_method_stays_a_field(ask: Ask) -> None:
    assert ask("$json.keys", {"a": 1}) is None
    assert ask("$json.keys", {"keys": 5}) == 5
    assert ask("$json.a.keys()", {"a": {"b": 1}}) == ["b"]
    assert ask("Object.keys($json)", {"b": 1}) == ["b"]
    assert ask("[...new Map([[1, 2]]).keys()]") == [1]


def test_methods_work_inside_functions_and_after_optional_links(ask: Ask) -> None:
    assert ask("$json.list.map(name => name.toTitleCase())", {"list": ["ann lee"]}) == ["Ann Lee"]
    assert ask("$json.a?.sum()", {"a": [1, 2]}) == 3
    assert ask("$json.missing?.sum()") is None
    assert ask("`${$json.a.first()}!`", {"a": ["x"]}) == "x!"


# What n8n's documentation lists (its expression reference, "Custom n8n functionality"), hidden ones included.
N8N = """
text: base64Decode base64Encode extractDomain extractEmail extractUrl extractUrlPath hash isBlank isDomain
  isEmail isEmpty isNotBlank isNotEmpty isNumeric isUrl length parseJson quote removeMarkdown
  removeTags replaceSpecialChars toBoolean toDate toDateTime toDecimalNumber toFloat toInt
  toJsonString toNumber toSentenceCase toSnakeCase toTitleCase toWholeNumber urlDecode urlEncode
list: append average chunk compact difference first intersection isEmpty isNotEmpty last max merge min
  pluck randomItem removeDuplicates renameKeys smartJoin sum toBoolean toDateTime toFloat toInt
  toJsonString union unique
date: beginningOf diffTo diffToNow endOfMonth extract format isBetween isDst isEmpty isInLast isNotEmpty
  isWeekend minus plus toBoolean toDateTime toFloat toInt
object: compact hasField isEmpty isNotEmpty keepFieldsContaining keys removeField removeFieldsContaining
  toBoolean toDateTime toFloat toInt toJsonString urlEncode values
number: abs ceil floor format isEven isInteger isOdd round toBoolean toDateTime toFloat toInt
boolean: toBoolean toDateTime toFloat toInt toNumber
"""


def test_every_method_that_n8n_documents_is_there() -> None:
    sections = [section.split(":") for section in N8N.replace("\n  ", " ").strip().splitlines()]
    documented = {kind: set(names.split()) for kind, names in sections}
    assert sum(map(len, documented.values())) >= 109
    assert set(documented) == set(TABLES)
    assert [name for kind, names in documented.items() for name in names - set(EXTENSIONS[kind])] == []
