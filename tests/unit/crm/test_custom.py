"""Custom objects, fields and choices, kept in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.crm.world import World
from towpath.crm import custom
from towpath.crm.catalogue import BUILT_IN, install, load_catalogue, read_document, stored_generation
from towpath.crm.custom import add_choices, add_fields, define_object
from towpath.crm.define import checkbox, choice, field, reference
from towpath.errors import LimitError, SchemaError
from towpath.model.schema import ObjectSchema

PROJECT = ObjectSchema(
    name="Project",
    label="Project",
    plural="Projects",
    fields=(field("name", required=True), reference("accountId", "Account"), reference("parentId", "Project")),
)


def change(world: World, work: Callable[[Any], Any]) -> None:
    world.catalogue = world.store.write(work)


def refused(world: World, work: Callable[[Any], Any]) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        world.store.write(work)
    return caught.value


def test_a_custom_object_has_records_like_any_other(world: World) -> None:
    change(world, lambda tx: define_object(tx, PROJECT))
    account = world.one("Account", name="Acme")
    project = world.one("Project", name="Bridge", accountId=account)
    assert world.update("Project", project, parentId=project)["parentId"] == project
    assert world.catalogue.schema("Project").custom
    assert world.store.read(load_catalogue).schema("Project") == world.catalogue.schema("Project")


def test_a_field_can_be_added_to_an_object_that_has_records(world: World) -> None:
    old = world.one("Lead", city="A")
    fields = [field("segment", default="B2B"), checkbox("vip"), field("visits2", "integer"), field("code", unique=True)]
    change(world, lambda tx: add_fields(tx, "Lead", fields))
    record = world.get("Lead", old)
    assert (record["segment"], record["vip"], record["visits2"], record["city"]) == ("B2B", False, None, "A")
    assert world.update("Lead", old, visits2="5", code="x")["visits2"] == 5
    new, clash = world.create("Lead", {"vip": "yes"}, {"code": "x"})
    assert (new["segment"], new["vip"]) == ("B2B", True)
    assert clash.code == "schema.duplicate"


def test_more_fields_follow_the_first_ones(world: World) -> None:
    change(world, lambda tx: define_object(tx, PROJECT))
    change(world, lambda tx: add_fields(tx, "Project", [field("a")]))
    change(world, lambda tx: add_fields(tx, "Project", [field("b")]))
    assert world.catalogue.schema("Project").field_names[-2:] == ["a", "b"]
    project = world.one("Project", name="x", a="1", b="2")
    assert world.get("Project", project)["b"] == "2"


def test_a_choice_field_takes_more_choices(world: World) -> None:
    assert world.create("Deal", {"stage": "Pilot"})[0].code == "schema.unknown_choice"
    change(world, lambda tx: add_choices(tx, "Deal", "stage", ["Pilot", "Won"]))
    change(world, lambda tx: add_choices(tx, "Deal", "stage", ["Legal"]))
    assert world.create("Deal", {"stage": "pilot"})[0]["stage"] == "Pilot"
    assert world.catalogue.schema("Deal").field("stage").choices[-3:] == ("Lost", "Pilot", "Legal")  # type: ignore[union-attr]
    assert refused(world, lambda tx: add_choices(tx, "Deal", "stag", ["x"])).hint == "Did you mean 'stage'?"


def test_other_processes_notice_by_the_generation(world: World) -> None:
    assert world.store.read(stored_generation) == world.catalogue.generation == 0
    before = world.catalogue
    change(world, lambda tx: add_fields(tx, "Lead", [field("a")]))
    change(world, lambda tx: define_object(tx, PROJECT))
    assert before.generation == 0
    assert world.store.read(stored_generation) == world.catalogue.generation == 2
    assert world.store.write(install).generation == 2


@pytest.mark.parametrize("name", ["lead", "LEAD", "Lead"])
def test_the_name_of_an_object_is_taken_in_any_case(world: World, name: str) -> None:
    error = refused(world, lambda tx: define_object(tx, PROJECT.model_copy(update={"name": name})))
    assert error.code == "schema.name_taken"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (field("City"), "schema.name_taken"),
        (field("deletedat"), "schema.name_taken"),
        (field("Tenant"), "schema.name_reserved"),
        (reference("partnerId", "Partner"), "schema.unknown_object"),
        (field("other", "reference"), "schema.unknown_object"),
        (field("number2", "number", default="many"), "schema.wrong_type"),
        (choice("color", "red", default="blue"), "schema.unknown_choice"),
    ],
)
def test_a_field_that_cannot_be_is_refused_and_nothing_is_stored(world: World, bad: Any, code: str) -> None:
    assert refused(world, lambda tx: add_fields(tx, "Lead", [bad])).code == code
    assert world.store.read(stored_generation) == 0


def test_the_name_field_must_be_a_field(world: World) -> None:
    error = refused(world, lambda tx: define_object(tx, PROJECT.model_copy(update={"name_field": "title"})))
    assert error.code == "schema.name_field"


def test_the_number_of_fields_and_objects_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom, "OBJECTS_LIMIT", len(BUILT_IN))
    monkeypatch.setattr(custom, "FIELDS_LIMIT", 40)
    with pytest.raises(LimitError):
        world.store.write(lambda tx: define_object(tx, PROJECT))
    with pytest.raises(LimitError):
        world.store.write(lambda tx: add_fields(tx, "Lead", [field("a")]))


@pytest.fixture
def lead() -> Iterator[ObjectSchema]:
    yield from (schema for schema in BUILT_IN if schema.name == "Lead")


def test_a_custom_field_keeps_its_name_when_a_release_brings_one_of_the_same(lead: ObjectSchema) -> None:
    document = {"fields": [field("city", "choice", choices=("Pune",)).model_dump(mode="json")]}
    city = read_document("Lead", document, lead).field("city")
    assert city is not None
    assert city.type == "choice"
