"""Questions that logic nodes ask of items: a condition on the item's fields, or an expression that is true or false."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from towpath.engine.conditions import WrittenCondition
from towpath.engine.params import Dynamic, HoldsDynamics
from towpath.errors import ExpressionError, TowpathError
from towpath.expr import Scope, compile_condition
from towpath.expr.foreign import Evaluator
from towpath.expr.values import truthy
from towpath.model.condition import Changed, Decreased, Increased, Was, leaves

Holds = Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool]


class Predicate(HoldsDynamics):
    """``score > 50`` (text), its JSON form, ``{{ $json.score > 50 }}`` as JavaScript would judge it, or true or false.

    Bare names are the item's fields; ``changed(...)`` and its like compare with the run's record as it was.
    """

    __slots__ = ("_expression", "condition", "holds", "source")

    def __init__(self, source: Any) -> None:
        """Read any written form. Raises ExpressionError."""
        self.source = source
        self.condition: WrittenCondition | None = None
        self._expression: Dynamic[Any] | None = None
        self.holds: Holds | None = None  # where it asks about nothing but the item and the record as it was
        if isinstance(source, bool):
            return
        if is_expression(source):
            self._expression = Dynamic(source, None, plain=False)
            return
        self.condition = WrittenCondition(source)
        if not self.condition.inside():
            self.holds = compile_condition(self.condition.condition)

    def inside(self) -> Mapping[str, Dynamic[Any]]:
        """The expressions in it, by their text."""
        if self.condition is None:
            return {} if self._expression is None else {str(self.source): self._expression}
        found = dict(self.condition.inside())
        if any(isinstance(leaf, Changed | Was | Increased | Decreased) for leaf in leaves(self.condition.condition)):
            found["$old"] = _OLD  # so that runs of this workflow keep the record as it was
        return found

    def judge(self, scopes: Sequence[Scope], sandbox: Evaluator | None = None) -> list[bool | TowpathError]:
        """Whether it holds, for each scope; an error where a limit of the sandbox was reached."""
        if self.holds is not None:
            return [self.holds(scope.json, scope.run.old) for scope in scopes]
        if self._expression is not None:
            values = self._expression.evaluate(scopes, sandbox)
            return [value if isinstance(value, TowpathError) else truthy(value) for value in values]
        if self.condition is None:
            return [bool(self.source)] * len(scopes)
        # Compiled anew for each: equal conditions cannot share, since 1 == True to a dict but not to a condition.
        pairs = zip(self.condition.bound(scopes, sandbox), scopes, strict=True)
        return [compile_condition(condition)(scope.json, scope.run.old) for condition, scope in pairs]

    def __repr__(self) -> str:
        return f"Predicate({self.source!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _validate, serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.source)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        forms: list[JsonSchemaValue] = [{"type": kind} for kind in ("string", "boolean", "object")]
        forms.append({"type": "array", "items": {"type": "object"}})
        return {"anyOf": forms, "x-condition": True, "x-expression": True}


def is_expression(source: object) -> bool:
    """Whether the whole text is one expression: ``{{ ... }}`` with nothing around it, or n8n's ``=``."""
    if not isinstance(source, str):
        return False
    text = source.strip()
    return text.startswith("=") or (text.startswith("{{") and text.find("}}") == len(text) - 2)


def _validate(value: Any, info: ValidationInfo) -> Predicate:
    if isinstance(value, Predicate):
        return value
    try:
        return Predicate(value)
    except ExpressionError as error:
        raise error.located(field=info.field_name) from None


_OLD: Dynamic[Any] = Dynamic("{{ $old }}", None, plain=False)
