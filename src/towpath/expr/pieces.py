"""The functions that a template's parts become: one expression alone keeps its type, several pieces are text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.errors import TowpathError
from towpath.expr.chunks import Code
from towpath.expr.columns import Column, Leaving, compile_column, joined, only_path, only_value
from towpath.expr.compiler import compile_node, is_path, plain_json_keys
from towpath.expr.failing import divided_by_zero, expression_failed
from towpath.expr.leaving import AS_THEY_ARE, is_division_by_zero, leave, leave_number
from towpath.expr.names import DATES, Run
from towpath.expr.parser import parse
from towpath.expr.properties import get_property
from towpath.expr.scope import Scope
from towpath.expr.sources import referred_nodes
from towpath.expr.tree import Name, walk
from towpath.expr.values import FAILURES, UNDEFINED, DeclinedError, OwnError, check_size, to_text, well_formed


def _declined(scope: Scope, source: str) -> Any:
    """A value that the native evaluator will not give: the sandbox's, once it has been asked."""
    if scope.answers and source in scope.answers:
        return scope.answers[source]
    scope.answers = False
    return None


def _failed(scope: Scope, source: str, error: TowpathError) -> None:
    """Leave an error for ``evaluate`` to find: a template's function itself never raises."""
    if scope.answers is False:  # the sandbox will be asked, and then comes back here
        return
    scope.answers = scope.answers or {}
    scope.answers[source] = error


@dataclass(frozen=True, slots=True)
class CompiledCode:
    """One compiled ``{{ }}`` with what it refers to; ``keys`` are those of a plain ``$json.a.b``.

    ``column`` evaluates it for many items at once, where it can be.
    """

    run: Run
    column: Column | None
    is_path: bool
    keys: tuple[str, ...] | None
    names: frozenset[str]
    node_refs: frozenset[str]


def compile_code(source: str, chunk: Code) -> CompiledCode:
    """Compile the inside of one chunk. Raises NotNativeError for what only the sandbox can do."""
    tree = parse(source, chunk.tokens)
    nodes = [node for node, _ in walk(tree)]
    names = frozenset(node.name for node in nodes if isinstance(node, Name) and node.name.startswith("$"))
    run = compile_node(source, tree, has_dates=bool(names & DATES))
    return CompiledCode(
        run, compile_column(tree), is_path(tree), plain_json_keys(tree), names, frozenset(referred_nodes(nodes))
    )


def only(source: str, code: CompiledCode) -> Callable[[Scope], object]:
    """The function of a template that is one expression and nothing else."""
    if code.keys is not None:
        return _json_path(code.keys)
    return _path_value(code.run) if code.is_path else _value(source, code.run)


def only_column(code: CompiledCode) -> Leaving | None:
    """The same for many items at once, where that can be."""
    if code.column is None:
        return None
    return only_path(code.column) if code.is_path else only_value(code.column)


def joined_column(parts: Sequence[str | CompiledCode]) -> Leaving | None:
    """What ``joined_text`` gives, for many items at once, where that can be."""
    columns = [part if isinstance(part, str) else part.column for part in parts]
    return None if None in columns else joined([part for part in columns if part is not None])


def _value(source: str, run: Run) -> Callable[[Scope], object]:
    """The value of an only expression, which keeps its type; whatever JavaScript would throw makes it None."""

    def one(scope: Scope) -> object:
        try:
            value = run(scope)
            if type(value) in AS_THEY_ARE:
                return value
            if type(value) is float and is_division_by_zero(value):
                _failed(scope, source, divided_by_zero(source))
                return None
            return leave(value)
        except DeclinedError:
            return _declined(scope, source)
        except OwnError as error:
            _failed(scope, source, expression_failed(source, str(error), error.code))
            return None
        except FAILURES:
            return None

    return one


def _path_value(run: Run) -> Callable[[Scope], object]:
    """As ``_value``, but what is found came in as JSON and can leave as it is."""

    def one(scope: Scope) -> object:
        try:
            value = run(scope)
        except FAILURES:
            return None
        if value is UNDEFINED:
            return None
        return leave_number(value) if type(value) is float else value

    return one


def _json_path(keys: tuple[str, ...]) -> Callable[[Scope], object]:
    """``$json.a.b`` in one function: the commonest template, so that no call inside it is to be paid."""

    def one(scope: Scope) -> object:
        value = scope.json
        for key in keys:
            if type(value) is dict:
                value = value.get(key, UNDEFINED)
            else:
                try:
                    value = get_property(value, key)
                except FAILURES:
                    return None
        if value is UNDEFINED:
            return None
        return leave_number(value) if type(value) is float else value

    return one


def piece(part: str | CompiledCode) -> Callable[[Scope], str]:
    """The text of one chunk: empty for null, undefined and failure."""
    if isinstance(part, str):
        return lambda _: part
    run = part.run

    def text(scope: Scope) -> str:
        try:
            value = run(scope)
            return "" if value is None or value is UNDEFINED else to_text(value)
        except (DeclinedError, OwnError):
            raise
        except FAILURES:
            return ""

    return text


def joined_text(source: str, pieces: Sequence[Callable[[Scope], str]]) -> Callable[[Scope], object]:
    """The function of a template of several pieces: their text."""

    def one(scope: Scope) -> object:
        try:
            texts = [each(scope) for each in pieces]
            check_size(sum(map(len, texts)))
        except DeclinedError:
            return _declined(scope, source)
        except OwnError as error:
            _failed(scope, source, expression_failed(source, str(error), error.code))
            return None
        joined = "".join(texts)
        return joined if joined.isascii() else well_formed(joined)

    return one
