"""Writes docs/reference/expressions.md from the names and methods themselves; a test says when it is stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from towpath.expr.methods import METHODS
from towpath.expr.methods.extensions import EXTENSIONS
from towpath.service.completions import NAMES

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "expressions.md"
TITLES = {
    "text": "Text", "number": "Numbers", "boolean": "True and false", "list": "Lists", "object": "Objects",
    "date": "Dates",
}  # fmt: skip
HEAD = """# Expressions

Made by `scripts/make_expression_docs.py`; do not edit it. [How to write one](../how-to/write-an-expression.md)

A parameter is an expression where it holds `{{{{ ... }}}}` or starts with `=`; inside is JavaScript with n8n's meaning.

| rule | example | gives |
|---|---|---|
| One `{{{{ }}}}` alone keeps its type | `{{{{ $json.tags }}}}` | `["a", "b"]` |
| Anything else is text; null and undefined are empty | `Hi {{{{ $json.name }}}}!` | `Hi Ann!` |
| Lists are joined, objects are `[object Object]` | `x{{{{ [1, 2] }}}}` | `x1,2` |
| `\\{{{{` and `\\}}}}` are the braces themselves | `\\{{{{ x \\}}}}` | `{{{{ x }}}}` |
| An error of JavaScript makes undefined | `{{{{ $json.missing.name }}}}` | `null` |
| An error of the expression's own fails the item | `{{{{ 'x'.toInt() }}}}` | `expression.failed` |
| Statements are allowed: the last value counts | `{{{{ let n = 2; n * 3 }}}}` | `6` |

Errors of its own are: a node that has not run (`expression.node_not_run`), an item that comes from none or several
items of a node (`expression.no_item`), a method for another kind of value (`expression.failed`), a division by zero
(`expression.not_finite`), what the sandbox refuses (`sandbox.refused`) and its limits (`sandbox.time`,
`sandbox.memory`, `sandbox.output`). Wrong syntax and unknown names are found before a workflow is published.

Paths, operators, conditionals and the methods marked with a dot run in Towpath itself, over the whole batch.
Everything else runs in a sandbox (QuickJS in a process of its own, 1,000 items a crossing): no network, no files, no
environment. An expression may take half a second and 36 MB, an item's value 8 MB of JSON. `towpath eval` says which
evaluator it was.

## Names in scope

| name | type | what it is |
|---|---|---|
{names}

Beside these, all of JavaScript: `Math`, `Date`, `RegExp`, `URL`, `Buffer` (texts and bytes), `btoa`, `atob`,
`structuredClone`, `Intl` (English, and the digits of common locales).
"""
SECTION = """
## {title}

| method | what it gives |
|---|---|
{rows}
"""


def page() -> str:
    """The whole page."""
    names = "\n".join(f"| `{_cell(name)}` | {kind} | {_cell(text)} |" for name, (kind, text) in NAMES.items())
    sections = [SECTION.format(title=TITLES[kind], rows=_rows(table)) for kind, table in EXTENSIONS.items()]
    return HEAD.format(names=names) + "".join(sections)


def _rows(table: Mapping[str, str]) -> str:
    return "\n".join(
        f"| `.{name}()`{' ·' if name in METHODS else ''} | {_cell(text)} |" for name, text in table.items()
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
