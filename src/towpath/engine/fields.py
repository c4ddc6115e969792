"""Checks of parameters that name CRM objects, fields and values, before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from towpath.engine.conditions import WrittenCondition
from towpath.engine.misfits import misfits
from towpath.engine.node import CheckContext
from towpath.engine.params import Dynamic, has_template
from towpath.errors import SchemaError, did_you_mean
from towpath.model.condition import fields_of
from towpath.model.problem import Problem
from towpath.model.schema import ObjectSchema


class RowCheck(Protocol):
    """The CRM's own check of a row of values."""

    def check(self, row: Mapping[str, Any], /) -> object:
        """SchemaError for the first value that does not fit."""
        ...


CompileCheck = Callable[[ObjectSchema], RowCheck]


def object_problems(context: CheckContext, name: str, field: str = "object") -> Iterator[Problem]:
    """The object must exist."""
    if context.schema(name) is None:
        hint = did_you_mean(name, context.objects)
        yield Problem("node.unknown_object", f"there is no object {name!r}", context.node, field, hint=hint)


def field_problems(context: CheckContext, object_name: str, names: Iterable[str], field: str) -> Iterator[Problem]:
    """The object must have these fields; a path may lead into a field that holds JSON."""
    schema = context.schema(object_name)
    for name in names if schema else ():
        if schema and not _has_field(schema, name):
            hint = did_you_mean(name, schema.field_names)
            message = f"{object_name} has no field {name!r}"
            yield Problem("node.unknown_field", message, context.node, field, hint=hint)


def _has_field(schema: ObjectSchema, name: str) -> bool:
    first, dot, _ = name.partition(".")
    field = schema.field(first)
    return field is not None and (not dot or field.type == "json")


def condition_problems(
    context: CheckContext, object_name: str, condition: WrittenCondition | None, field: str
) -> Iterator[Problem]:
    """The fields that a condition reads must exist; values that they can never have are told."""
    if condition is None:
        return
    yield from field_problems(context, object_name, sorted(fields_of(condition.condition)), field)
    schema = context.schema(object_name)
    if schema is not None:
        yield from misfits(context, schema, condition.condition, field)


def value_problems(
    context: CheckContext, object_name: str, values: Dynamic[dict[str, Any]], field: str, compile_check: CompileCheck
) -> Iterator[Problem]:
    """Fields that are written must exist and be writable, and literal values must fit them."""
    schema, written = context.schema(object_name), values.source
    if schema is None or not isinstance(written, Mapping):
        return
    rows = compile_check(schema)
    for name, value in written.items():
        try:
            rows.check({name: None if has_template(value) else value})
        except SchemaError as error:
            code = error.code.replace("schema.", "node.", 1)
            yield Problem(code, error.message, context.node, f"{field}.{name}", hint=error.hint)
