"""A few worker processes shared by everything that is evaluated, and the limits seen from the host."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from towpath.errors import ExpressionError, LimitError, NodeError, TowpathError
from towpath.expr.failing import expression_failed
from towpath.ports.sandbox import CodeOutcome, Language, Program
from towpath.sandbox.process import Worker, WorkerLostError

if TYPE_CHECKING:
    from towpath.sandbox.monty import PythonPool

ITEM_SECONDS = 1.25  # after which a worker that does not stop by itself is killed; twice that for several items
MORE_PER_ITEM = 0.002
SLICE_ITEMS = 1000
SLICE_BYTES = 6 << 20
MAX_KILLS = 3  # of one batch; what is left then fails
DEFAULT_WORKERS = 2

_LIMITS = {
    "time": ("sandbox.time", "The code ran for more than one second.", "Look for a loop without end."),
    "memory": ("sandbox.memory", "The code needs more than 36 MB of memory.", "Work on fewer items at once."),
    "output": ("sandbox.output", "The value is too large (8 MB for an item).", "Return only what later nodes need."),
}  # fmt: skip


class SandboxPool:
    """The sandbox: workers are started when they are first needed and replaced when they die or have grown."""

    def __init__(self, workers: int = DEFAULT_WORKERS) -> None:
        self._idle: list[Worker] = []
        self._slots = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._python: PythonPool | None = None
        self._closed = False

    def evaluate(
        self, context: str, programs: Sequence[Program], sight: Mapping[str, Any]
    ) -> list[list[Any] | TowpathError]:
        """See the port."""
        values: list[list[Any] | TowpathError] = []
        for part in _slices(sight):
            values += self._evaluate(context, programs, part)
        return values

    def explain(self, program: Program, sight: Mapping[str, Any]) -> tuple[Any, str, tuple[str, ...]]:
        """See the port."""
        (answer,) = self._evaluate("", [program], {**sight, "explain": True})
        if isinstance(answer, TowpathError):
            raise answer
        found: Any = answer
        return found["values"][0], (found["types"] or ["undefined"])[0], tuple(found["notes"])

    def run_code(self, context: str, language: Language, source: str, sight: Mapping[str, Any]) -> list[CodeOutcome]:
        """See the port."""
        if language == "python":
            return self._python_pool().run(source, sight)
        outcomes: list[CodeOutcome] = []
        for part in _slices(sight):
            request = {"op": "code", "context": f"{context}/code", "source": source}
            outcomes += [_outcome(*found) for found in self._answers(request, part, MAX_KILLS)]
        return outcomes

    def completions(self) -> dict[str, list[str]]:
        """The names of the data-transformation methods by kind of value."""
        with self._worker() as worker:
            _, body = worker.ask({"op": "completions"}, b"", ITEM_SECONDS)
        found: dict[str, list[str]] = json.loads(body)
        return found

    def _python_pool(self) -> PythonPool:
        """The workers for Python; their library is heavy, so that it is loaded with the first Python code."""
        with self._lock:
            if self._python is None:
                made: PythonPool = import_module("towpath.sandbox.monty").PythonPool()
                self._python = made
            return self._python

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()
        if self._python is not None:
            self._python.close()

    def _evaluate(
        self, context: str, programs: Sequence[Program], sight: Mapping[str, Any]
    ) -> list[list[Any] | TowpathError]:
        request = {"op": "evaluate", "context": context}
        found = self._answers(request, {**sight, "programs": list(programs)}, MAX_KILLS)
        return [_error(kind, programs) if kind else value for kind, value, _ in found]

    def _answers(self, request: dict[str, Any], sight: Mapping[str, Any], kills: int) -> list[tuple[str, Any, Any]]:
        """(limit that was reached or "", value, note) for each item; a worker that is late costs a kill."""
        items = sight["items"]
        if not kills:
            return [("time", None, None)] * len(items)
        payload = _encode(sight)
        if len(payload) > SLICE_BYTES and len(items) > 1:
            return [each for half in _halves(sight) for each in self._answers(request, half, kills)]
        asked = {**request, "count": len(items)}
        try:
            with self._worker() as worker:
                header, body = worker.ask(asked, payload, _patience(len(items)))
                return _found(header, body, len(items))
        except WorkerLostError as lost:
            if len(items) == 1:
                return [("time" if lost.late else "memory", None, None)]
            return [each for half in _halves(sight) for each in self._answers(request, half, kills - 1)]

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        """A worker of one's own for one request; given back unless it is lost or spent."""
        with self._slots:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            worker = worker or Worker()
            try:
                yield worker
            except BaseException:
                worker.close()
                raise
            with self._lock:
                keep = not (worker.spent or self._closed)
                if keep:
                    self._idle.append(worker)
            if not keep:
                worker.close()


def _found(header: Mapping[str, Any], body: bytes, count: int) -> list[tuple[str, Any, Any]]:
    """The worker's answer, one entry per item; an invalid program is every item's error.

    Raises WorkerLostError where the answer makes no sense: the worker is not itself any more.
    """
    try:
        errors = [str(error) for error in json.loads(header["errors"] or "[]") or [] if error]
        failures = {int(index): str(kind) for index, kind in header["failures"].items()}
        notes = header["notes"] or [None] * count
        values = json.loads(body)
        if errors:
            return [(f"syntax: {errors[0]}", None, None)] * count
        if not isinstance(values, list) or len(values) != count or len(notes) != count:
            raise WorkerLostError(late=False)
        return [(failures.get(index, ""), values[index], notes[index]) for index in range(count)]
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise WorkerLostError(late=False) from None


def _error(kind: str, programs: Sequence[Program] = ()) -> TowpathError:
    """The error that a limit or a refusal of the engine stands for."""
    if kind in _LIMITS:
        code, message, hint = _LIMITS[kind]
        return LimitError(message, code=code, hint=hint)
    if kind.startswith("syntax: "):
        message = f"This is not valid JavaScript: {kind.removeprefix('syntax: ')}."
        return ExpressionError(message, code="expression.syntax", hint="Look at the brackets and quotes.")
    if kind.startswith("failed:"):
        return _own(kind.removeprefix("failed:"), programs)
    return NodeError(f"The JavaScript engine refused: {kind.removeprefix('error: ')}", code="sandbox.failed")


def _own(text: str, programs: Sequence[Program]) -> TowpathError:
    """An error of the expression itself, as the sandbox tells it."""
    try:
        told = json.loads(text)
        code, message, source = str(told["code"]), str(told["message"]), programs[told["at"]][0]
    except (ValueError, TypeError, LookupError):
        return NodeError("The JavaScript engine refused.", code="sandbox.failed")
    return expression_failed(source, message, code)


def _outcome(kind: str, value: Any, note: str | None) -> CodeOutcome:
    if kind:
        return CodeOutcome(error=_error(kind))
    told = json.loads(note or "{}")
    lines = tuple(told.get("lines", ()))
    if told.get("state") == "done":
        return CodeOutcome(value, None, lines)
    place = f" (line {told['line']})" if told.get("line") else ""
    error = NodeError(f"The code failed: {told.get('error') or 'it gave no answer'}{place}", code="code.failed")
    return CodeOutcome(None, error, lines)


def _patience(count: int) -> float:
    """Seconds to wait for the answer: where one item has to be stopped, the others still want their turn."""
    return ITEM_SECONDS * min(count, 2) + MORE_PER_ITEM * count


def _slices(sight: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Parts of at most so many items, each with the runs that its items belong to."""
    items = sight["items"]
    if len(items) <= SLICE_ITEMS:
        yield sight
        return
    for start in range(0, len(items), SLICE_ITEMS):
        yield _part(sight, items[start : start + SLICE_ITEMS])


def _halves(sight: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    items = sight["items"]
    middle = len(items) // 2
    return _part(sight, items[:middle]), _part(sight, items[middle:])


def _part(sight: Mapping[str, Any], part: Sequence[Any]) -> Mapping[str, Any]:
    """These items, and of the runs only theirs."""
    used = sorted({item[0] for item in part})
    places = {run: place for place, run in enumerate(used)}
    moved = [(places[run], *rest) for run, *rest in part]
    return {**sight, "items": moved, "runs": [sight["runs"][run] for run in used]}


def _plain(value: object) -> object:
    """What JSON does not know, as it knows it."""
    return dict(value) if isinstance(value, Mapping) else str(value)


def _encode(sight: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(sight, enc_hook=_plain)
    except UnicodeEncodeError:  # half characters, which only the slower encoder can escape
        return json.dumps(sight, default=_plain).encode()
