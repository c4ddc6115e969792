"""From an object's schema to its table: one real column per field, and the indexes that the CRM needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.schema import FieldSchema, ObjectSchema
from towpath.model.table import Column, Index, Kind, Table

PREFIX = "crm_"  # keeps objects, custom ones too, apart from the tables of the engine

_KINDS: dict[str, Kind] = {
    "number": "real",
    "money": "real",
    "integer": "integer",
    "checkbox": "boolean",
    "multi_choice": "json",
    "json": "json",
}

NOT_DELETED = Comparison(Field("deletedAt"), "==", None)


def living_with(field: str, values: Sequence[Any]) -> Condition:
    """Records, not deleted, whose field has one of the values; asked so that the index of a unique field serves."""
    return All((Comparison(Field(field), "in", tuple(values)), NOT_DELETED))


def table_name(object_name: str) -> str:
    """The table of an object; two objects whose names differ in case only would share it and are refused elsewhere."""
    return PREFIX + object_name.lower()


def table_of(schema: ObjectSchema) -> Table:
    """The table of an object."""
    return Table(
        table_name(schema.name),
        tuple(
            Column(field.name, _KINDS.get(field.type, "text"), required=field.name == "id") for field in schema.fields
        ),
        indexes=tuple(index for field in schema.fields if (index := _index_of(field))),
    )


def _index_of(field: FieldSchema) -> Index | None:
    if field.unique:
        return Index((field.name,), unique=True, where=NOT_DELETED)
    if field.indexed or field.type == "reference":
        # Most records leave most references empty: an index of the others only is a fraction of the size and work.
        return Index((field.name,), where=Comparison(Field(field.name), "!=", None))
    return None
