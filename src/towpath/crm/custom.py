"""Custom objects, custom fields on any object, and more choices for choice fields, kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from towpath.crm.catalogue import OBJECT_SCHEMA, Catalogue, load_catalogue, stored_generation
from towpath.crm.define import SYSTEM_FIELDS
from towpath.crm.plan import ObjectPlan
from towpath.errors import LimitError, SchemaError, Where, did_you_mean
from towpath.model.schema import FieldSchema, ObjectSchema
from towpath.model.table import Order, Table
from towpath.ports.store import Transaction

OBJECTS_LIMIT = 500
FIELDS_LIMIT = 500  # of one object; well under the columns that any store takes
BACKFILL = 10_000  # records whose new fields are filled at a time
RESERVED = frozenset({"tenant", "rowid", "oid", "_rowid_", "xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"})


def define_object(transaction: Transaction, schema: ObjectSchema) -> Catalogue:
    """Add a custom object; it gets the system fields. Gives the new catalogue.

    SchemaError when a name is taken or reserved or a reference leads nowhere.
    """
    catalogue = load_catalogue(transaction)
    _check_object_name(catalogue, schema.name)
    system = {field.name for field in SYSTEM_FIELDS}
    own = tuple(field for field in schema.fields if field.name not in system)
    whole = schema.model_copy(update={"fields": SYSTEM_FIELDS, "custom": True})
    _check_fields(whole, own, {*catalogue.names, schema.name})
    whole = whole.model_copy(update={"fields": SYSTEM_FIELDS + own})
    if whole.field(whole.name_field) is None:
        raise _invalid(whole.name, whole.name_field, "The name field is not a field of the object", "schema.name_field")
    transaction.ensure(ObjectPlan(whole).table)
    _store(transaction, whole.name, {"object": whole.model_dump(mode="json")})
    return load_catalogue(transaction)


def add_fields(transaction: Transaction, object_name: str, fields: Sequence[FieldSchema]) -> Catalogue:
    """Add custom fields to an object, which may have records: they get the defaults. Gives the new catalogue."""
    catalogue = load_catalogue(transaction)
    schema = catalogue.schema(object_name)
    _check_fields(schema, fields, set(catalogue.names))
    plan = ObjectPlan(schema.model_copy(update={"fields": (*schema.fields, *fields)}))
    transaction.ensure(plan.table)
    _backfill(transaction, plan.table, {field.name: plan.empty[field.name] for field in fields})
    document = _stored(transaction, object_name)
    document["fields"] = [*document.get("fields", ()), *(field.model_dump(mode="json") for field in fields)]
    _store(transaction, object_name, document)
    return load_catalogue(transaction)


def add_choices(transaction: Transaction, object_name: str, field_name: str, choices: Iterable[str]) -> Catalogue:
    """Let a choice field take more choices, such as the stages of a pipeline of one's own. Gives the new catalogue."""
    schema = load_catalogue(transaction).schema(object_name)
    field = schema.field(field_name)
    if field is None or field.type not in ("choice", "multi_choice"):
        known = [each.name for each in schema.fields if each.type in ("choice", "multi_choice")]
        hint = did_you_mean(field_name, known)
        raise _invalid(object_name, field_name, "There is no choice field of that name", "schema.unknown_field", hint)
    document = _stored(transaction, object_name)
    more = document.setdefault("choices", {})
    more[field_name] = list(dict.fromkeys([*more.get(field_name, ()), *choices]))
    _store(transaction, object_name, document)
    return load_catalogue(transaction)


def _check_object_name(catalogue: Catalogue, name: str) -> None:
    if name.lower() in {known.lower() for known in catalogue.names}:
        raise SchemaError(
            f"There is an object {name!r} already.",
            code="schema.name_taken",
            hint="Choose another name; names that differ in case only count as the same.",
            where=Where(object=name),
        )
    if len(catalogue.names) >= OBJECTS_LIMIT:
        raise LimitError(f"There can be {OBJECTS_LIMIT} objects (OBJECTS_LIMIT).", code="limit.objects")


def _check_fields(schema: ObjectSchema, fields: Sequence[FieldSchema], objects: set[str]) -> None:
    taken = {name.lower() for name in schema.field_names}
    for field in fields:
        if field.name.lower() in taken:
            raise _invalid(schema.name, field.name, "The object has a field of that name already", "schema.name_taken")
        if field.name.lower() in RESERVED:
            raise _invalid(schema.name, field.name, "Databases keep that name for themselves", "schema.name_reserved")
        _check_reference(schema, field, objects)
        taken.add(field.name.lower())
    if len(taken) > FIELDS_LIMIT:
        raise LimitError(f"An object can have {FIELDS_LIMIT} fields (FIELDS_LIMIT).", code="limit.fields")


def _check_reference(schema: ObjectSchema, field: FieldSchema, objects: set[str]) -> None:
    if field.type == "reference" and field.reference not in objects:
        hint = did_you_mean(field.reference or "", objects)
        message = f"It refers to the object {field.reference!r}, which there is not"
        raise _invalid(schema.name, field.name, message, "schema.unknown_object", hint)
    if field.type != "reference" and field.reference is not None:
        message = f"A {field.type} field refers to no object"
        raise _invalid(schema.name, field.name, message, "schema.invalid", "Make it of type reference.")


def _backfill(transaction: Transaction, table: Table, values: dict[str, Any]) -> None:
    """Give the records that are there already the defaults of new fields."""
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        return
    ids = [key for (key,) in transaction.select(table, ("id",), order=(Order("id"),))]
    defaults = tuple(values.values())
    for start in range(0, len(ids), BACKFILL):
        transaction.update(table, tuple(values), [(*defaults, key) for key in ids[start : start + BACKFILL]])


def _stored(transaction: Transaction, name: str) -> dict[str, Any]:
    rows = transaction.get(OBJECT_SCHEMA, [name], ("document",))
    return dict(rows[0][0]) if rows else {}


def _store(transaction: Transaction, name: str, document: dict[str, Any]) -> None:
    generation = stored_generation(transaction) + 1
    if transaction.get(OBJECT_SCHEMA, [name], ("name",)):
        transaction.update(OBJECT_SCHEMA, ("document", "generation"), [(document, generation, name)])
    else:
        transaction.insert(OBJECT_SCHEMA, ("name", "document", "generation"), [(name, document, generation)])


def _invalid(object_name: str, field: str, message: str, code: str, hint: str | None = None) -> SchemaError:
    return SchemaError(f"{message}.", code=code, hint=hint, where=Where(object=object_name, field=field))
