"""Expressions that the native evaluator leaves to a sandbox: what is sent there, in one crossing for many items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from towpath.errors import TowpathError
from towpath.expr.chunks import Code, split
from towpath.expr.leaving import leave
from towpath.expr.names import iso_text
from towpath.expr.rewriting import rewritten
from towpath.expr.scope import RunScope, Scope
from towpath.expr.tokens import Token
from towpath.expr.unavailable import unavailable_in

Chunks = tuple[tuple[str, str], ...]
_DYNAMIC = frozenset({"eval", "Function"})
_EVERYTHING = frozenset(
    {"$json", "$record", "$old", "$global", "$vars", "$workflow", "$input", "$execution", "$runIndex"}
)
_PAIRED = frozenset({"item", "$node", "pairedItem", "itemMatching", "$getPairedItem"})


class Evaluator(Protocol):
    """Evaluates whole batches of JavaScript; ``towpath.ports.sandbox`` says what the arguments are."""

    def evaluate(
        self, context: str, programs: Sequence[tuple[str, Chunks]], sight: Mapping[str, Any]
    ) -> list[list[Any] | TowpathError]:
        """For each item the values of all programs, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """A template as JavaScript: chunks of text and code, and what it reads.

    ``node_refs`` are the nodes it names; ``any_node`` says that it may read others, whose names it computes.
    ``unavailable`` is a name in it that the sandbox refuses.
    """

    source: str
    chunks: Chunks
    names: frozenset[str]
    node_refs: frozenset[str]
    any_node: bool
    unavailable: str | None


@lru_cache(maxsize=4096)
def program(source: str) -> Program:
    """The program of a template's text; raises ExpressionError where the text has no end."""
    parts = split(source)
    codes = [part for part in parts if isinstance(part, Code)]
    tokens = [token for code in codes for token in _flat(code.tokens)]
    names = frozenset(str(token.value) for token in tokens if token.kind == "name")
    if names & _DYNAMIC:
        names |= _EVERYTHING
    known, any_node = _nodes(tokens)
    chunks = tuple(("text", part) if isinstance(part, str) else ("code", _code(source, part)) for part in parts)
    return Program(source, chunks, names, frozenset(known), any_node or bool(names & _DYNAMIC),
                   next(iter(unavailable_in(tokens)), None))  # fmt: skip


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens with those inside template literals."""
    for token in tokens:
        yield token
        if token.kind == "template" and isinstance(token.value, tuple):
            for part in token.value:
                if isinstance(part, list):
                    yield from _flat(part)


def _code(source: str, chunk: Code) -> str:
    """The JavaScript of a chunk, with what n8n adds to the language written so that the sandbox finds it."""
    start, end = chunk.start + 2, chunk.tokens[-1].start
    pieces, at = [], start
    for first, last, text in sorted(rewritten(chunk.tokens)):
        pieces += [source[at:first], text]
        at = last
    pieces.append(source[at:end])
    return "".join(pieces).replace("\\}}", "}}")


def _nodes(tokens: Sequence[Token]) -> tuple[set[str], bool]:
    """The nodes that are named outright, and whether others may be read too."""
    known: set[str] = set()
    any_node = False
    for token, opening, name in zip(tokens, tokens[1:], [*tokens[2:], *tokens[:1]], strict=False):
        if token.kind != "name" or token.value not in ("$", "$node", "$items"):
            continue
        bracketed = name.kind == "string" and (opening.is_mark("(") or opening.is_mark("["))
        if bracketed or (token.value == "$node" and opening.is_mark(".") and name.kind == "name"):
            known.add(str(name.value))
        elif not (token.value == "$items" and opening.is_mark("(") and name.is_mark(")")):
            any_node = True
    return known, any_node


def answer(evaluator: Evaluator, sources: Iterable[str], scopes: Sequence[Scope]) -> None:
    """Evaluate these texts for all scopes and leave the values in ``scope.answers``, by text."""
    programs = [program(source) for source in sources]
    rows = evaluator.rows(programs, scopes) if isinstance(evaluator, Together) else _rows(evaluator, programs, scopes)
    for scope, row in zip(scopes, rows, strict=True):
        if isinstance(row, TowpathError):
            scope.answers = dict.fromkeys((each.source for each in programs), row)
        else:
            scope.answers = {each.source: _left(value) for each, value in zip(programs, row, strict=True)}


def _rows(evaluator: Evaluator, programs: Sequence[Program], scopes: Sequence[Scope]) -> list[list[Any] | TowpathError]:
    asked = [(each.source, each.chunks) for each in programs]
    return evaluator.evaluate(_context(scopes[0].run), asked, sight(programs, scopes))


class Together:
    """Asks for all expressions of one node when the first of them is asked for: one crossing, however many they are.

    An item that fails over one of them is asked again for each alone, so that every parameter has its own error.
    """

    def __init__(self, evaluator: Evaluator, sources: Iterable[str]) -> None:
        self._evaluator = evaluator
        self._programs = [program(source) for source in sources]
        self._known: dict[int, tuple[Scope, dict[str, Any] | None]] = {}  # by the identity of the scope

    def evaluate(
        self, context: str, programs: Sequence[tuple[str, Chunks]], sight: Mapping[str, Any]
    ) -> list[list[Any] | TowpathError]:
        """As the evaluator itself does."""
        return self._evaluator.evaluate(context, programs, sight)

    def rows(self, programs: Sequence[Program], scopes: Sequence[Scope]) -> list[list[Any] | TowpathError]:
        """For each scope the values of these programs."""
        if any(each not in self._programs for each in programs):
            return _rows(self._evaluator, programs, scopes)
        fresh = [scope for scope in scopes if id(scope) not in self._known]
        if fresh:
            for scope, row in zip(fresh, _rows(self._evaluator, self._programs, fresh), strict=True):
                self._known[id(scope)] = (scope, self._named(row))
        found = [self._known[id(scope)][1] for scope in scopes]
        failed = [scope for scope, values in zip(scopes, found, strict=True) if values is None]
        again = iter(_rows(self._evaluator, programs, failed) if failed else ())
        return [next(again) if values is None else [values[each.source] for each in programs] for values in found]

    def _named(self, row: list[Any] | TowpathError) -> dict[str, Any] | None:
        if isinstance(row, TowpathError):
            return None
        return {each.source: value for each, value in zip(self._programs, row, strict=True)}


def _left(value: Any) -> Any:
    return value if value is None or type(value) in (bool, int) else leave(value)


def sight(programs: Sequence[Program], scopes: Sequence[Scope]) -> dict[str, Any]:
    """What the programs can see of these scopes; each run once, and only the parts that are named."""
    names = frozenset[str]().union(*(each.names for each in programs))
    nodes = None if any(each.any_node for each in programs) else {n for each in programs for n in each.node_refs}
    places: dict[int, int] = {}
    runs: list[dict[str, Any]] = []
    items: list[tuple[Any, ...]] = []
    for scope in scopes:
        place = places.get(id(scope.run))
        if place is None:
            place = places[id(scope.run)] = len(runs)
            runs.append(_run(scope.run, names, nodes))
        items.append((place, scope.index, scope.json, *_beside(scope, names, nodes)))
    return {"runs": runs, "items": items, "shared": _shared(scopes[0].run, names), "zone": _zone(scopes[0].run)}


def code_sight(
    source: str, scopes: Sequence[Scope], inputs: Sequence[list[Any]], files: Sequence[list[Any] | None]
) -> tuple[str, dict[str, Any]]:
    """The context of a workflow version, and what a piece of code can see.

    ``inputs`` are the input items of each run, ``files`` what they carry where any of them carries something.
    """
    names = frozenset(re.findall(r"[$\w]+", source.replace("_", "$"))) | _EVERYTHING
    dynamic = bool(names & {"$", "$node", "$nodes", "$items"})
    seen: dict[int, int] = {}
    runs: list[dict[str, Any]] = []
    items: list[tuple[Any, ...]] = []
    for scope, given, carried in zip(scopes, inputs, files, strict=True):
        if id(scope.run) not in seen:
            seen[id(scope.run)] = len(runs)
            run = {**_run(scope.run, names, None if dynamic else set()), "input": given}
            runs.append({**run, "files": carried} if carried else run)
        items.append((seen[id(scope.run)], scope.index, scope.json, *_beside(scope, names, None if dynamic else set())))
    first = scopes[0].run
    return _context(first), {"runs": runs, "items": items, "shared": _shared(first, names), "zone": _zone(first)}


def _context(run: RunScope) -> str:
    return f"{run.workflow.get('id', '')}@{run.workflow.get('version', '')}"


def _shared(run: RunScope, names: frozenset[str]) -> dict[str, Any]:
    """What all runs of a batch see alike: the allowed environment, and the node that evaluates."""
    seen = dict(run.about)
    if "$env" in names:
        seen["env"] = dict(run.env)
    return seen


def _run(run: RunScope, names: frozenset[str], nodes: set[str] | None) -> dict[str, Any]:
    seen: dict[str, Any] = {"id": run.id, "runIndex": run.run_index}
    if run.now is not None:
        seen["now"] = iso_text(run.now)
    for name, value in (("record", run.record), ("old", run.old), ("global", run.globals), ("vars", run.vars)):
        if "$" + name in names:
            seen[name] = dict(value) if value is not None else None
    if run.contexts and "context" in names:
        seen["contexts"] = run.contexts
    if run.page and names & {"$response", "$request", "$pageCount"}:
        seen["page"] = dict(run.page)
    if run.links and "$execution" in names:
        seen["links"] = dict(run.links)
    if "$workflow" in names:
        seen["workflow"] = dict(run.workflow)
    if names & {"$input", "$items", "items", "$item"}:
        seen["input"] = list(run.input)
    if nodes is None or nodes:
        seen["nodes"] = {name: found for name, found in run.nodes.items() if nodes is None or name in nodes}
    return seen


def _beside(scope: Scope, names: frozenset[str], nodes: set[str] | None) -> tuple[Any, ...]:
    """What an item has beside its JSON, as far as it is asked for: its files, and the items it comes from."""
    item = scope.item
    if item is None:
        return ()
    binary = dict(item.binary) if item.binary and names & {"$binary", "binary"} else None
    lineage = item.lineage
    if lineage is None or not names & _PAIRED:
        return (binary,) if binary else ()
    return (binary, {name: json for name, json in lineage.items() if nodes is None or name in nodes})


def _zone(run: RunScope) -> str:
    """The name of the time zone of the workflow's clock."""
    key = getattr(run.now.tzinfo, "key", None) if run.now is not None else None
    return key if isinstance(key, str) else "utc"
