"""The reference page of expressions says what there is, and the recipes of the guide work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scripts.make_expression_docs import PAGE, page
from tests.unit.sandbox.conftest import NOW
from towpath.expr import RunScope, Scope, compile_template
from towpath.sandbox.pool import SandboxPool

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "write-an-expression.md"
ITEM: dict[str, Any] = {
    "company": "", "amount": 5000, "email": "ann@example.com", "contacts": [{"name": "Ann"}, {"name": "Bo"}],
    "lines": [{"price": 2, "count": 3}, {"price": 1, "count": 4}], "due": "2024-03-09",
}  # fmt: skip
GIVES = [
    "unknown", "big", "example.com", "Ann, Bo", 10, "2024-04-04", "09 Mar 2024", "ann@example.com", "ann@example.com",
    "New",
]  # fmt: skip


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/make_expression_docs.py"


def test_the_recipes_of_the_guide_work() -> None:
    recipes = re.findall(r"^\| [^|]+ \| `(\{\{.*\}\})` \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    run = RunScope(nodes={"Find contact": [{"email": "ann@example.com"}]}, old={"status": "New"}, now=NOW)
    pool = SandboxPool(1)
    try:
        found = [compile_template(recipe).evaluate([Scope(ITEM, run)], pool)[0] for recipe in recipes]
    finally:
        pool.close()
    assert found[:-1] == GIVES
    assert found[-1].startswith('{"company":""')


@pytest.mark.parametrize("rule", re.findall(r"^\| [^|]+ \| `(.*)` \| `(.*)` \|$", page(), re.MULTILINE))
def test_the_rules_of_the_page_hold(rule: tuple[str, str]) -> None:
    source, gives = rule
    item = {"tags": ["a", "b"], "name": "Ann"}
    pool = SandboxPool(1)
    try:
        (value,) = compile_template(source).evaluate([Scope(item, RunScope())], pool)
    finally:
        pool.close()
    shown = {None: "null"}.get(value, getattr(value, "code", value)) if not isinstance(value, list) else value
    assert str(shown).replace("'", '"') == gives
