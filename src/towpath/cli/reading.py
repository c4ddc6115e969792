"""Reads what people name on the command line: workflow files, JSON, ``field=value`` pairs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towpath.errors import FormatError, InputError, Where
from towpath.formats import read_workflow
from towpath.formats.native.decode import Syntax
from towpath.formats.native.limits import MAX_BYTES
from towpath.model.workflow import WorkflowDefinition

SUFFIXES: dict[str, Syntax] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
STANDARD_INPUT = Path("-")


def workflow_of(path: Path) -> WorkflowDefinition:
    """The definition in a file; ``-`` is standard input."""
    return read_workflow(content_of(path), syntax=SUFFIXES.get(path.suffix.lower()), file=str(path))


def workflow_files(paths: Sequence[Path]) -> list[Path]:
    """The files meant: those named, and every workflow file in the folders named."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES)
        if not inside:
            raise _unreadable(path, "there is no .yaml or .json file in the folder")
        found += inside
    return found


def content_of(path: Path) -> bytes:
    """The bytes of a file or of standard input, one more than a reader takes at most."""
    try:
        if path == STANDARD_INPUT:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        raise _unreadable(path, f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from None


def items_given(text: str | None) -> list[dict[str, Any]] | None:
    """Items as JSON: one object or a list of them, as text or in a file, whose path may stand after ``@``."""
    if text is None:
        return None
    in_file = text.startswith("@") or _is_file(text)
    source = content_of(Path(text.removeprefix("@"))).decode("utf-8-sig", errors="replace") if in_file else text
    try:
        value = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise _items(f"the items are not JSON: {error}") from None
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, dict) for item in items):
        raise _items("an item is a JSON object")
    return items


def pairs_given(pairs: Sequence[str]) -> dict[str, Any]:
    """``field=value`` pairs; a value that reads as JSON is that value, else it is text."""
    values = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or not name.strip():
            raise InputError(
                f"{pair!r} is not a pair", code="input.pair", hint="Write name=value.", params={"value": pair}
            )
        values[name.strip()] = _value(text)
    return values


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _is_file(text: str) -> bool:
    try:
        return not text.lstrip().startswith(("{", "[")) and Path(text).is_file()
    except (OSError, ValueError):  # longer than a path may be
        return False


def _items(message: str) -> InputError:
    hint = """Write '{"name": "value"}', a list of such objects, or the path of a file."""
    return InputError(message, code="input.items", hint=hint)


def _unreadable(path: Path, message: str) -> FormatError:
    hint = "Give the path of a .yaml or .json file."
    return FormatError(message, code="format.file", hint=hint, where=Where(file=str(path)), params={"path": str(path)})
