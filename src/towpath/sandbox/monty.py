"""Python of workflow authors: a subset of the language in worker processes that have no files and no network."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from io import StringIO
from pathlib import Path
from token import tok_name
from tokenize import TokenError, generate_tokens
from typing import Any

import pydantic_monty

from towpath.errors import LimitError, NodeError, TowpathError
from towpath.ports.sandbox import CodeOutcome

SECONDS = 1.0
MEMORY = 48 << 20
MAX_LINES = 200
MAX_PRINTED = 20_000
MAX_SOURCE = 100_000  # characters of one piece of code
MAX_OUTPUT = 8 << 20  # characters of the JSON of one value
_PRELUDE = (Path(__file__).parent / "python" / "prelude.monty").read_text(encoding="utf-8")
_LINES_BEFORE = _PRELUDE.count("\n") + 2
_LIMITS: pydantic_monty.ResourceLimits = {
    "max_feed_duration_secs": SECONDS,
    "max_memory": MEMORY,
    "max_recursion_depth": 500,
    "max_total_sleep_secs": 0.0,
}
_INSTEAD = {
    "denied": "Files cannot be read; use a node that extracts or converts files.",
    "requests": "Use an HTTP request node before this one.",
    "urllib": "Use an HTTP request node before this one.",
    "httpx": "Use an HTTP request node before this one.",
    "os": "The environment is not visible; use $vars.",
    "subprocess": "Programs cannot be started.",
    "socket": "Use an HTTP request node before this one.",
}


class _Printed:
    """What the code prints, up to a limit."""

    def __init__(self) -> None:
        self._text = ""

    def __call__(self, _stream: str, text: str) -> None:
        self._text += text[: MAX_PRINTED - len(self._text)]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._text.splitlines()[:MAX_LINES])


class PythonPool:
    """Workers for Python, started when they are first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = ExitStack()
        self._pool: pydantic_monty.Monty | None = None

    def run(self, source: str, sight: Mapping[str, Any]) -> list[CodeOutcome]:
        """The outcome of the code for each item; once the time of one item is over, so is that of the others."""
        outcomes: list[CodeOutcome] = []
        if len(source) > MAX_SOURCE:
            hint = "Split it over several nodes."
            message = f"The code is longer than {MAX_SOURCE} characters."
            error = LimitError(message, code="sandbox.source", hint=hint, params={"limit": MAX_SOURCE})
            return [CodeOutcome(error=error)] * len(sight["items"])
        body = _as_function(source)
        for item in sight["items"]:
            outcome = self._one(body, _names(sight, *item))
            outcomes.append(outcome)
            if outcome.error is not None and outcome.error.code == "sandbox.time":
                outcomes += [outcome] * (len(sight["items"]) - len(outcomes))
                break
        return outcomes

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._open.close()
            self._pool = None

    def _one(self, source: str, names: dict[str, Any]) -> CodeOutcome:
        printed = _Printed()
        try:
            with self._started().checkout(limits=_LIMITS, os_policy={"sleep": "zero"}) as session:
                text = session.feed_run(source, inputs=names, print_callback=printed)
        except pydantic_monty.MontyError as error:
            return CodeOutcome(error=_error(error), lines=printed.lines)
        try:
            return CodeOutcome(_value(text), None, printed.lines)
        except TowpathError as error:
            return CodeOutcome(error=error, lines=printed.lines)

    def _started(self) -> pydantic_monty.Monty:
        with self._lock:
            if self._pool is None:
                pool = pydantic_monty.Monty(min_processes=1, max_processes=2, request_timeout=1.25)
                self._pool = self._open.enter_context(pool)
            return self._pool


def _value(text: object) -> Any:
    """What the JSON stands for that the code was made to end with."""
    if not isinstance(text, str) or len(text) > MAX_OUTPUT:
        message = "The value is too large (8 MB for an item)."
        raise LimitError(message, code="sandbox.output", hint="Return only what later nodes need.")
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NodeError(f"The code returned what is no JSON: {error}", code="code.result") from None


@lru_cache(maxsize=256)
def _as_function(source: str) -> str:
    """The code as the body of a function, so that ``return`` gives its value; texts over lines stay as they are."""
    inside = _inside_texts(source)
    lines = [f"    {line}" if line.strip() and number not in inside else line for number, line in _numbered(source)]
    return "\n".join([f"{_PRELUDE}def __code__():", "    pass", *lines, "", "__shown__(__code__())"])


def _numbered(source: str) -> Iterator[tuple[int, str]]:
    return enumerate(source.split("\n"), start=1)


def _inside_texts(source: str) -> set[int]:
    """The numbers of the lines that begin inside a text."""
    if not any(mark in source for mark in ('"""', "'''", "\\\n")):
        return set()
    inside: set[int] = set()
    starts: list[int] = []
    try:
        for token in generate_tokens(StringIO(source).readline):
            name = tok_name[token.type]
            if name == "FSTRING_START":
                starts.append(token.start[0])
            elif name in ("STRING", "FSTRING_END"):
                first = starts.pop() if name == "FSTRING_END" else token.start[0]
                inside.update(range(first + 1, token.end[0] + 1))
    except (TokenError, SyntaxError):
        return inside  # the sandbox says what is wrong
    return inside


def _names(
    sight: Mapping[str, Any], run: int, place: int, item: Any, _files: Any = None, lineage: Any = None
) -> dict[str, Any]:
    """What the code sees: n8n's names with an underscore, and the items."""
    seen, shared = sight["runs"][run], sight["shared"]
    items = [{"json": each} for each in seen.get("input") or [item]]
    return {
        "items": items,
        "item": {"json": item},
        "_items": items,
        "_item": {"json": item},
        "_json": item,
        "_itemIndex": place,
        "_runIndex": seen.get("runIndex", 0),
        "_vars": seen.get("vars") or {},
        "_env": shared.get("env") or {},
        "_global": seen.get("global") or {},
        "_record": seen.get("record"),
        "_old": seen.get("old"),
        "_workflow": seen.get("workflow") or {},
        "_execution": {"id": seen.get("id"), "mode": "production"},
        "_parameter": shared.get("parameter") or {},
        "_prevNode": shared.get("prevNode") or {},
        "_nodes": {name: [{"json": each} for each in found] for name, found in (seen.get("nodes") or {}).items()},
        "__lineage__": lineage,
        "__now__": seen.get("now"),
    }


def _error(error: pydantic_monty.MontyError) -> TowpathError:
    text = str(error)[-4000:].strip()
    last = text.splitlines()[-1] if text else "it gave no answer"
    if "TimeoutError" in last or getattr(error, "timed_out", False):
        return LimitError("The code ran for more than one second.", code="sandbox.time", hint="Split the work.")
    if "MemoryError" in last or isinstance(error, pydantic_monty.MontyCrashedError):
        return LimitError("The code needs more memory than it may have (48 MB).", code="sandbox.memory")
    hint = next((instead for name, instead in _INSTEAD.items() if re.search(rf"\b{name}\b", last)), None)
    return NodeError(f"The code failed: {last[:1000]}{_place(error)}", code="code.failed", hint=hint)


def _place(error: pydantic_monty.MontyError) -> str:
    """The author's line that an error is about, as ``" (line 3)"``."""
    if not isinstance(error, pydantic_monty.MontyRuntimeError | pydantic_monty.MontySyntaxError):
        return ""
    frames = error.traceback()
    if not frames or frames[-1].line <= _LINES_BEFORE or (frames[-1].function_name == "<module>" and not frames[:-1]):
        line = frames[-1].line - _LINES_BEFORE if isinstance(error, pydantic_monty.MontySyntaxError) and frames else 0
        return f" (line {line})" if line > 0 else ""
    return f" (line {frames[-1].line - _LINES_BEFORE})"
