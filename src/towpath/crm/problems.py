"""The errors of the CRM, each worded in one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from towpath.crm.values.bad import BadValue
from towpath.errors import ConflictError, NotFoundError, SchemaError, TowpathError, Where, did_you_mean
from towpath.model.schema import FieldSchema, ObjectSchema

SHOWN = 80  # characters of a value that an error repeats


def shown(value: Any, field: FieldSchema | None = None) -> str:
    """A value as an error shows it: shortened, and hidden where the field holds secrets."""
    if field is not None and field.personal == "secret":
        return "The value"
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def unknown_object(name: str, known: Iterable[str]) -> SchemaError:
    """There is no object of that name."""
    return SchemaError(
        f"There is no object {name!r}.",
        code="schema.unknown_object",
        hint=did_you_mean(str(name), known),
        where=Where(object=str(name)),
    )


def unknown_field(schema: ObjectSchema, name: str) -> SchemaError:
    """The object has no field of that name."""
    return SchemaError(
        f"{schema.name} has no field {name!r}.",
        code="schema.unknown_field",
        hint=did_you_mean(str(name), schema.field_names),
        where=Where(object=schema.name, field=str(name)),
    )


def read_only(schema: ObjectSchema, name: str) -> SchemaError:
    """The field is set by the system only."""
    return SchemaError(
        f"{schema.name}.{name} is set by the system.",
        code="schema.read_only",
        hint="Leave the field out.",
        where=Where(object=schema.name, field=name),
    )


def required(schema: ObjectSchema, name: str) -> SchemaError:
    """A field that must have a value has none."""
    return SchemaError(
        f"{schema.name}.{name} must have a value.",
        code="schema.required",
        hint=f"Give a value for {name!r}.",
        where=Where(object=schema.name, field=name),
    )


def bad_value(schema: ObjectSchema, field: FieldSchema, value: Any, bad: BadValue) -> SchemaError:
    """A value does not fit its field."""
    return SchemaError(
        f"{schema.name}.{field.name}: {shown(value, field)} is {bad.reason}.",
        code=bad.code,
        hint=bad.hint,
        where=Where(object=schema.name, field=field.name),
        params={} if field.personal == "secret" else {"value": shown(value)},
    )


def not_a_row(schema: ObjectSchema, row: Any) -> SchemaError:
    """Something else than field names with values was given."""
    return SchemaError(
        f"A {schema.name} is given as field names with values, not as {shown(row)}.",
        code="schema.wrong_type",
        where=Where(object=schema.name),
    )


def duplicate(schema: ObjectSchema, name: str, value: Any, holder: str) -> SchemaError:
    """Another record has the value of a unique field."""
    field = schema.field(name)
    return SchemaError(
        f"{schema.name}.{name}: {shown(value, field)} is taken by record {holder}.",
        code="schema.duplicate",
        hint=f"Update record {holder}, or give another value.",
        where=Where(object=schema.name, field=name),
        params={"existing": holder},
    )


def missing_reference(schema: ObjectSchema, name: str, target: str, record: str) -> SchemaError:
    """A reference points to a record that does not exist or is deleted."""
    return SchemaError(
        f"{schema.name}.{name}: there is no {target} with the id {shown(record)}.",
        code="schema.missing_reference",
        hint=f"Create the {target} first, or leave the field empty.",
        where=Where(object=schema.name, field=name),
        params={"target": target, "value": shown(record)},
    )


def not_a_reference(schema: ObjectSchema, name: str, references: Iterable[str]) -> SchemaError:
    """A link was asked for through a field that is no reference."""
    return SchemaError(
        f"{schema.name} has no reference field {name!r}.",
        code="schema.not_a_reference",
        hint=did_you_mean(name, references),
        where=Where(object=schema.name, field=name),
    )


def no_record(schema: ObjectSchema, record: Any) -> NotFoundError:
    """No record of the object has the id, or it is deleted."""
    return NotFoundError(
        f"There is no {schema.name} with the id {shown(record)}.",
        code="record.not_found",
        hint="It may have been deleted; undelete brings it back.",
        where=Where(object=schema.name, record=str(record)),
    )


def not_deleted(schema: ObjectSchema, record: str) -> ConflictError:
    """A record that is to be brought back is there already."""
    return ConflictError(
        f"The {schema.name} {record} is not deleted.",
        code="record.not_deleted",
        where=Where(object=schema.name, record=record),
    )


def rejected(schema: ObjectSchema, reason: str | TowpathError) -> TowpathError:
    """A before-save rule refused the record."""
    if isinstance(reason, TowpathError):
        return reason.located(object=schema.name)
    return SchemaError(reason, code="record.rejected", where=Where(object=schema.name))
