"""Python of workflow authors: a subset of the language in worker processes that have no files and no network."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import StringIO
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
        body = _as_function(source)
        for run, place, json in sight["items"]:
            outcome = self._one(body, _names(sight, run, place, json))
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
                value = session.feed_run(source, inputs=names, print_callback=printed)
        except pydantic_monty.MontyError as error:
            return CodeOutcome(error=_error(error), lines=printed.lines)
        return CodeOutcome(value, None, printed.lines)

    def _started(self) -> pydantic_monty.Monty:
        with self._lock:
            if self._pool is None:
                pool = pydantic_monty.Monty(min_processes=1, max_processes=2, request_timeout=1.5)
                self._pool = self._open.enter_context(pool)
            return self._pool


def _as_function(source: str) -> str:
    """The code as the body of a function, so that ``return`` gives its value; texts over lines stay as they are."""
    inside = _inside_texts(source)
    lines = [f"    {line}" if line.strip() and number not in inside else line for number, line in _numbered(source)]
    return "\n".join(["def __code__():", "    pass", *lines, "", "__code__()"])


def _numbered(source: str) -> Iterator[tuple[int, str]]:
    return enumerate(source.split("\n"), start=1)


def _inside_texts(source: str) -> set[int]:
    """The numbers of the lines that begin inside a text."""
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


def _names(sight: Mapping[str, Any], run: int, place: int, json: Any) -> dict[str, Any]:
    """What the code sees: n8n's names with an underscore, and the items."""
    seen = sight["runs"][run]
    items = [{"json": item} for item in seen.get("input") or [json]]
    return {
        "items": items,
        "item": {"json": json},
        "_items": items,
        "_item": {"json": json},
        "_json": json,
        "_itemIndex": place,
        "_vars": seen.get("vars") or {},
        "_global": seen.get("global") or {},
        "_record": seen.get("record"),
        "_nodes": {name: [{"json": item} for item in found] for name, found in (seen.get("nodes") or {}).items()},
    }


def _error(error: pydantic_monty.MontyError) -> TowpathError:
    text = str(error).strip()
    last = text.splitlines()[-1] if text else "it gave no answer"
    if "TimeoutError" in last or getattr(error, "timed_out", False):
        return LimitError("The code ran for more than one second.", code="sandbox.time", hint="Split the work.")
    if "MemoryError" in last or isinstance(error, pydantic_monty.MontyCrashedError):
        return LimitError("The code needs more memory than it may have (48 MB).", code="sandbox.memory")
    hint = next((instead for name, instead in _INSTEAD.items() if re.search(rf"\b{name}\b", last)), None)
    return NodeError(f"The code failed: {last}", code="code.failed", hint=hint, params={"trace": text[-1000:]})
