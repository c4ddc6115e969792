"""Upsert: rows with one key value meet one record."""

from __future__ import annotations

import pytest

from tests.unit.crm.world import ANN, World
from towpath.errors import SchemaError, TowpathError


def upsert(world: World, key: str, *rows: dict[str, object], name: str = "Lead") -> list[object]:
    return world.run(lambda session: list(session.upsert(name, key, rows, ANN)))  # type: ignore[arg-type]


def test_a_known_key_updates_and_an_unknown_one_creates(world: World) -> None:
    key = world.one("Lead", externalId="p1", city="A")
    old, new = upsert(world, "externalId", {"externalId": "p1", "city": "B"}, {"externalId": "p2", "city": "C"})
    assert (old["id"], old["city"]) == (key, "B")  # type: ignore[index]
    assert new["city"] == "C"  # type: ignore[index]
    assert sorted(change.kind for change in world.changes) == ["created", "updated"]


def test_two_equal_rows_meet_one_record(world: World) -> None:
    rows = [{"email": "A@b.co", "city": "A"}, {"email": "x@b.co"}, {"email": "a@b.co ", "score": 5}]
    first, _, third = upsert(world, "email", *rows)
    assert first["id"] == third["id"]  # type: ignore[index]
    assert (third["city"], third["score"]) == ("A", 5)  # type: ignore[index]
    assert world.run(lambda session: session.count("Lead")) == 2


def test_the_next_row_creates_when_the_first_cannot(world: World) -> None:
    bad, good, again = upsert(
        world, "externalId",
        {"externalId": "p1", "status": "Nwe"}, {"externalId": "p1"}, {"externalId": "p1", "city": "A"},
    )  # fmt: skip
    assert isinstance(bad, SchemaError)
    assert good["id"] == again["id"]  # type: ignore[index]


def test_rows_without_a_key_value_are_records_of_their_own(world: World) -> None:
    made = upsert(world, "email", {"city": "A"}, {"email": " ", "city": "B"}, {"email": None})
    assert len({record["id"] for record in made}) == 3  # type: ignore[index]


def test_the_oldest_of_several_matches_is_updated(world: World) -> None:
    oldest = world.one("Lead", email="a@b.co")
    world.one("Lead", email="a@b.co")
    assert upsert(world, "email", {"email": "a@b.co", "city": "A"})[0]["id"] == oldest  # type: ignore[index]


def test_by_id_only_records_that_are_there_are_updated(world: World) -> None:
    key = world.one("Lead")
    done, lost, new = upsert(world, "id", {"id": key, "city": "A"}, {"id": "nobody", "city": "B"}, {"city": "C"})
    assert done["city"] == "A"  # type: ignore[index]
    assert isinstance(lost, TowpathError)
    assert lost.code == "record.not_found"
    assert new["city"] == "C"  # type: ignore[index]


def test_a_key_value_that_does_not_fit_is_the_error_of_its_row(world: World) -> None:
    bad, good = upsert(world, "email", {"email": "nonsense"}, {"email": "a@b.co"})
    assert isinstance(bad, SchemaError)
    assert bad.code == "schema.bad_email"
    assert good["email"] == "a@b.co"  # type: ignore[index]


@pytest.mark.parametrize("key", ["emial", "tags"])
def test_the_key_must_be_a_field_that_can_be_searched(world: World, key: str) -> None:
    with pytest.raises(SchemaError):
        upsert(world, key, {})
