"""Net changes, the feed that they leave, and the history of fields."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.crm.world import ANN, NOON, World, new_world
from towpath.crm.feed import read_feed
from towpath.crm.history import field_history
from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.ports.records import Records


def test_two_updates_are_one_change_from_the_first_value_to_the_last(world: World) -> None:
    key = world.one("Lead", score=1, city="A")

    def work(session: Records) -> None:
        session.update("Lead", [key], [{"score": 2}], ANN)
        session.find("Lead")
        session.update("Lead", [key], [{"score": 3}], ANN)

    world.run(work)
    (change,) = world.changes
    assert (change.kind, change.fields) == ("updated", ("score",))
    assert change.old is not None
    assert change.new is not None
    assert (change.old["score"], change.new["score"]) == (1, 3)
    assert change.old["city"] == "A"


def test_there_and_back_again_is_no_change(world: World) -> None:
    key = world.one("Lead", status="New")

    def work(session: Records) -> None:
        session.update("Lead", [key], [{"status": "Open"}], ANN)
        session.flush()
        session.update("Lead", [key], [{"status": "New"}], ANN)

    world.run(work)  # type: ignore[arg-type]
    assert world.changes == []


def test_a_record_that_comes_and_goes_in_one_transaction_is_no_change(world: World) -> None:
    def work(session: Records) -> str:
        (lead,) = session.create("Lead", [{}], ANN)
        session.delete("Lead", [lead["id"]], ANN)
        return str(lead["id"])

    key = world.run(work)
    assert world.changes == []
    assert world.get("Lead", key) is None


def test_the_kinds_of_changes(world: World) -> None:
    key = world.one("Lead", city="A")
    (created,) = world.changes
    assert (created.kind, created.old) == ("created", None)
    assert created.fields == ("city",)
    world.run(lambda session: session.delete("Lead", [key], ANN))
    (deleted,) = world.changes
    assert (deleted.kind, deleted.new) == ("deleted", None)
    assert "city" in deleted.fields
    world.run(lambda session: session.undelete("Lead", [key], ANN))
    (undeleted,) = world.changes
    assert (undeleted.kind, undeleted.old) == ("undeleted", None)
    assert undeleted.new == world.get("Lead", key)


def test_two_causes_of_one_change_are_joined(world: World) -> None:
    key = world.one("Lead")
    first = Cause("engine", "r1", (("w1", key),), bulk=True)
    second = Cause("engine", "r2", (("w2", key),), bulk=False)
    world.run(lambda session: session.update("Lead", [key, key], [{"score": 1}, {"city": "A"}], [first, second]))
    assert world.changes[0].cause == Cause("engine", "r2", (("w1", key), ("w2", key)), bulk=False)


def test_the_feed_has_one_row_per_change_in_order_with_its_cause(world: World) -> None:
    lead = world.one("Lead", city="A")
    cause = Cause("engine", "run1", (("w", lead),), bulk=True)
    world.now = NOON + 5
    world.run(lambda session: session.update("Lead", [lead], [{"city": "B", "score": 7}], cause))
    world.run(lambda session: session.delete("Lead", [lead], ANN))
    created, updated, deleted = world.store.read(read_feed)
    assert (created.kind, created.object, created.record, created.at) == ("created", "Lead", lead, NOON)
    assert created.new == {"city": "A"}
    assert created.old == {}
    assert (updated.old, updated.new, updated.at) == ({"city": "A", "score": 0}, {"city": "B", "score": 7}, NOON + 5)
    assert updated.cause == cause
    assert deleted.old["city"] == "B"
    assert deleted.new == {}
    assert len({entry.transaction for entry in (created, updated, deleted)}) == 3
    assert world.store.read(lambda reader: read_feed(reader, after=created.id, limit=1)) == [updated]


def test_the_history_of_a_field(world: World) -> None:
    key = world.one("Lead", city="A")
    world.one("Lead", city="Z")
    world.update("Lead", key, city="B", score=1)
    world.update("Lead", key, city=None)
    history = world.store.read(lambda reader: field_history(reader, key, "city"))
    assert [(change.old, change.new) for change in history] == [(None, "A"), ("A", "B"), ("B", None)]
    assert {change.field for change in world.store.read(lambda reader: field_history(reader, key))} == {"city", "score"}
    assert len(world.store.read(lambda reader: field_history(reader, key, limit=1))) == 1


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "update", "delete", "undelete", "find"]),
        st.integers(0, 4),
        st.dictionaries(st.sampled_from(["city", "country", "score"]), st.sampled_from([None, 1, 2]), max_size=3),
    ),
    max_size=20,
)


@settings(max_examples=60)
@given(OPERATIONS, OPERATIONS)
def test_changes_are_the_difference_between_the_store_before_and_after(before: list[Any], after: list[Any]) -> None:
    world = new_world()
    ids: list[str] = []
    world.run(lambda session: _operate(session, before, ids))
    old = _living(world)
    world.now += 1_000_000
    world.run(lambda session: _operate(session, after, ids))
    changes = world.changes
    new = _living(world)
    expected = {key: (old.get(key), new.get(key)) for key in ids if _content(old.get(key)) != _content(new.get(key))}
    assert {change.id: (change.old, change.new) for change in changes} == expected
    for change in changes:
        if change.kind == "updated":
            assert set(change.fields) == {name for name in ("city", "country", "score") if _differs(change, name)}
    world.store.close()


def _operate(session: Records, operations: list[Any], ids: list[str]) -> None:
    for act, index, values in operations:
        if act == "create":
            (made,) = session.create("Lead", [values], ANN)
            assert not isinstance(made, TowpathError)
            ids.append(made["id"])
        elif act == "find":
            session.find("Lead", limit=2)
        elif ids:
            chosen = ids[index % len(ids)]
            if act == "update":
                session.update("Lead", [chosen, chosen], [values, {"city": 1}], ANN)
            else:
                getattr(session, act)("Lead", [chosen], ANN)


def _living(world: World) -> dict[str, Any]:
    return {record["id"]: record for record in world.run(lambda session: session.find("Lead"))}


def _content(record: dict[str, Any] | None) -> dict[str, Any] | None:
    return record and {name: value for name, value in record.items() if name != "updatedAt"}


def _differs(change: Any, name: str) -> bool:
    return bool(change.old[name] != change.new[name])
