"""The kinds of records: custom objects and fields are added here, and known to every process from then on."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.crm.custom import add_choices as add_stored_choices
from towpath.crm.custom import add_fields as add_stored_fields
from towpath.crm.custom import define_object
from towpath.model.schema import FieldSchema, ObjectSchema
from towpath.service.platform import Platform
from towpath.service.unit import in_unit


def list_objects(platform: Platform) -> tuple[ObjectSchema, ...]:
    """All objects, built-in ones first."""
    return in_unit(platform, lambda unit: unit.platform.catalogue.objects)


def show_object(platform: Platform, name: str) -> ObjectSchema:
    """One object; SchemaError with the nearest name when there is none."""
    return in_unit(platform, lambda unit: unit.records.schema(name))


def add_object(platform: Platform, schema: ObjectSchema) -> ObjectSchema:
    """Add a custom object; it comes back with the system fields."""
    platform.catalogue = platform.store.write(lambda tx: define_object(tx, schema))
    return platform.catalogue.schema(schema.name)


def add_fields(platform: Platform, object_name: str, fields: Sequence[FieldSchema]) -> ObjectSchema:
    """Add custom fields to an object; the object as it is now."""
    platform.catalogue = platform.store.write(lambda tx: add_stored_fields(tx, object_name, fields))
    return platform.catalogue.schema(object_name)


def add_choices(platform: Platform, object_name: str, field_name: str, choices: Sequence[str]) -> ObjectSchema:
    """Let a choice field take more choices; the object as it is now."""
    platform.catalogue = platform.store.write(lambda tx: add_stored_choices(tx, object_name, field_name, choices))
    return platform.catalogue.schema(object_name)
