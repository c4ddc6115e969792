"""Finds every text that the command line may show, to hold them against the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

import towpath
from towpath.cli.entries import ENTRIES
from towpath.cli.exit_codes import MEANINGS
from towpath.cli.failures import USAGE_PATTERNS
from towpath.cli.main import SUMMARY, begin
from towpath.cli.show import STYLES
from towpath.cli.tree import HELP_WORDS, load, new_app, paragraphs
from towpath.expr.methods.extensions import EXTENSIONS
from towpath.messages import Messages
from towpath.service.completions import NAMES

SOURCE = Path(towpath.__file__).parent
PLACES = ("file", "line", "column", "workflow", "node", "object", "record", "field")
_CODE = re.compile(r"[a-z_]+\.[a-z][a-z_]+")


def interface_texts() -> set[str]:
    """Every English text of the command line."""
    found = {entry.summary for entry in ENTRIES} | {text for _, text in USAGE_PATTERNS} | {SUMMARY}
    found |= {*HELP_WORDS, *PLACES, *STYLES, *MEANINGS.values(), "yes", "no", "Error", "Detail", "Where", "Hint"}
    for entry in ENTRIES:
        found |= set(help_texts(load(entry, Messages())))
    app = new_app(SUMMARY)
    app.callback()(begin)
    found |= set(help_texts(get_command(app)))
    for path in sorted((SOURCE / "cli").rglob("*.py")):
        found |= set(shown_texts(ast.parse(path.read_text(encoding="utf-8"))))
    return {text for text in found if text} | expression_texts()


def expression_texts() -> set[str]:
    """The help that editors of expressions show."""
    methods = {text for table in EXTENSIONS.values() for text in table.values()}
    return methods | {text for _, text in NAMES.values()}


def help_texts(command: Any) -> Iterator[str]:
    """The help of a command, its options and the commands below it."""
    for each in (command, *command.params):
        if getattr(each, "help", None):
            yield paragraphs(each.help)
    for below in getattr(command, "commands", {}).values():
        yield from help_texts(below)


def shown_texts(tree: ast.AST) -> Iterator[str]:
    """Constants given to ``say`` and ``text``, and the titles and columns of tables."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = _assigned(function)
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if called in ("say", "text") and call.args:
                yield from _constants(call.args[0], names)
            elif called == "progress":
                yield from _constants(call.args[1], names)
            elif called in ("table", "_table", "_done"):
                titles = [keyword.value for keyword in call.keywords if keyword.arg == "title"]
                for part in (*call.args[1:2], *call.args[3:], *titles):
                    yield from _constants(part, names)


def _assigned(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.setdefault(node.targets[0].id, []).append(node.value)
    return names


def _constants(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, ()):
            yield from _constants(value, {})
    elif isinstance(node, ast.Tuple):
        for part in node.elts:
            yield from _constants(part, names)
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body, names)
        yield from _constants(node.orelse, names)


def error_codes() -> set[str]:
    """Every code that an error of the package may have."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (isinstance(node, ast.keyword) and node.arg == "code") or (
                isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "code" for t in node.targets)
            ):
                found |= _codes(node.value)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISING:
                for part in node.args:
                    found |= {code for code in _codes(part) if code.split(".")[0] in GROUPS}
    return found


# Short functions and classes that take a code by position.
RAISING = frozenset({"Problem", "BadValue", "_invalid", "_refused", "RowError", "_problem", "_error", "_failed"})
GROUPS = frozenset({
    "builder", "condition", "convert", "csv", "duration", "effect", "expression", "format", "http", "input", "insight",
    "lead", "limit", "load", "mail", "moment", "node", "offset", "people", "record", "run", "schema", "serve",
    "storage", "task", "user", "webhook", "workflow",
})  # fmt: skip


def _codes(node: ast.expr) -> set[str]:
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    values = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {value for value in values if _CODE.fullmatch(value) or value in ("conflict", "error", "not_found")}
