"""Conditions over a record: frozen nouns and their JSON form.

A condition is two-valued. A comparison with an unknown value (null or missing) is false, and so
``not`` of it is true; only ``== null``, ``!= null`` and the emptiness tests ask about unknown itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from towpath.errors import ExpressionError, did_you_mean

Operator: TypeAlias = Literal[
    "==", "!=", "<", "<=", ">", ">=", "in", "not_in", "contains", "not_contains",
    "starts_with", "ends_with", "between", "is_empty", "is_not_empty",
]  # fmt: skip

OPERATORS: tuple[Operator, ...] = (
    "==", "!=", "<", "<=", ">", ">=", "in", "not_in", "contains", "not_contains",
    "starts_with", "ends_with", "between", "is_empty", "is_not_empty",
)  # fmt: skip
UNARY_OPERATORS = frozenset({"is_empty", "is_not_empty"})
LIST_OPERATORS = frozenset({"in", "not_in", "between"})
OPERATOR_ALIASES: Mapping[str, Operator] = {"=": "==", "===": "==", "!==": "!=", "<>": "!="}
MAX_CONDITION_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a field of the record; dots go into parts, as in ``account.name``."""

    name: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The steps of the path."""
        return tuple(self.name.split("."))


Scalar: TypeAlias = str | int | float | bool | None
Operand: TypeAlias = Field | Scalar | tuple[Field | Scalar, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``; lists are tuples, and ``right`` is None where the operator takes none."""

    left: Field | Scalar
    operator: Operator
    right: Operand = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts it is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - Any is taken
    """At least one part holds; without parts it is false."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Changed:
    """The field has another value than before the change; false for a new record."""

    field: Field


@dataclass(frozen=True, slots=True)
class Was:
    """The comparison held for the value before the change; false for a new record."""

    field: Field
    operator: Operator
    value: Operand = None


@dataclass(frozen=True, slots=True)
class Increased:
    """The field is greater than before the change; both values must be known."""

    field: Field


@dataclass(frozen=True, slots=True)
class Decreased:
    """The field is less than before the change; both values must be known."""

    field: Field


Condition: TypeAlias = Comparison | All | Any_ | Not | Changed | Was | Increased | Decreased

ALWAYS = All(())
NEVER = Any_(())


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside this one."""
    if isinstance(condition, All | Any_):
        return condition.parts
    return (condition.part,) if isinstance(condition, Not) else ()


def leaves(condition: Condition) -> Iterator[Condition]:
    """The conditions without conditions inside, from left to right."""
    inside = children(condition)
    if not inside and not isinstance(condition, All | Any_):
        yield condition
    for part in inside:
        yield from leaves(part)


def fields_of(condition: Condition) -> frozenset[str]:
    """The names of all fields that the condition reads."""
    return frozenset(field.name for leaf in leaves(condition) for field in _fields_of_leaf(leaf))


def _fields_of_leaf(leaf: Condition) -> Iterator[Field]:
    if isinstance(leaf, Comparison):
        operands: tuple[Operand, ...] = (leaf.left, leaf.right)
    elif isinstance(leaf, Was):
        operands = (leaf.field, leaf.value)
    else:
        operands = (leaf.field,) if isinstance(leaf, Changed | Increased | Decreased) else ()
    for operand in operands:
        for value in operand if isinstance(operand, tuple) else (operand,):
            if isinstance(value, Field):
                yield value


def bind(condition: Condition, resolve: Callable[[Scalar], object]) -> Condition:
    """The condition with every literal value replaced by ``resolve(value)``, as for ``{{ }}`` inside conditions.

    A value that resolves from something to null is *unknown*, not the question "is it null?": its
    comparison becomes false, so that a search for a missing e-mail never finds all records without one.
    """
    match condition:
        case All(parts):
            return All(tuple(bind(part, resolve) for part in parts))
        case Any_(parts):
            return Any_(tuple(bind(part, resolve) for part in parts))
        case Not(part):
            return Not(bind(part, resolve))
        case Comparison(left, operator, right):
            left_bound, right_bound = _bind_operand(left, resolve), _bind_operand(right, resolve)
            if _vanished(left, left_bound) or _vanished(right, right_bound) or isinstance(left_bound, tuple):
                return NEVER
            return Comparison(left_bound, operator, right_bound)
        case Was(field, operator, value):
            bound = _bind_operand(value, resolve)
            return NEVER if _vanished(value, bound) else Was(field, operator, bound)
    return condition


def _bind_operand(operand: Operand, resolve: Callable[[Scalar], object]) -> Operand:
    if isinstance(operand, Field) or operand is None:
        return operand
    if isinstance(operand, tuple):
        bound = [(value, _bind_operand(value, resolve)) for value in operand]
        return tuple(new for old, new in bound if not _vanished(old, new) and not isinstance(new, tuple))
    return operand_from_json(resolve(operand))


def _vanished(old: Operand, new: Operand) -> bool:
    return new is None and old is not None


def condition_from_json(value: object, depth: int = 0) -> Condition:
    """Read the JSON form. A list means all of its parts; an unusable form raises ExpressionError."""
    if depth > MAX_CONDITION_DEPTH:
        raise ExpressionError(
            f"The condition is nested deeper than {MAX_CONDITION_DEPTH} levels.",
            code="condition.too_deep",
            hint="Join neighbouring parts in one 'all' or 'any' list.",
        )
    if isinstance(value, list | tuple):
        return All(_parts_from_json(value, depth))
    if not isinstance(value, Mapping):
        raise _invalid(f"A condition is an object or a list, not {value!r}.")
    return _object_from_json(value, depth)


def _object_from_json(value: Mapping[str, object], depth: int) -> Condition:
    keys = set(value)
    match sorted(keys & {"all", "any", "not", "changed", "was", "increased", "decreased"}):
        case ["all"] if len(keys) == 1:
            return All(_parts_from_json(value["all"], depth))
        case ["any"] if len(keys) == 1:
            return Any_(_parts_from_json(value["any"], depth))
        case ["not"] if len(keys) == 1:
            return Not(condition_from_json(value["not"], depth + 1))
        case ["changed"] if len(keys) == 1:
            return Changed(_field(value["changed"]))
        case ["increased"] if len(keys) == 1:
            return Increased(_field(value["increased"]))
        case ["decreased"] if len(keys) == 1:
            return Decreased(_field(value["decreased"]))
        case ["was"] if len(keys) == 1:
            return _was_from_json(value["was"])
        case []:
            return _comparison_from_json(value)
    raise _invalid(f"The keys {', '.join(sorted(keys))} do not go together in one condition.")


def _parts_from_json(value: object, depth: int) -> tuple[Condition, ...]:
    if not isinstance(value, list | tuple):
        raise _invalid(f"'all' and 'any' take a list of conditions, not {value!r}.")
    return tuple(condition_from_json(part, depth + 1) for part in value)


def _comparison_from_json(value: Mapping[str, object]) -> Comparison:
    if ("field" in value) == ("left" in value):
        raise _invalid("A comparison names what it compares in 'field' (or a literal in 'left').")
    _known_keys(value, {"field", "left", "operator", "value"})
    left = _field(value["field"]) if "field" in value else operand_from_json(value["left"])
    if isinstance(left, tuple):
        raise _invalid("The left side of a comparison is one value, not a list.")
    operator = operator_from_text(value.get("operator", "=="))
    return Comparison(left, operator, _right_from_json(operator, value))


def _was_from_json(value: object) -> Was:
    if not isinstance(value, Mapping):
        raise _invalid(f"'was' takes an object with field, operator and value, not {value!r}.")
    _known_keys(value, {"field", "operator", "value"})
    operator = operator_from_text(value.get("operator", "=="))
    return Was(_field(value.get("field")), operator, _right_from_json(operator, value))


def _right_from_json(operator: Operator, value: Mapping[str, object]) -> Operand:
    right = operand_from_json(value.get("value"))
    check_operand(operator, right)
    return right


def check_operand(operator: Operator, right: Operand) -> None:
    """Raise ExpressionError unless the operator can take this right side."""
    if operator in UNARY_OPERATORS and right is not None:
        raise _invalid(f"The operator {operator} takes no value.")
    if operator == "between" and isinstance(right, tuple) and len(right) != 2:
        raise _invalid("The operator between takes exactly two values, the lowest and the highest.")
    # A template or a field may still turn out to be a list, so a lone text or field is let through.
    if operator in LIST_OPERATORS and not isinstance(right, tuple | Field | str):
        raise _invalid(f"The operator {operator} takes a list, not {right!r}.")


def operator_from_text(value: object) -> Operator:
    """The operator written so, or by one of its aliases."""
    for operator in OPERATORS:
        if operator == value:
            return operator
    if isinstance(value, str) and value in OPERATOR_ALIASES:
        return OPERATOR_ALIASES[value]
    known = did_you_mean(value, OPERATORS) if isinstance(value, str) else None
    hint = known or "Known: " + ", ".join(OPERATORS) + "."
    raise ExpressionError(f"There is no operator {value!r}.", code="condition.unknown_operator", hint=hint)


def operand_from_json(value: object) -> Operand:
    """A field reference ``{"field": name}``, a list, or a plain value."""
    if isinstance(value, list | tuple):
        return tuple(_scalar(part) for part in value)
    return _scalar(value)


def _scalar(value: object) -> Field | Scalar:
    if isinstance(value, Mapping) and set(value) == {"field"}:
        return _field(value["field"])
    if isinstance(value, Field) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise _invalid(f"A value in a condition is text, a number, true, false or null, not {value!r}.")


def _field(value: object) -> Field:
    if isinstance(value, str) and value and all(value.split(".")):
        return Field(value)
    raise _invalid(f"A field is named by a text such as 'status' or 'account.name', not {value!r}.")


def _known_keys(value: Mapping[str, object], known: set[str]) -> None:
    for key in value:
        if key not in known:
            raise _invalid(f"A comparison has no {key!r}.", hint=did_you_mean(key, known))


def _invalid(message: str, hint: str | None = None) -> ExpressionError:
    hint = hint or 'Write for example {"field": "score", "operator": ">", "value": 50}.'
    return ExpressionError(message, code="condition.invalid", hint=hint)


def condition_to_json(condition: Condition) -> dict[str, object]:
    """The JSON form that ``condition_from_json`` reads back to an equal condition."""
    match condition:
        case All(parts):
            return {"all": [condition_to_json(part) for part in parts]}
        case Any_(parts):
            return {"any": [condition_to_json(part) for part in parts]}
        case Not(part):
            return {"not": condition_to_json(part)}
        case Changed(field):
            return {"changed": field.name}
        case Increased(field):
            return {"increased": field.name}
        case Decreased(field):
            return {"decreased": field.name}
        case Was(field, operator, value):
            return {"was": {"field": field.name, **_operation_to_json(operator, value)}}
        case Comparison(left, operator, right):
            named = {"field": left.name} if isinstance(left, Field) else {"left": left}
            return {**named, **_operation_to_json(operator, right)}


def _operation_to_json(operator: Operator, value: Operand) -> dict[str, object]:
    if operator in UNARY_OPERATORS:
        return {"operator": operator}
    return {"operator": operator, "value": operand_to_json(value)}


def operand_to_json(value: Operand) -> object:
    """The JSON form of one side of a comparison."""
    if isinstance(value, Field):
        return {"field": value.name}
    return [operand_to_json(part) for part in value] if isinstance(value, tuple) else value
