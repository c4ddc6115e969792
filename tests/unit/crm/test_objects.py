"""The built-in objects, their labels and their tables."""

from __future__ import annotations

import pytest

from towpath.crm.built_in import BUILT_IN
from towpath.crm.catalogue import Catalogue
from towpath.crm.define import SYSTEM_NAMES, label_of
from towpath.crm.plan import ObjectPlan
from towpath.crm.tables import table_of
from towpath.errors import SchemaError
from towpath.model.condition import Comparison, Field
from towpath.model.schema import ObjectSchema

NAMES = {schema.name for schema in BUILT_IN}


@pytest.mark.parametrize("schema", BUILT_IN, ids=lambda schema: schema.name)
def test_a_built_in_object_is_whole(schema: ObjectSchema) -> None:
    assert tuple(schema.field_names[: len(SYSTEM_NAMES)]) == SYSTEM_NAMES
    assert len({name.lower() for name in schema.field_names}) == len(schema.fields)
    assert {field.reference for field in schema.fields if field.reference} <= NAMES
    assert all((field.type == "reference") == (field.reference is not None) for field in schema.fields)
    assert schema.field(schema.name_field)
    assert ObjectPlan(schema).empty.keys() == set(schema.field_names)
    assert ObjectSchema.model_validate(schema.model_dump(mode="json")) == schema


def test_the_program_of_the_chapter_finds_its_fields() -> None:
    lead = Catalogue().plan("Lead")
    row = {
        "firstName": "John",
        "lastName": "Doe",
        "company": "Acme Corp",
        "phone": "123-456-7890",
        "status": "Qualified",
    }
    assert lead.check({**row, "email": "john.doe@acme.com"}) == {**row, "email": "john.doe@acme.com"}


def test_an_unknown_object_names_the_nearest_one() -> None:
    with pytest.raises(SchemaError, match="Did you mean 'Lead'") as caught:
        Catalogue().schema("Leed")
    assert caught.value.code == "schema.unknown_object"


@pytest.mark.parametrize(
    ("name", "label"),
    [("doNotEmail", "Do not email"), ("ownerId", "Owner"), ("id", "Id"), ("CampaignMember", "Campaign member"),
     ("my_field2", "My field2")],
)  # fmt: skip
def test_a_label_is_made_of_the_words_of_the_name(name: str, label: str) -> None:
    assert label_of(name) == label


def test_a_table_has_a_real_column_for_each_field() -> None:
    table = table_of(Catalogue().schema("Task"))
    kinds = {column.name: column.kind for column in table.columns}
    assert table.name == "crm_task"
    assert kinds["subject"] == kinds["dueAt"] == "text"
    assert kinds["form"] == "json"
    deal = {column.name: column.kind for column in table_of(Catalogue().schema("Deal")).columns}
    assert (deal["amount"], deal["won"]) == ("real", "boolean")


def test_references_are_indexed_where_set_and_unique_fields_where_not_deleted() -> None:
    indexes = {index.columns: index for index in table_of(Catalogue().schema("Lead")).indexes}
    assert indexes["ownerId",].where == Comparison(Field("ownerId"), "!=", None)
    assert not indexes["email",].unique
    assert indexes["externalId",].unique
    assert indexes["externalId",].where == Comparison(Field("deletedAt"), "==", None)
