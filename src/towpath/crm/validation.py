"""Validation rules as data: a condition that a saved record must not meet, with the message for who saves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from towpath.crm.saving import SaveBatch, SaveRule
from towpath.errors import ExpressionError, SchemaError, Where
from towpath.expr import compile_condition, parse_condition
from towpath.model.condition import Condition, condition_from_json
from towpath.model.schema import Noun


def _readable(written: Any) -> Any:
    try:
        read_written(written)
    except ExpressionError as error:
        raise ValueError(f"{error.message} {error.hint or ''}".strip()) from None
    return written


WrittenCondition = Annotated[str | dict[str, Any] | list[dict[str, Any]], AfterValidator(_readable)]
"""A condition as text or in its JSON form, which can be read."""


class ValidationRule(Noun):
    """What no saved record of an object may be: one that meets ``refuse`` is not saved, with ``message``."""

    name: str = Field(min_length=1, max_length=100)
    object: str = Field(description="The kind of record, such as Deal.")
    refuse: WrittenCondition = Field(description='When a save is refused, for example: stage == "Won" and amount < 1.')
    message: str = Field(min_length=1, description="What the person who saves is told.")
    field: str | None = Field(None, description="The field that the message belongs to.")
    active: bool = True
    order: int = Field(1000, ge=1, le=2000, description="Rules with lower numbers go first.")


def read_written(written: WrittenCondition) -> Condition:
    """A condition from its text or its JSON form. Raises ExpressionError."""
    return parse_condition(written) if isinstance(written, str) else condition_from_json(written)


def validation_rule(rules: Iterable[ValidationRule]) -> SaveRule | None:
    """The rules of one object as one step of saving, in order; None where there is nothing to check."""
    tests = [(_compiled(rule), rule) for rule in sorted(rules, key=_order) if rule.active]
    if not tests:
        return None

    def check(batch: SaveBatch) -> None:
        for index in range(len(batch)):
            new, old = batch.new(index), None if batch.restoring else batch.old[index]
            for refused, rule in tests:
                if refused(new, old):
                    batch.reject(index, _refusal(rule))
                    break

    return check


def _order(rule: ValidationRule) -> tuple[int, str]:
    return rule.order, rule.name


def _compiled(rule: ValidationRule) -> Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool]:
    return compile_condition(read_written(rule.refuse))


def _refusal(rule: ValidationRule) -> SchemaError:
    return SchemaError(
        rule.message, code="record.validation", where=Where(object=rule.object, field=rule.field),
        hint=f"The validation rule {rule.name!r} says so.", params={"rule": rule.name, "message": rule.message},
    )  # fmt: skip
