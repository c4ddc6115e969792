"""The catalogue: every object that there is, built-in and custom, compiled for use, with its generation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from towpath.crm import problems
from towpath.crm.alarms import ALARM
from towpath.crm.answer_link import LINK
from towpath.crm.assignment.tables import ASSIGNMENT_TABLES
from towpath.crm.blueprints.tables import MOVE, STANDING, VERSION
from towpath.crm.built_in import BUILT_IN
from towpath.crm.definitions import DEFINITION
from towpath.crm.duplicates.tables import DUPLICATE_TABLES
from towpath.crm.feed import FEED
from towpath.crm.locks import LOCK
from towpath.crm.mail_count import MAIL_COUNT
from towpath.crm.mail_thread import THREAD
from towpath.crm.milestones import CLOCK
from towpath.crm.plan import ObjectPlan
from towpath.crm.scoring_table import SCORE
from towpath.crm.views import VIEW
from towpath.model.condition import ALWAYS
from towpath.model.schema import FieldSchema, ObjectSchema
from towpath.model.table import Column, Order, Table
from towpath.ports.store import Reader, Transaction

OBJECT_SCHEMA = Table(
    "object_schema",
    (Column("name", required=True), Column("document", "json", required=True), Column("generation", "integer")),
    key=("name",),
)

RULE_TABLES = (
    OBJECT_SCHEMA, FEED, DEFINITION, LOCK, ALARM, LINK, STANDING, MOVE, VERSION, *ASSIGNMENT_TABLES, *DUPLICATE_TABLES,
    SCORE, MAIL_COUNT, CLOCK, THREAD, VIEW,
)  # fmt: skip
"""What the rules of the CRM keep beside its records."""


class Catalogue:
    """The objects by name, compiled when first asked for.

    ``generation`` grows with every change of a custom object or field: a process that finds a newer one in the
    store loads the catalogue again.
    """

    def __init__(self, objects: Iterable[ObjectSchema] = BUILT_IN, generation: int = 0) -> None:
        self._objects = {schema.name: schema for schema in objects}
        self._plans: dict[str, ObjectPlan] = {}
        self.generation = generation

    def __contains__(self, name: str) -> bool:
        return name in self._objects

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all objects, built-in ones first."""
        return tuple(self._objects)

    @property
    def objects(self) -> tuple[ObjectSchema, ...]:
        """All objects, built-in ones first."""
        return tuple(self._objects.values())

    def find(self, name: str) -> ObjectSchema | None:
        """The object of that name, or None."""
        return self._objects.get(name)

    def schema(self, name: str) -> ObjectSchema:
        """The object of that name; SchemaError ``schema.unknown_object`` with the nearest name."""
        schema = self._objects.get(name)
        if schema is None:
            raise problems.unknown_object(name, self._objects)
        return schema

    def plan(self, name: str) -> ObjectPlan:
        """The compiled form of an object."""
        plan = self._plans.get(name)
        if plan is None:
            plan = self._plans[name] = ObjectPlan(self.schema(name))
        return plan

    def tables(self) -> list[Table]:
        """All tables that the CRM needs."""
        return [*RULE_TABLES, *(self.plan(name).table for name in self.names)]


def install(transaction: Transaction) -> Catalogue:
    """Make or complete the CRM's tables; gives the catalogue as stored."""
    transaction.ensure(OBJECT_SCHEMA)
    catalogue = load_catalogue(transaction)
    for table in catalogue.tables():
        transaction.ensure(table)
    return catalogue


def load_catalogue(reader: Reader) -> Catalogue:
    """The built-in objects with what the store adds to them."""
    rows = reader.select(OBJECT_SCHEMA, ("name", "document", "generation"), order=(Order("generation"), Order("name")))
    objects = {schema.name: schema for schema in BUILT_IN}
    for name, document, _ in rows:
        objects[name] = read_document(name, document, objects.get(name))
    return Catalogue(objects.values(), max((generation for _, _, generation in rows), default=0))


def stored_generation(reader: Reader) -> int:
    """The newest generation in the store; compare it with ``Catalogue.generation``."""
    rows = reader.select(OBJECT_SCHEMA, ("generation",), ALWAYS, order=(Order("generation", descending=True),), limit=1)
    return int(rows[0][0]) if rows else 0


def read_document(name: str, document: dict[str, Any], built_in: ObjectSchema | None) -> ObjectSchema:
    """An object from its stored document: all of a custom one, or what is added to a built-in one.

    A field that a later release brings under the name of a custom one stays the custom one: it has the data.
    """
    base = built_in or ObjectSchema.model_validate({**document["object"], "name": name, "custom": True})
    added = {field["name"]: FieldSchema.model_validate(field) for field in document.get("fields", ())}
    kept = (added.pop(field.name, field) for field in base.fields)
    fields = [*kept, *added.values()]
    choices = document.get("choices", {})
    return base.model_copy(update={"fields": tuple(_with_choices(field, choices) for field in fields)})


def _with_choices(field: FieldSchema, choices: dict[str, list[str]]) -> FieldSchema:
    more = choices.get(field.name)
    return field.model_copy(update={"choices": tuple(dict.fromkeys((*field.choices, *more)))}) if more else field
