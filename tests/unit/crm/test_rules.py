"""Before-save rules: they may set fields or refuse, and see records as they would be saved."""

from __future__ import annotations

from tests.unit.crm.world import ANN, World
from towpath.crm.rules import BUILT_IN_RULES
from towpath.crm.saving import SaveBatch
from towpath.errors import ConflictError


def test_a_rule_sets_fields_which_are_checked_like_any_others(world: World) -> None:
    def tidy(batch: SaveBatch) -> None:
        for i in range(len(batch)):
            batch.set(i, {"country": "india", "email": " X@Y.co", "status": batch.new(i)["city"]})

    world.rules = {"Lead": [tidy]}
    good, bad = world.create("Lead", {"city": "Open"}, {"city": "Pune"})
    assert (good["country"], good["email"], good["status"]) == ("india", "x@y.co", "Open")
    assert bad.code == "schema.unknown_choice"


def test_a_rule_refuses_one_record_and_the_others_are_saved(world: World) -> None:
    def no_pune(batch: SaveBatch) -> None:
        for i in range(len(batch)):
            if batch.new(i)["city"] == "Pune":
                batch.reject(i, "Pune is closed.")
            if batch.new(i)["city"] == "Goa":
                batch.reject(i, ConflictError("Goa is full.", code="goa.full"))

    world.rules = {"*": [no_pune]}
    good, bad, full = world.create("Lead", {"city": "Thane"}, {"city": "Pune"}, {"city": "Goa"})
    assert good["city"] == "Thane"
    assert (bad.code, bad.message, bad.where.object) == ("record.rejected", "Pune is closed.", "Lead")
    assert (full.code, full.where.object) == ("goa.full", "Lead")
    assert len(world.changes) == 1
    assert world.update("Lead", good["id"], city="Pune").code == "record.rejected"
    assert world.get("Lead", good["id"])["city"] == "Thane"


def test_a_rule_sees_no_id_of_a_record_that_is_created(world: World) -> None:
    seen = []

    def look(batch: SaveBatch) -> None:
        seen.extend((batch.object, batch.old[i], batch.new(i)["id"], batch.causes[i]) for i in range(len(batch)))

    world.rules = {"Lead": [look]}
    world.create("Lead", {"city": "A"})
    assert seen == [("Lead", None, None, ANN)]


def test_rules_do_not_see_what_changes_nothing(world: World) -> None:
    key = world.one("Lead", city="A")
    seen: list[int] = []
    world.rules = {"Lead": [lambda batch: seen.append(len(batch))]}
    world.run(lambda session: session.update("Lead", [key, "nobody"], [{"city": "A"}, {"city": "B"}], ANN))
    assert sum(seen) == 0


def test_a_rule_that_sets_the_old_value_makes_the_save_a_non_event(world: World) -> None:
    key = world.one("Lead", city="A")
    world.rules = {"Lead": [lambda batch: [batch.set(i, {"city": "A"}) for i in range(len(batch))]]}  # type: ignore[list-item, misc]
    world.update("Lead", key, city="B")
    assert world.changes == []


def test_what_a_rule_sets_must_be_unique_and_exist_too(world: World) -> None:
    world.one("Lead", externalId="x")
    world.rules = {"Lead": [lambda batch: batch.set(0, {"externalId": "x"})]}
    assert world.create("Lead", {})[0].code == "schema.duplicate"
    world.rules = {"Lead": [lambda batch: batch.set(0, {"accountId": "nowhere"})]}
    assert world.create("Lead", {})[0].code == "schema.missing_reference"


def test_a_deal_follows_its_stage(world: World) -> None:
    world.rules = BUILT_IN_RULES
    (deal,) = world.create("Deal", {"name": "A"})
    assert (deal["stage"], deal["probability"], deal["closed"], deal["won"]) == ("Prospecting", 10, False, False)
    assert deal["stageChangedAt"] == "2026-01-01T12:00:00.000Z"
    world.now += 1_000_000
    won = world.update("Deal", deal["id"], stage="won")
    assert (won["stage"], won["probability"], won["closed"], won["won"]) == ("Won", 100, True, True)
    assert won["stageChangedAt"] == "2026-01-01T12:00:01.000Z"
    assert world.update("Deal", deal["id"], stage="Proposal", probability=77)["probability"] == 77
    world.now += 1_000_000
    assert world.update("Deal", deal["id"], amount=5)["stageChangedAt"] == "2026-01-01T12:00:01.000Z"


def test_cases_and_tasks_are_stamped_when_they_are_done(world: World) -> None:
    world.rules = BUILT_IN_RULES
    case, task = world.one("Case", subject="a"), world.one("Task", subject="b")
    closed = world.update("Case", case, status="Closed")
    assert closed["solvedAt"] == closed["closedAt"] == "2026-01-01T12:00:00.000Z"
    assert world.update("Task", task, status="Completed", completedAt="2025-12-31")["completedAt"].startswith("2025")
