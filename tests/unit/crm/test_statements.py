"""How many statements a batch takes: a few per table, whatever its size."""

from __future__ import annotations

from typing import Any

from tests.unit.crm.world import ANN, World
from towpath.crm.unit import UPDATE_STATEMENTS

MANY = 1_000


def test_creating_many_takes_one_insert(world: World) -> None:
    world.create("Lead", *({"firstName": str(i)} for i in range(MANY)))
    assert world.statements == {("insert", "crm_lead"): 1, ("insert", "change"): 1}


def test_creating_many_with_references_and_unique_fields_adds_one_look_up_each(world: World) -> None:
    owner = world.one("User", name="Ann")
    world.create("Lead", *({"externalId": str(i), "ownerId": owner} for i in range(MANY)))
    assert world.statements == {
        ("select", "crm_lead"): 1, ("get", "crm_user"): 1, ("insert", "crm_lead"): 1, ("insert", "change"): 1,
    }  # fmt: skip


def test_updating_many_takes_one_read_and_one_update(world: World) -> None:
    ids = [record["id"] for record in world.create("Lead", *({} for _ in range(MANY)))]
    values = [{"status": "Qualified", "score": i + 1, "city": "Pune"} for i in range(MANY)]
    world.run(lambda session: session.update("Lead", ids, values, ANN))
    assert world.statements == {("get", "crm_lead"): 1, ("update", "crm_lead"): 1, ("insert", "change"): 1}


def test_the_order_in_which_fields_are_given_does_not_matter(world: World) -> None:
    ids = [record["id"] for record in world.create("Lead", {}, {})]
    values = [{"city": "A", "country": "B"}, {"country": "B", "city": "A"}]
    world.run(lambda session: session.update("Lead", ids, values, ANN))
    assert world.statements["update", "crm_lead"] == 1


def test_rows_with_many_different_fields_take_a_bounded_number_of_updates(world: World) -> None:
    fields = ["city", "country", "company", "title", "source", "origin", "quality", "industry"]
    ids = [record["id"] for record in world.create("Lead", *({"city": "was"} for _ in range(MANY)))]
    values: list[dict[str, Any]] = [{fields[(i * i + j) % 8]: str(i) for j in range(i % 5)} for i in range(MANY)]
    expected = [{"city": "was"} | row for row in values]
    world.run(lambda session: session.update("Lead", ids, values, ANN))
    assert world.statements["update", "crm_lead"] <= UPDATE_STATEMENTS
    stored = world.run(lambda session: session.get("Lead", ids))
    for key, row in zip(ids, expected, strict=True):
        assert {name: stored[key][name] for name in row} == row
        assert sum(value is not None for value in (stored[key][name] for name in fields)) == len(row)


def test_many_updates_of_one_record_do_not_take_a_statement_each(world: World) -> None:
    key = world.one("Lead")
    values = [{"score": i, "externalId": f"e{i}"} for i in range(100)]
    world.run(lambda session: session.update("Lead", [key] * 100, values, ANN))
    assert max(world.statements.values()) <= 3
    assert world.get("Lead", key)["externalId"] == "e99"


def test_deleting_and_upserting_many_take_a_few_statements(world: World) -> None:
    rows = [{"email": f"{i % 400}@b.co", "score": i} for i in range(MANY)]
    made = world.run(lambda session: session.upsert("Lead", "email", rows, ANN))
    assert max(world.statements.values()) <= 3
    ids = list(dict.fromkeys(record["id"] for record in made if isinstance(record, dict)))
    assert len(ids) == 400
    world.run(lambda session: session.delete("Lead", ids, ANN))
    assert max(world.statements.values()) <= 3
    world.run(lambda session: session.undelete("Lead", ids, ANN))
    assert max(world.statements.values()) <= 3
    assert world.run(lambda session: session.count("Lead")) == 400


def test_reading_what_is_known_already_takes_no_statement(world: World) -> None:
    key = world.one("Lead")
    world.run(lambda session: [session.get("Lead", [key]) for _ in range(5)])
    assert world.statements == {("get", "crm_lead"): 1}
    world.run(lambda session: [session.get("Lead", ["nobody"]) for _ in range(5)])
    assert world.statements == {("get", "crm_lead"): 1}
