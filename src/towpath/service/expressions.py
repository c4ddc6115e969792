"""Trying expressions: what one gives for an item, by which evaluator, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter_ns
from typing import Any

from towpath.engine.plan import time_zone
from towpath.errors import ExpressionError, InputError, LimitError, TowpathError
from towpath.expr import RunScope, Scope, Template, compile_template
from towpath.expr.foreign import program, sight
from towpath.service.platform import Platform

_KINDS: Mapping[type, str] = {
    type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object",
}  # fmt: skip
_SURROUNDINGS = ("record", "old", "globals", "nodes", "vars", "input")


def kind_of(value: Any) -> str:
    """JavaScript's kind of a JSON value: null, boolean, number, string, array or object."""
    return _KINDS.get(type(value), "object")


@dataclass(frozen=True, slots=True)
class Tried:
    """What an expression gave.

    ``kind`` is JavaScript's (or DateTime), ``evaluator`` literal, path, native or sandbox, ``reason`` says why not
    native; ``errors`` are those of JavaScript that made a value undefined.
    """

    value: Any
    kind: str
    errors: tuple[str, ...]
    evaluator: str
    reason: str
    microseconds: float

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "value": self.value,
            "type": self.kind,
            "errors": list(self.errors),
            "evaluator": self.evaluator,
            "reason": self.reason,
            "microseconds": self.microseconds,
        }


def try_expression(
    platform: Platform,
    text: str,
    item: Any = None,
    *,
    index: int = 0,
    zone: str = "UTC",
    surroundings: Mapping[str, Any] | None = None,
) -> Tried:
    """The value of a template for one item; ``surroundings`` may give record, old, globals, nodes, vars, input.

    Raises ExpressionError where it cannot be read or runs too long, NodeError where it fails.
    """
    scope = Scope({} if item is None else item, _run(platform, zone, surroundings or {}), index)
    template = compile_template(text)
    began = perf_counter_ns()
    try:
        value, kind, errors = _value(platform, template, text, scope)
    except LimitError as error:  # of the expression, not of how often one may ask
        raise ExpressionError(error.message, code=error.code, hint=error.hint) from None
    spent = (perf_counter_ns() - began) / 1000
    reason = template.refusal.message if template.refusal is not None else ""
    return Tried(value, kind, errors, template.kind, reason, spent)


def _value(platform: Platform, template: Template, text: str, scope: Scope) -> tuple[Any, str, tuple[str, ...]]:
    if template.refusal is None:
        (value,) = template.evaluate([scope], platform.sandbox)
        if isinstance(value, TowpathError):
            raise value
        return value, kind_of(value), ()
    if platform.sandbox is None:
        raise template.refusal
    asked = program(text)
    return platform.sandbox.explain((asked.source, asked.chunks), sight([asked], [scope]))


def _run(platform: Platform, zone: str, surroundings: Mapping[str, Any]) -> RunScope:
    if wrong := set(surroundings) - set(_SURROUNDINGS):
        named = ", ".join(sorted(wrong))
        hint = f"Known: {', '.join(_SURROUNDINGS)}."
        raise InputError(f"Unknown surroundings: {named}.", code="input.unknown", hint=hint)
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=platform.clock.now())
    return RunScope(now=now.astimezone(time_zone(zone)), env=platform.environment, **surroundings)
