"""Writes docs/reference/cli.md from the commands themselves; a test says when it is stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from towpath.cli.entries import ENTRIES
from towpath.cli.exit_codes import MEANINGS
from towpath.cli.main import SUMMARY, begin
from towpath.cli.tree import load, new_app, paragraphs
from towpath.messages import Messages

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"
HEAD = """# Command line

Made by `scripts/make_cli_docs.py` from the commands; do not edit it.

{summary} Tables are for people; with `--json` standard output has JSON and nothing else, and errors are one JSON object
on standard error. Progress and hints go to standard error. Times are local in tables and UTC in JSON.

## Options of every command

They may stand before or after the command.

{options}

## Exit codes

| code | meaning |
|---|---|
{codes}
"""


def page() -> str:
    """The whole page."""
    app = new_app(SUMMARY)
    app.callback()(begin)
    codes = "\n".join(f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items())
    parts = [HEAD.format(summary=SUMMARY, options=_parameters(get_command(app)), codes=codes)]
    for entry in ENTRIES:
        parts += _sections(f"towpath {entry.name}", load(entry, Messages()), 2)
    return "\n".join(parts)


def _sections(path: str, command: Any, level: int) -> Iterator[str]:
    arguments = [_argument(parameter) for parameter in command.params if not parameter.opts[0].startswith("-")]
    usage = " ".join([path, *(["COMMAND"] if hasattr(command, "commands") else arguments)])
    yield f"{'#' * level} {path}\n\n`{usage}`\n\n{paragraphs(command.help or '')}\n"
    rows = _parameters(command)
    if rows:
        yield f"{rows}\n"
    for name, below in getattr(command, "commands", {}).items():
        yield from _sections(f"{path} {name}", below, level + 1)


def _parameters(command: Any) -> str:
    rows = [_row(parameter) for parameter in command.params if "--help" not in parameter.opts]
    return "\n".join(["| option | what it is |", "|---|---|", *rows]) if rows else ""


def _row(parameter: Any) -> str:
    names = parameter.opts if parameter.opts[0].startswith("-") else [_argument(parameter)]
    shown = ", ".join(f"`{name}`" for name in (*names, *parameter.secondary_opts))
    help_text = paragraphs(parameter.help or "").replace("|", "\\|")
    return f"| {shown} | {help_text} |"


def _argument(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
