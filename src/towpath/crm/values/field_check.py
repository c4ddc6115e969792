"""From a field's schema to the check of its values."""

from __future__ import annotations

from collections.abc import Callable

from towpath.crm.values import choices, numbers, structured, text, times
from towpath.crm.values.bad import Check
from towpath.model.schema import FieldSchema

_MAKERS: dict[str, Callable[[FieldSchema], Check]] = {
    "text": lambda field: text.text(field.max_length),
    "long_text": lambda field: text.long_text(field.max_length),
    "email": lambda field: text.email(field.max_length),
    "phone": lambda field: text.phone(field.max_length),
    "url": lambda field: text.url(field.max_length),
    "reference": lambda field: text.reference(),
    "number": lambda field: numbers.number(),
    "integer": lambda field: numbers.integer(),
    "money": lambda field: numbers.money(field.scale),
    "date": lambda field: times.date_only(),
    "datetime": lambda field: times.date_and_time(),
    "choice": lambda field: choices.choice(field.choices),
    "multi_choice": lambda field: choices.multi_choice(field.choices),
    "checkbox": lambda field: choices.checkbox(blank=bool(field.default)),
    "json": lambda field: structured.json_value,
}


def field_check(field: FieldSchema) -> Check:
    """The compiled check of one field: any value but None in, the stored form out, BadValue when it does not fit."""
    return _MAKERS[field.type](field)
