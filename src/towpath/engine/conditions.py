"""Conditions as parameters: written as text or JSON, with expressions inside, bound to each item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from towpath.engine.params import Dynamic, HoldsDynamics
from towpath.errors import ExpressionError
from towpath.expr import Scope, is_template, parse_condition
from towpath.expr.foreign import Evaluator
from towpath.model.condition import (
    NEVER,
    All,
    Comparison,
    Condition,
    Field,
    Operand,
    Was,
    bind,
    condition_from_json,
    leaves,
)


class WrittenCondition(HoldsDynamics):
    """A condition with the form it was written in; values that are expressions are bound per item."""

    __slots__ = ("_values", "condition", "source")

    def __init__(self, source: Any) -> None:
        """Read the text form or the JSON form. Raises ExpressionError."""
        self.source = source
        self.condition: Condition = parse_condition(source) if isinstance(source, str) else condition_from_json(source)
        texts = {value for value in _literals(self.condition) if isinstance(value, str) and is_template(value)}
        self._values: dict[str, Dynamic[Any]] = {text: Dynamic(text, None, plain=False) for text in sorted(texts)}

    def inside(self) -> Mapping[str, Dynamic[Any]]:
        """The expressions in it, by their text."""
        return self._values

    @property
    def equality(self) -> tuple[str, Any] | None:
        """``(field, value)`` where the whole condition is ``field == value``; the value may be a Dynamic."""
        match self.condition:
            case Comparison(Field(name), "==", value) | All((Comparison(Field(name), "==", value),)):
                if isinstance(value, str):
                    return name, self._values.get(value, value)
                return None if value is None or isinstance(value, Field | tuple) else (name, value)
        return None

    def bound(self, scopes: Sequence[Scope], sandbox: Evaluator | None = None) -> list[Condition]:
        """The condition as it is for each scope; a value that cannot be compared makes it false."""
        if not self._values:
            return [self.condition] * len(scopes)
        columns = {text: value.evaluate(scopes, sandbox) for text, value in self._values.items()}
        return [_bind(self.condition, columns, place) for place in range(len(scopes))]

    def __repr__(self) -> str:
        return f"WrittenCondition({self.source!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _validate, serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.source)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array", "items": {"type": "object"}}],
            "x-condition": True,
        }


def _validate(value: Any, info: ValidationInfo) -> WrittenCondition:
    if isinstance(value, WrittenCondition):
        return value
    try:
        return WrittenCondition(value)
    except ExpressionError as error:
        raise error.located(field=info.field_name) from None


def _bind(condition: Condition, columns: Mapping[str, list[Any]], place: int) -> Condition:
    def resolve(value: Any) -> Any:
        return columns[value][place] if isinstance(value, str) and value in columns else value

    try:
        return bind(condition, resolve)
    except ExpressionError:
        return NEVER


def _literals(condition: Condition) -> Iterator[Any]:
    for leaf in leaves(condition):
        sides: tuple[Operand, ...] = ()
        if isinstance(leaf, Comparison):
            sides = (leaf.left, leaf.right)
        elif isinstance(leaf, Was):
            sides = (leaf.value,)
        for side in sides:
            yield from side if isinstance(side, tuple) else (side,)
