"""Errors as people and programs get them: code, what happened, where, what to do."""

from __future__ import annotations

import json
import re
import sys

import typer

from towpath.errors import TowpathError, WorkflowError
from towpath.messages import Messages

NEAR_COMMAND = "There is no command {name}. Did you mean {near}?"
NEAR_OPTION = "There is no option {name}. Did you mean {near}?"
# What the command line library says about wrong usage, in the words by which it is translated.
USAGE_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"Missing argument '(?P<name>[^']+)'\.?.*", "The argument {name} is missing."),
    (r"Missing option '(?P<name>[^']+)'\.?.*", "The option {name} is missing."),
    (r"Missing command\.?", "A command is missing."),
    (r"No such command '(?P<name>[^']*)'\. Did you mean (?P<near>.+)\?", NEAR_COMMAND),
    (r"No such command '(?P<name>[^']*)'\.?", "There is no command {name}."),
    (r"No such option:? (?P<name>\S+?)\.? Did you mean (?P<near>.+)\?", NEAR_OPTION),
    (r"No such option:? (?P<name>\S+?)\.? \(Possible options: (?P<near>.+)\)", NEAR_OPTION),
    (r"No such option:? (?P<name>\S+)", "There is no option {name}."),
    (r"Got unexpected extra arguments? \((?P<name>.+)\)", "There are more arguments than the command takes: {name}."),
    (r"Option '(?P<name>[^']+)' requires an argument\.?", "The option {name} needs a value."),
    (r"Invalid value for '(?P<name>[^']+)': (?P<why>.+)", "The value of {name} is wrong: {why}"),
)  # fmt: skip


def show_error(error: TowpathError, messages: Messages, *, as_json: bool, color: bool) -> None:
    """Write an error to stderr: as one JSON object, or for people."""
    if as_json:
        body = error.as_json()
        if isinstance(error, WorkflowError):
            body["problems"] = [problem.as_json() for problem in error.problems]
        _write(json.dumps({"error": body}, ensure_ascii=False, default=str))
        return
    what, detail = messages.error(error.code, error.message, {**dict(error.where.named()), **error.params})
    _write(f"{_paint(messages.text('Error'), color)} {error.code}: {what}")
    place = ", ".join(f"{messages.text(name)} {value}" for name, value in error.where.named())
    problems = error.problems if isinstance(error, WorkflowError) else []
    _part(messages.text("Detail"), None if problems else detail)
    _part(messages.text("Where"), place)
    for problem in problems if len(problems) > 1 or detail else ():  # the English message has a single one
        _write(f"  - {problem.in_words(messages)}")
    _part(messages.text("Hint"), messages.hint(error.hint) if error.hint else None)


def show_usage(error: typer.TyperException, messages: Messages, *, as_json: bool, color: bool) -> None:
    """Write what is wrong with the way a command was called, and where its help is."""
    if type(error).__name__ == "NoArgsIsHelpError" and not as_json:  # a group of commands without a command
        _write(error.format_message())
        return
    text = usage_text(error.format_message(), messages)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "towpath"
    hint = messages.text("{command} --help says what it takes.", command=path)
    if as_json:
        body = {"code": "usage", "message": text, "hint": hint, "where": {}, "params": {}}
        _write(json.dumps({"error": body}, ensure_ascii=False))
        return
    _write(f"{_paint(messages.text('Error'), color)} usage: {text}")
    _part(messages.text("Hint"), hint)


def usage_text(message: str, messages: Messages) -> str:
    """The message of the command line library in our words and the language of the person."""
    for pattern, text in USAGE_PATTERNS:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return messages.text(text, **match.groupdict())
    return message


def _part(name: str, text: str | None) -> None:
    if text:
        _write(f"  {name}: {text}")


def _paint(text: str, color: bool) -> str:
    return typer.style(text, fg="red", bold=True) if color else text


def _write(text: str) -> None:
    print(text, file=sys.stderr)
