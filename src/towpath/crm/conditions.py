"""Conditions on records as a search needs them: fields that exist, values in the form in which records hold them."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.crm import problems
from towpath.crm.plan import ObjectPlan
from towpath.crm.tables import NOT_DELETED
from towpath.model.condition import All, Any_, Comparison, Condition, Field, Not, Operand, Scalar, fields_of
from towpath.model.table import Order

_WHOLE_VALUES = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not_in", "between"})
_PARTS_OF_TEXT = frozenset({"contains", "not_contains", "starts_with", "ends_with"})


def search_condition(plan: ObjectPlan, where: Condition | None, *, deleted: bool = False) -> Condition | None:
    """The condition to select with; deleted records are left out unless asked for."""
    fitted = None if where is None else fit_condition(plan, where)
    if deleted:
        return fitted
    return NOT_DELETED if fitted is None else All((fitted, NOT_DELETED))


def search_order(plan: ObjectPlan, order: Sequence[Order]) -> tuple[Order, ...]:
    """The order to select in, the id last so that equals keep one order. SchemaError for an unknown field."""
    for key in order:
        _known(plan, key.column)
    return (*order, Order("id"))


def fit_condition(plan: ObjectPlan, condition: Condition) -> Condition:
    """The same condition with its values as the fields hold them: ``email == "A@B.CO"`` asks for ``a@b.co``.

    Raises SchemaError for a field that the object does not have.
    """
    for name in sorted(fields_of(condition)):
        _known(plan, name)
    return _fit(plan, condition)


def _fit(plan: ObjectPlan, condition: Condition) -> Condition:
    match condition:
        case All(parts):
            return All(tuple(_fit(plan, part) for part in parts))
        case Any_(parts):
            return Any_(tuple(_fit(plan, part) for part in parts))
        case Not(part):
            return Not(_fit(plan, part))
        case Comparison(Field(name), operator, right) if operator in _WHOLE_VALUES:
            return Comparison(Field(name), operator, _fit_operand(plan, name, right))
        case Comparison(Field(name), operator, str(text)) if operator in _PARTS_OF_TEXT and _is_email(plan, name):
            return Comparison(Field(name), operator, text.lower())
    return condition


def _fit_operand(plan: ObjectPlan, name: str, operand: Operand) -> Operand:
    if isinstance(operand, tuple):
        return tuple(_fit_scalar(plan, name, part) for part in operand)
    return _fit_scalar(plan, name, operand)


def _fit_scalar(plan: ObjectPlan, name: str, value: Field | Scalar) -> Field | Scalar:
    if value is None or isinstance(value, Field):
        return value
    fitted = plan.stored_form(name, value)
    return fitted if isinstance(fitted, str | int | float) else value


def _is_email(plan: ObjectPlan, name: str) -> bool:
    field = plan.schema.field(name)
    return field is not None and field.type == "email"


def _known(plan: ObjectPlan, name: str) -> None:
    if name not in plan.forms:
        raise problems.unknown_field(plan.schema, name)
