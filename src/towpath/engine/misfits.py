"""Values in conditions that a field can never have: they are told before anything runs, as nothing fails later."""

from __future__ import annotations

from collections.abc import Iterator

from towpath.engine.node import CheckContext
from towpath.engine.params import has_template
from towpath.errors import did_you_mean
from towpath.model.condition import Comparison, Condition, Field, leaves
from towpath.model.moment import from_text
from towpath.model.problem import Problem
from towpath.model.schema import FieldSchema, ObjectSchema

_WHOLE_VALUES = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not_in", "between"})
_NUMBERS = frozenset({"number", "integer", "money"})
_TIMES = frozenset({"date", "datetime"})


def misfits(context: CheckContext, schema: ObjectSchema, condition: Condition, place: str) -> Iterator[Problem]:
    """A warning for each value of the condition that does not fit the field it is compared with."""
    for leaf in leaves(condition):
        if not (isinstance(leaf, Comparison) and isinstance(leaf.left, Field) and leaf.operator in _WHOLE_VALUES):
            continue
        field = schema.field(leaf.left.name)
        for value in leaf.right if isinstance(leaf.right, tuple) else (leaf.right,):
            if field is None or value is None or isinstance(value, Field) or has_template(value):
                continue
            found = _misfit(schema.name, field, value)
            if found is not None:
                code, message, hint = found
                yield Problem(code, message, context.node, place, hint=hint, severity="warning")


def _misfit(object_name: str, field: FieldSchema, value: str | float | bool) -> tuple[str, str, str | None] | None:
    name = f"{object_name}.{field.name}"
    if field.type == "choice" and field.choices and value not in field.choices:
        hint = did_you_mean(str(value), field.choices)
        return "node.unknown_choice", f"{name} is compared with {value!r}, which is not one of the choices", hint
    if field.type in _NUMBERS and not _is_number(value):
        return "node.wrong_type", f"{name} is compared with {value!r}, which is not a number", "Write a number."
    if field.type in _TIMES and not _is_time(value):
        hint = "Write a date like 2026-03-31 or a time like 2026-03-31T08:00:00Z."
        return "node.wrong_type", f"{name} is compared with {value!r}, which is not a {field.type}", hint
    if field.type == "checkbox" and not isinstance(value, bool):
        return "node.wrong_type", f"{name} is compared with {value!r}", "Write true or false."
    return None


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and float(value) == float(value)  # type: ignore[arg-type]
    except ValueError:
        return False


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and from_text(value) is not None
    except ValueError:
        return False
