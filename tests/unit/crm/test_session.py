"""Creating, changing, deleting and finding records in one transaction and over several."""

from __future__ import annotations

import pytest

from tests.unit.crm.world import ANN, NOON, World
from towpath.crm.reading import reading
from towpath.errors import NotFoundError, SchemaError
from towpath.model.condition import ALWAYS, Comparison, Field
from towpath.model.table import Order
from towpath.ports.records import Records
from towpath.ports.store import Reader

SECOND = 1_000_000


def test_a_new_record_has_an_id_its_defaults_and_its_times(world: World) -> None:
    (lead,) = world.create("Lead", {"firstName": "John", "status": None})
    assert lead["firstName"] == "John"
    assert lead["id"]
    assert lead["createdAt"] == lead["updatedAt"] == "2026-01-01T12:00:00.000Z"
    assert lead["deletedAt"] is None
    assert lead["status"] is None  # set to nothing on purpose; a field left out has its default
    assert lead["score"] == 0
    assert lead["converted"] is False
    assert world.create("Lead", {})[0]["status"] == "New"


def test_what_is_stored_is_what_was_given_back(world: World) -> None:
    rows = [
        {"subject": "a", "form": {"fields": [1, None, {"x": "y"}]}, "response": [], "dueAt": "2026-02-01"},
        {"subject": "ü", "kind": "FORM", "priority": "high"},
    ]
    made = world.create("Task", *rows)
    assert [world.get("Task", record["id"]) for record in made] == made
    (deal,) = world.create("Deal", {"amount": "12.345", "probability": 5, "won": "yes", "closeDate": "2026-05-01"})
    assert world.get("Deal", deal["id"]) == deal
    (lead,) = world.create("Lead", {"tags": "a;b", "totalVisits": "7", "timeOnSite": 7})
    assert world.get("Lead", lead["id"]) == lead


def test_a_bad_row_fails_alone(world: World) -> None:
    good, unknown, choice, other = world.create(
        "Lead", {"firstName": "A"}, {"firstNme": "B"}, {"status": "Nwe"}, {"firstName": "C"}
    )
    assert (good["firstName"], other["firstName"]) == ("A", "C")
    assert unknown.code == "schema.unknown_field"
    assert choice.code == "schema.unknown_choice"
    assert len(world.changes) == 2
    assert world.run(lambda session: session.count("Lead")) == 2


def test_a_required_field_must_have_a_value(world: World) -> None:
    missing, empty, good = world.create("Account", {}, {"name": "  "}, {"name": "Acme"})
    assert missing.code == empty.code == "schema.required"
    assert world.update("Account", good["id"], name=None).code == "schema.required"
    assert world.update("Account", good["id"], phone="12345")["name"] == "Acme"


def test_an_update_changes_the_fields_given_and_the_time(world: World) -> None:
    key = world.one("Lead", firstName="John", city="Mumbai")
    world.now = NOON + SECOND
    lead = world.update("Lead", key, city="Pune")
    assert (lead["firstName"], lead["city"]) == ("John", "Pune")
    assert lead["updatedAt"] == "2026-01-01T12:00:01.000Z"
    assert lead["createdAt"] == "2026-01-01T12:00:00.000Z"
    assert world.get("Lead", key) == lead


def test_a_value_equal_to_the_old_one_changes_nothing(world: World) -> None:
    key = world.one("Lead", email="john@acme.com", score=5)
    before = world.get("Lead", key)
    world.now += SECOND
    assert world.update("Lead", key, email=" JOHN@acme.com ", score="5") == before
    assert world.changes == []
    assert world.statements.keys() == {("get", "crm_lead")}


def test_true_is_another_json_value_than_one(world: World) -> None:
    key = world.one("Task", subject="a", response={"yes": 1})
    world.update("Task", key, response={"yes": True})
    assert world.get("Task", key)["response"]["yes"] is True


def test_a_record_given_out_stays_as_it_was(world: World) -> None:
    def work(session: Records) -> None:
        (first,) = session.create("Lead", [{"city": "A"}], ANN)
        (second,) = session.update("Lead", [first["id"]], [{"city": "B"}], ANN)
        assert (first["city"], second["city"]) == ("A", "B")

    world.run(work)


def test_updates_of_one_record_in_one_batch_follow_each_other(world: World) -> None:
    key, other = world.one("Lead", score=0), world.one("Lead")
    rows = [{"score": 1}, {"city": "X"}, {"score": 2, "country": "Y"}]
    outcomes = world.run(lambda session: session.update("Lead", [key, other, key], rows, ANN))
    assert [outcome["score"] for outcome in outcomes] == [1, 0, 2]
    assert world.get("Lead", key)["score"] == 2
    assert sorted((change.id, change.fields) for change in world.changes) == sorted(
        [(key, ("score", "country")), (other, ("city",))]
    )


def test_a_record_that_is_not_there_is_not_updated(world: World) -> None:
    key = world.one("Lead")
    good, bad, odd = world.run(
        lambda session: session.update("Lead", [key, "nobody", None], [{"city": "X"}] * 3, ANN)  # type: ignore[list-item]
    )
    assert good["city"] == "X"
    assert isinstance(bad, NotFoundError)
    assert isinstance(odd, NotFoundError)
    assert bad.where.record == "nobody"


def test_a_deleted_record_is_gone_until_it_is_undeleted(world: World) -> None:
    key = world.one("Lead", city="A")
    (was,) = world.run(lambda session: session.delete("Lead", [key], ANN))
    assert was["city"] == "A"
    assert world.get("Lead", key) is None
    assert world.run(lambda session: session.count("Lead")) == 0
    assert world.run(lambda session: session.find("Lead")) == []
    assert world.run(lambda session: session.find_by("Lead", "city", ["A"])) == {"A": []}
    assert [r["id"] for r in world.run(lambda session: session.find("Lead", deleted=True))] == [key]
    assert world.update("Lead", key, city="B").code == "record.not_found"
    assert world.run(lambda session: session.delete("Lead", [key], ANN))[0].code == "record.not_found"
    (back,) = world.run(lambda session: session.undelete("Lead", [key], ANN))
    assert (back["city"], back["deletedAt"]) == ("A", None)
    assert world.get("Lead", key) == back
    assert world.run(lambda session: session.undelete("Lead", [key], ANN))[0].code == "record.not_deleted"


def test_reads_see_the_writes_before_them(world: World) -> None:
    def work(session: Records) -> None:
        (lead,) = session.create("Lead", [{"city": "A"}], ANN)
        in_a, in_b = Comparison(Field("city"), "==", "A"), Comparison(Field("city"), "==", "B")
        assert session.find("Lead", in_a) == [lead]
        (moved,) = session.update("Lead", [lead["id"]], [{"city": "B"}], ANN)
        assert session.count("Lead", in_a) == 0
        assert session.find_by("Lead", "city", ["A", "B"]) == {"A": [], "B": [moved]}
        assert session.get("Lead", [lead["id"]]) == {lead["id"]: moved}
        assert session.find("Lead", in_b)[0] is moved
        session.delete("Lead", [lead["id"]], ANN)
        assert session.find("Lead", ALWAYS) == []

    world.run(work)
    assert world.changes == []


def test_finding_takes_order_limit_and_offset(world: World) -> None:
    world.create("Lead", *({"score": score, "city": "A"} for score in (3, 1, 2, 2)))
    order = [Order("score", descending=True)]
    found = world.run(lambda session: session.find("Lead", order=order, limit=2, offset=1))
    assert [record["score"] for record in found] == [2, 2]
    assert found[0]["id"] < found[1]["id"]


def test_a_search_for_an_unknown_field_says_so(world: World) -> None:
    with pytest.raises(SchemaError, match="Did you mean 'score'"):
        world.run(lambda session: session.find("Lead", Comparison(Field("scor"), ">", 1)))
    with pytest.raises(SchemaError, match="Did you mean 'score'"):
        world.run(lambda session: session.find("Lead", order=[Order("scor")]))
    with pytest.raises(SchemaError, match="Did you mean 'score'"):
        world.run(lambda session: session.find_by("Lead", "scor", [1]))


def test_a_search_takes_values_as_the_fields_hold_them(world: World) -> None:
    key = world.one("Lead", email="john@acme.com", status="Qualified")
    wanted = [
        Comparison(Field("email"), "==", "John@Acme.com "),
        Comparison(Field("email"), "in", ("JOHN@ACME.COM", "x")),
        Comparison(Field("email"), "ends_with", "@ACME.com"),
        Comparison(Field("status"), "==", "qualified"),
        Comparison(Field("createdAt"), "<", "2026-01-01T14:00:00+01:00"),
    ]
    for condition in wanted:
        found = world.run(lambda session, where=condition: session.find("Lead", where))  # type: ignore[misc]
        assert [record["id"] for record in found] == [key], condition
    found = world.run(lambda session: session.find_by("Lead", "email", ["JOHN@acme.com", "nobody", 5]))
    assert [record["id"] for record in found["JOHN@acme.com"]] == [key]
    assert found["nobody"] == found[5] == []


def test_a_reference_must_lead_to_a_record_of_its_object(world: World) -> None:
    account = world.one("Account", name="Acme")
    gone = world.one("Account", name="Gone")
    world.run(lambda session: session.delete("Account", [gone], ANN))
    good, lost, deleted, empty = world.create(
        "Contact", {"accountId": account}, {"accountId": "nowhere"}, {"accountId": gone}, {"accountId": None}
    )
    assert good["accountId"] == account
    assert lost.code == deleted.code == "schema.missing_reference"
    assert empty["accountId"] is None
    assert world.update("Contact", good["id"], ownerId=account).code == "schema.missing_reference"


def test_a_reference_may_lead_to_a_record_made_in_the_same_transaction(world: World) -> None:
    def work(session: Records) -> None:
        (account,) = session.create("Account", [{"name": "Acme"}], ANN)
        (contact,) = session.create("Contact", [{"accountId": account["id"]}], ANN)
        assert contact["accountId"] == account["id"]
        session.delete("Account", [account["id"]], ANN)
        (refused,) = session.create("Contact", [{"accountId": account["id"]}], ANN)
        assert refused.code == "schema.missing_reference"

    world.run(work)


def test_link_and_unlink(world: World) -> None:
    account, contact = world.one("Account", name="Acme"), world.one("Contact")
    linked, lost = world.run(
        lambda session: session.link("Contact", [contact, contact], "accountId", [account, "nowhere"], ANN)
    )
    assert linked["accountId"] == account
    assert lost.code == "schema.missing_reference"
    (free,) = world.run(lambda session: session.link("Contact", [contact], "accountId", [None], ANN))
    assert free["accountId"] is None
    with pytest.raises(SchemaError, match="Did you mean 'accountId'"):
        world.run(lambda session: session.link("Contact", [contact], "acountId", [None], ANN))


def test_causes_are_one_for_all_or_one_each(world: World) -> None:
    with pytest.raises(ValueError, match="2 rows need one cause or 2, not 1"):
        world.run(lambda session: session.create("Lead", [{}, {}], [ANN]))


def test_a_session_on_a_snapshot_reads_and_does_not_write(world: World) -> None:
    key = world.one("Lead", city="A")

    def look(reader: Reader) -> None:
        records = reading(reader, world.catalogue)
        assert [record["id"] for record in records.find("Lead")] == [key]
        with pytest.raises(TypeError, match="only reads"):
            records.create("Lead", [{}], ANN)

    world.store.read(look)
