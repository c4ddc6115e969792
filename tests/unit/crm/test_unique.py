"""Unique fields: a clash fails the row alone, whoever holds the value and however it got free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.crm.world import ANN, World, new_world
from towpath.errors import SchemaError, TowpathError
from towpath.ports.records import Records


def test_a_clash_with_the_store_names_the_record_that_is_there(world: World) -> None:
    first = world.one("User", name="Ann", email="ann@acme.com")
    clash, good = world.create("User", {"name": "B", "email": "ANN@acme.com"}, {"name": "C", "email": "c@acme.com"})
    assert isinstance(clash, SchemaError)
    assert clash.code == "schema.duplicate"
    assert clash.params["existing"] == first
    assert good["name"] == "C"


def test_a_clash_within_the_batch_fails_the_later_row(world: World) -> None:
    first, second = world.create("User", {"name": "A", "email": "a@b.co"}, {"name": "B", "email": "A@b.co"})
    assert second.code == "schema.duplicate"
    assert second.params["existing"] == first["id"]


def test_empty_values_do_not_clash(world: World) -> None:
    assert not [row for row in world.create("User", {"name": "A"}, {"name": "B"}) if isinstance(row, TowpathError)]


def test_a_row_that_fails_does_not_hold_its_value(world: World) -> None:
    bad, good = world.create("User", {"email": "a@b.co"}, {"name": "B", "email": "a@b.co"})
    assert bad.code == "schema.required"
    assert good["email"] == "a@b.co"


def test_a_record_may_keep_its_own_value(world: World) -> None:
    key = world.one("User", name="A", email="a@b.co")
    assert world.update("User", key, email="a@b.co", name="B")["name"] == "B"


def test_a_value_given_up_can_be_taken_in_the_same_transaction(world: World) -> None:
    old = world.one("User", name="A", email="a@b.co")
    young = world.one("User", name="B", email="b@b.co")

    def work(session: Records) -> Any:
        rows = [{"email": "x@b.co"}, {"email": "a@b.co"}]
        session.update("User", [old, young], rows, ANN)
        return session.create("User", [{"name": "C", "email": "b@b.co"}], ANN)

    (third,) = world.run(work)
    assert third["email"] == "b@b.co"
    assert [world.get("User", key)["email"] for key in (old, young)] == ["x@b.co", "a@b.co"]


def test_the_value_of_a_deleted_record_is_free_and_then_it_cannot_come_back(world: World) -> None:
    gone = world.one("User", name="A", email="a@b.co")

    def work(session: Records) -> Any:
        session.delete("User", [gone], ANN)
        return session.create("User", [{"name": "B", "email": "a@b.co"}], ANN)

    (heir,) = world.run(work)
    (refused,) = world.run(lambda session: session.undelete("User", [gone], ANN))
    assert refused.code == "schema.duplicate"
    assert refused.params["existing"] == heir["id"]
    world.update("User", heir["id"], email="b@b.co")
    (back,) = world.run(lambda session: session.undelete("User", [gone], ANN))
    assert back["email"] == "a@b.co"


KEYS = st.sampled_from(["k1", "k2", "k3", None])
STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "update", "delete", "undelete", "commit"]), st.integers(0, 5), KEYS),
    max_size=25,
)


@settings(max_examples=60)
@given(STEPS)
def test_whatever_happens_no_two_living_records_share_a_value(steps: list[tuple[str, int, str | None]]) -> None:
    world = new_world()
    ids: list[str] = []
    batches: list[list[tuple[str, int, str | None]]] = [[]]
    for step in steps:
        batches.append([]) if step[0] == "commit" else batches[-1].append(step)
    for batch in batches:
        world.run(_run(batch, ids))
        living = world.run(lambda session: session.find("Lead"))
        values = [record["externalId"] for record in living if record["externalId"]]
        assert len(values) == len(set(values))
    world.store.close()


def _run(batch: list[tuple[str, int, str | None]], ids: list[str]) -> Callable[[Records], None]:
    def work(session: Records) -> None:
        for act, index, key in batch:
            if act == "create":
                (made,) = session.create("Lead", [{"externalId": key}], ANN)
                ids.extend([] if isinstance(made, TowpathError) else [made["id"]])
            elif ids:
                chosen = [ids[index % len(ids)]]
                if act == "update":
                    session.update("Lead", chosen, [{"externalId": key}], ANN)
                else:
                    getattr(session, act)("Lead", chosen, ANN)

    return work
