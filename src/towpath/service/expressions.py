"""Trying expressions: what one gives for an item, by which evaluator, and what could be written next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter_ns
from typing import Any

from towpath.errors import InputError
from towpath.expr import RunScope, Scope, Template, compile_template
from towpath.expr.foreign import program, sight
from towpath.expr.methods.extensions import EXTENSIONS
from towpath.service.platform import Platform

_KINDS: Mapping[type, str] = {
    type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object",
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "$json": "The item.",
    "$record": "The record that the run is about.",
    "$old": "The record as it was before the change that started the run.",
    "$global": "Values kept for the rest of the run.",
    "$vars": "The variables of the workflow.",
    "$input": "The items that came in: .item, .first(), .last(), .all().",
    "$('Node')": "The items of another node: .item, .first(), .last(), .all().",
    "$now": "The present time, a DateTime.",
    "$today": "The start of today, a DateTime.",
    "$itemIndex": "The place of the item, from 0.",
    "$runIndex": "How often the node has run before, from 0.",
    "$workflow": "The workflow: .id, .name.",
    "$execution": "The run: .id.",
    "$if": "$if(test, then, otherwise).",
    "$ifEmpty": "$ifEmpty(value, otherwise).",
    "$min": "The smallest of numbers.",
    "$max": "The largest of numbers.",
    "$jmespath": "$jmespath(data, 'path').",
    "DateTime": "Dates and times of luxon.",
    "Duration": "Lengths of time of luxon.",
    "Interval": "Intervals of luxon.",
    "Math": "Functions of numbers.",
    "JSON": "JSON.parse and JSON.stringify.",
    "Object": "Object.keys, Object.values, Object.entries.",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What an expression gave. ``kind`` is JavaScript's; ``evaluator`` literal, path, native or sandbox."""

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
    platform: Platform, text: str, item: Any = None, *, surroundings: Mapping[str, Any] | None = None
) -> Tried:
    """The value of a template for one item; ``surroundings`` may give record, old, globals, nodes, vars.

    Raises ExpressionError where it cannot be read, LimitError where it runs too long.
    """
    scope = Scope({} if item is None else item, _run(platform, surroundings or {}))
    template = compile_template(text)
    began = perf_counter_ns()
    if template.kind == "sandbox":
        value, kind, errors = _explained(platform, template, text, scope)
    else:
        (value,) = template.evaluate([scope], platform.sandbox)
        kind, errors = _KINDS.get(type(value), "object"), ()
    spent = (perf_counter_ns() - began) / 1000
    reason = template.refusal.message if template.refusal is not None else ""
    return Tried(value, kind, errors, template.kind, reason, spent)


def _explained(platform: Platform, template: Template, text: str, scope: Scope) -> tuple[Any, str, tuple[str, ...]]:
    if platform.sandbox is None:
        assert template.refusal is not None  # noqa: S101 - it is what makes it the sandbox's
        raise template.refusal
    asked = program(text)
    return platform.sandbox.explain((asked.source, asked.chunks), sight([asked], [scope]))


def _run(platform: Platform, surroundings: Mapping[str, Any]) -> RunScope:
    known = {"record", "old", "globals", "nodes", "vars", "input"}
    if wrong := set(surroundings) - known:
        named = ", ".join(sorted(wrong))
        raise InputError(f"Unknown surroundings: {named}.", code="input.unknown", hint=f"Known: {sorted(known)}")
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=platform.clock.now())
    return RunScope(now=now, **surroundings)


def completions(item: Any = None) -> dict[str, Any]:
    """What an editor offers: the names in scope with help, the item's fields with types, the methods with help."""
    fields = [{"name": name, "type": _KINDS.get(type(value), "object")} for name, value in _fields(item)]
    return {
        "names": [{"name": name, "help": text} for name, text in _NAMES.items()],
        "fields": fields,
        "methods": {
            kind: [{"name": name, "help": text} for name, text in table.items()] for kind, table in EXTENSIONS.items()
        },
    }


def _fields(item: Any, path: str = "$json", depth: int = 3) -> list[tuple[str, Any]]:
    """The paths into an item, a few levels deep."""
    if not isinstance(item, Mapping) or not depth:
        return []
    found = []
    for name, value in item.items():
        plain = str(name).isidentifier()
        here = f"{path}.{name}" if plain else f'{path}["{name}"]'
        found.append((here, value))
        found += _fields(value, here, depth - 1)
    return found
