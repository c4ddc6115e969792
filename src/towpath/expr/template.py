"""Templates: parameter values with expressions inside, compiled once and evaluated for many items."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from towpath.errors import ExpressionError, TowpathError
from towpath.expr.chunks import is_template_text, split
from towpath.expr.columns import Leaving, objects
from towpath.expr.foreign import Evaluator, answer, program
from towpath.expr.pieces import CompiledCode, compile_code, joined_column, joined_text, only, only_column, piece
from towpath.expr.scope import Scope
from towpath.expr.syntax import NotNativeError, error_at

Kind: TypeAlias = Literal["literal", "path", "native", "sandbox"]
MAX_DATA_DEPTH = 100  # lists and objects inside each other in one parameter
_CACHED_LENGTH = 4096  # longer texts are compiled anew, so that the cache stays small


def _failure(scope: Scope) -> TowpathError | None:
    """The error that the sandbox answered with or that a division by zero left, if any."""
    found = scope.answers or {}
    return next((value for value in found.values() if isinstance(value, TowpathError)), None)


class Template:
    """A parameter value that may depend on the item.

    ``kind`` is "literal" (the same for every item), "path" (one walk along fixed keys), "native" or "sandbox"
    (a part of it needs JavaScript; ``refusal`` says why); ``names`` are the ``$``-names it reads, ``node_refs`` the
    workflow nodes it refers to by name, ``texts`` the expressions in it and ``foreign`` those for the sandbox.
    ``column`` gives what ``evaluate`` gives from nothing but the JSON of the items; it is None, or gives None, where
    each of them needs its scope.
    """

    __slots__ = ("_one", "_value", "column", "foreign", "kind", "names", "node_refs", "refusal", "texts")

    def __init__(
        self,
        value: object,
        kind: Kind,
        one: Callable[[Scope], Any],
        names: frozenset[str] = frozenset(),
        node_refs: frozenset[str] = frozenset(),
        *,
        texts: frozenset[str] = frozenset(),
        foreign: frozenset[str] = frozenset(),
        refusal: ExpressionError | None = None,
        column: Leaving | None = None,
    ) -> None:
        self._value = value
        self.column = column
        self.texts = texts
        self.foreign = foreign
        self.refusal = refusal
        self._one = one
        self.kind: Kind = kind
        self.names = names
        self.node_refs = node_refs

    @property
    def source(self) -> str:
        """What was compiled: the text itself, or the JSON of another value."""
        if isinstance(self._value, str):
            return self._value
        return json.dumps(self._value, ensure_ascii=False, default=str)

    @property
    def one(self) -> Callable[[Scope], Any]:
        """The function that evaluates the template for one scope; it never raises."""
        return self._one

    def evaluate(self, scopes: Sequence[Scope], evaluator: Evaluator | None = None) -> list[Any]:
        """The value for each scope, in order, as JSON; what JavaScript would leave undefined is None.

        ``evaluator`` is the sandbox for what is not native; without one, a template that needs it raises its
        refusal. Where a limit of the sandbox is reached, or an expression on its own divides by zero, the value is
        a TowpathError.
        Constant parts are shared between the results, so they are not to be changed in place.
        """
        one = self._one
        if self.kind == "literal":
            return [one(scope) for scope in scopes[:1]] * len(scopes)
        if self.refusal is not None:
            if evaluator is None:
                raise self.refusal
            return self._evaluate_foreign(scopes, evaluator)
        values = [one(scope) for scope in scopes]
        if self.kind == "native":
            self._look_again(scopes, values, evaluator)
        return values

    def _evaluate_foreign(self, scopes: Sequence[Scope], evaluator: Evaluator) -> list[Any]:
        """One crossing for all foreign parts, then everything is put together."""
        if not scopes:
            return []
        answer(evaluator, sorted(self.foreign), scopes)
        values = [_failure(scope) or self._one_or_failure(scope) for scope in scopes]
        declined = [place for place, scope in enumerate(scopes) if scope.answers is False]
        if declined:  # a native part beside the foreign ones
            self._ask(scopes, values, declined, evaluator)
        for scope in scopes:
            scope.answers = None
        return values

    def _one_or_failure(self, scope: Scope) -> Any:
        value = self._one(scope)
        return _failure(scope) or value

    def _look_again(self, scopes: Sequence[Scope], values: list[Any], evaluator: Evaluator | None) -> None:
        """Ask the sandbox where the native evaluator declined; put errors where there was a division by zero."""
        marked = [place for place, scope in enumerate(scopes) if scope.answers is not None]
        declined = [place for place in marked if scopes[place].answers is False]
        for place in marked:
            values[place] = _failure(scopes[place]) or values[place]
            scopes[place].answers = None
        if declined and evaluator is not None:
            self._ask(scopes, values, declined, evaluator)

    def _ask(self, scopes: Sequence[Scope], values: list[Any], places: list[int], evaluator: Evaluator) -> None:
        """The values of these places, all of them from the sandbox."""
        asked = [scopes[place] for place in places]
        answer(evaluator, sorted(self.texts), asked)
        for place, scope in zip(places, asked, strict=True):
            values[place] = None if _failure(scope) else self._one_or_failure(scope)
            scope.answers = None

    def __repr__(self) -> str:
        return f"Template({self.source!r}, {self.kind})"


def is_template(value: object) -> bool:
    """Whether the value, or anything inside it, is an expression."""
    if isinstance(value, str):
        return is_template_text(value)
    if isinstance(value, Mapping):
        return any(map(is_template, value.values()))
    return isinstance(value, list | tuple) and any(map(is_template, value))


def compile_template(value: object) -> Template:
    """Compile any JSON value; expressions may stand in texts at any depth.

    Raises ExpressionError: ``expression.syntax``, ``expression.unknown_name``, ``expression.too_long``
    or ``expression.too_deep``, with line and column.
    """
    return _compile(value, 0)


def _compile(value: object, depth: int) -> Template:
    if isinstance(value, str):
        return _compile_text(value) if is_template_text(value) else _constant(value)
    if depth > MAX_DATA_DEPTH:
        raise ExpressionError(
            f"The value is nested deeper than {MAX_DATA_DEPTH} levels.",
            code="expression.too_deep",
            hint="Build it with a Code node or in several steps.",
        )
    if isinstance(value, Mapping):
        return _compile_object(value, {key: _compile(part, depth + 1) for key, part in value.items()})
    if isinstance(value, list | tuple):
        return _compile_list(value, [_compile(part, depth + 1) for part in value])
    return _constant(value)


def _constant(value: object) -> Template:
    return Template(value, "literal", lambda _: value)


def _compile_object(value: Mapping[str, object], parts: dict[str, Template]) -> Template:
    """An object: the constant part is built once, only the keys that vary are evaluated per item."""
    varying = [(key, part.one) for key, part in parts.items() if part.kind != "literal"]
    base = {key: part.one(_NOWHERE) if part.kind == "literal" else None for key, part in parts.items()}
    if not varying:
        return _constant(base)

    def one(scope: Scope) -> dict[str, Any]:
        result = base.copy()
        for key, evaluate in varying:
            result[key] = evaluate(scope)
        return result

    columns = {key: part.column for key, part in parts.items() if part.kind != "literal" and part.column is not None}
    column = objects(base, columns) if len(columns) == len(varying) else None
    return _composed(value, one, list(parts.values()), column)


def _compile_list(value: Sequence[object], parts: list[Template]) -> Template:
    if all(part.kind == "literal" for part in parts):
        return _constant([part.one(_NOWHERE) for part in parts])
    ones = [part.one for part in parts]
    return _composed(value, lambda scope: [one(scope) for one in ones], parts)


def _composed(
    value: object, one: Callable[[Scope], Any], parts: Sequence[Template], column: Leaving | None = None
) -> Template:
    names = frozenset[str]().union(*(part.names for part in parts))
    node_refs = frozenset[str]().union(*(part.node_refs for part in parts))
    return Template(
        value,
        "sandbox" if any(part.refusal for part in parts) else "native",
        one,
        names,
        node_refs,
        texts=frozenset[str]().union(*(part.texts for part in parts)),
        foreign=frozenset[str]().union(*(part.foreign for part in parts)),
        refusal=next((part.refusal for part in parts if part.refusal), None),
        column=column,
    )


def _compile_text(source: str) -> Template:
    return _cached(source) if len(source) <= _CACHED_LENGTH else _compile_chunks(source)


@lru_cache(maxsize=4096)
def _cached(source: str) -> Template:
    return _compile_chunks(source)


def _compile_chunks(source: str) -> Template:
    try:
        parts = [chunk if isinstance(chunk, str) else compile_code(source, chunk) for chunk in split(source)]
    except NotNativeError as found:
        return _foreign(source, found)
    codes = [part for part in parts if isinstance(part, CompiledCode)]
    if not codes:
        return Template(source, "literal", _same("".join(part for part in parts if isinstance(part, str))))
    names = frozenset[str]().union(*(code.names for code in codes))
    node_refs = frozenset[str]().union(*(code.node_refs for code in codes))
    texts = frozenset([source])
    if len(parts) == 1:
        kind: Kind = "path" if codes[0].is_path else "native"
        one, column = only(source, codes[0]), only_column(codes[0])
        return Template(source, kind, one, names, node_refs, texts=texts, column=column)
    one = joined_text(source, [piece(part) for part in parts])
    return Template(source, "native", one, names, node_refs, texts=texts, column=joined_column(parts))


def _foreign(source: str, found: NotNativeError) -> Template:
    """A template for the sandbox."""
    message = f"Towpath cannot evaluate {found.construct} natively."
    refusal = error_at(source, found.start, message, code="expression.not_native", hint=found.instead)
    known, texts = program(source), frozenset([source])
    names = frozenset(name for name in known.names if name.startswith("$"))
    one = _said(source)
    return Template(source, "sandbox", one, names, known.node_refs, texts=texts, foreign=texts, refusal=refusal)


def _said(source: str) -> Callable[[Scope], Any]:
    """What the sandbox said of the text."""
    return lambda scope: scope.answers.get(source) if scope.answers else None


def _same(value: object) -> Callable[[Scope], object]:
    return lambda _: value


_NOWHERE: Any = None  # literals ignore their scope
