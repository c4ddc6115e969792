"""Assignment, semantics.md §1.9: turns, weights, capacity, shifts, absence, territories, and queues."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import World, workflow
from tests.postgres_server import database
from towpath.app import open_platform
from towpath.crm.assignment.choosing import Chooser, Standing
from towpath.crm.assignment.tables import MEMBER, QUEUE
from towpath.errors import NotFoundError, SchemaError
from towpath.model.change import Cause
from towpath.model.offset import to_microseconds
from towpath.service import records, runs
from towpath.service.definitions import apply_definition, delete_definition
from towpath.service.pools import list_pools
from towpath.service.unit import in_unit

ANN, BOB, CID = "ann@x.co", "bob@x.co", "cid@x.co"


class Team(World):
    """A world with people, a pool for leads, and a workflow that assigns every new one."""

    def __init__(self, *people: str, **platform: Any) -> None:
        super().__init__(**platform)
        self.people = {email: self.create("User", name=email[:3].title(), email=email) for email in people}
        self.names = {user: email[:3] for email, user in self.people.items()}

    def pool(self, *members: Any, **more: Any) -> None:
        listed = [member if isinstance(member, dict) else {"user": member} for member in members]
        document = {"kind": "assignment", "name": "inbound", "object": "Lead", "members": listed, **more}
        apply_definition(self.platform, document)

    def listen(self, **params: Any) -> None:
        nodes = {
            "t": ("trigger.record", {"object": "Lead", "on": ["created"]}),
            "give": ("crm.assign", {"object": "Lead", "pool": "inbound", **params}),
        }
        self.publish(workflow(nodes, "t > give", name="Route", start_brake=100_000))

    def leads(self, count: int, **values: Any) -> list[str]:
        rows = [{"lastName": str(n), **values} for n in range(count)]
        made = in_unit(self.platform, lambda unit: unit.records.create("Lead", rows, Cause("test", bulk=True)))
        return [record["id"] for record in made]

    def owners(self) -> dict[str, int]:
        """How many leads each person owns; under '' those that nobody has."""
        return dict(Counter(self.names.get(lead["ownerId"], "") for lead in self.records("Lead")))

    def queue(self) -> int:
        return int(self.platform.store.read(lambda tx: tx.count(QUEUE))[0][0])

    def loads(self) -> dict[str, float]:
        rows = self.platform.store.read(lambda tx: tx.select(MEMBER, ("user", "load")))
        return {self.names[user]: load for user, load in rows}


def to(world: World, text: str) -> None:
    world.until((to_microseconds(datetime.fromisoformat(text)) - world.begin) / 1_000_000)


# By turns


def test_three_people_get_a_hundred_each_of_three_hundred_leads() -> None:
    world = Team(ANN, BOB, CID)
    world.pool(ANN, BOB, CID)
    world.listen()
    for size in (1, 2, 100, 197):
        world.leads(size)
        world.go()
    assert world.owners() == {"ann": 100, "bob": 100, "cid": 100}
    assert {run.status for run in world.runs()} == {"completed"}


def test_bulk_is_given_in_the_order_of_the_input() -> None:
    world = Team(ANN, BOB, CID)
    world.pool(CID, ANN, BOB)
    leads = world.leads(7)
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads, Cause("test")))
    owners = [world.names[world.record("Lead", lead)["ownerId"]] for lead in leads]
    assert owners == ["cid", "ann", "bob", "cid", "ann", "bob", "cid"]


def test_the_absent_are_skipped_and_keep_their_place() -> None:
    world = Team(ANN, BOB, CID)
    world.pool(ANN, BOB, CID)
    world.listen()
    for email, absent in ((None, {}), (BOB, {"absentFrom": "2025-12-31", "absentUntil": "2026-01-02"}), (None, {})):
        if email:
            world.update("User", world.people[email], **absent)
        world.leads(2)
        world.go()
    assert world.owners() == {"ann": 3, "bob": 1, "cid": 2}
    world.update("User", world.people[CID], active=False)
    to(world, "2026-01-02T00:00:00+00:00")
    world.leads(4)
    world.go()
    assert world.owners() == {"ann": 5, "bob": 3, "cid": 2}


CHILD = """
import os, sys
from pathlib import Path
from towpath.app import open_platform
from towpath.model.change import Cause
from towpath.service.unit import in_unit

folder, go = Path(sys.argv[1]), os.pipe()

def work(leads):
    os.close(go[1])
    platform = open_platform(folder)
    os.read(go[0], 1)  # comes back in all of them at once, when the other end is closed
    for lead in leads:
        in_unit(platform, lambda unit: unit.records.assign("inbound", [lead], Cause("test")))
    platform.close()

children = []
for part in sys.argv[2:]:
    child = os.fork()
    if child == 0:
        try:
            work(part.split(","))
            os._exit(0)
        finally:
            os._exit(1)
    children.append(child)
os.close(go[1])
sys.exit(max(os.waitpid(child, 0)[1] for child in children) > 0)
"""


def test_ten_processes_at_once_keep_the_spread_at_one(tmp_path: Path) -> None:
    _race(tmp_path, per_process=7, workers=10)


def test_processes_on_postgres_keep_the_spread_at_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with database() as url:
        monkeypatch.setenv("TOWPATH_DATABASE_URL", url)
        _race(tmp_path, per_process=6, workers=5)


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_ten_processes_keep_the_spread_at_one_for_a_minute(tmp_path: Path) -> None:
    deadline = time.monotonic() + 60
    for turn in range(1000):
        _race(tmp_path / str(turn), per_process=100, workers=10)
        if time.monotonic() > deadline:
            break


def test_ten_processes_at_once_never_exceed_a_capacity(tmp_path: Path) -> None:
    world = _raced(tmp_path, 5, 10, *({"user": user, "capacity": 12} for user in (ANN, BOB, CID)))
    assert world.owners() == {"ann": 12, "bob": 12, "cid": 12, "": 50 - 36}
    assert world.loads() == {"ann": 12, "bob": 12, "cid": 12}
    world.platform.close()


def _race(folder: Path, per_process: int, workers: int) -> None:
    world = _raced(folder, per_process, workers, ANN, BOB, CID)
    owned = world.owners()
    assert sum(owned.values()) == per_process * workers
    assert "" not in owned
    assert max(owned.values()) - min(owned.values()) <= 1
    assert world.loads() == owned
    world.platform.close()


def _raced(folder: Path, per_process: int, workers: int, *members: Any) -> Team:
    """A world in which so many processes have just assigned their leads at once."""
    world = Team(ANN)
    folder.mkdir(exist_ok=True)
    world.platform = open_platform(folder)
    world.people = {email: world.create("User", name=email[:3], email=email) for email in (ANN, BOB, CID)}
    world.names = {user: email[:3] for email, user in world.people.items()}
    world.pool(*members)
    leads = world.leads(per_process * workers)
    world.platform.close()
    parts = [",".join(leads[n::workers]) for n in range(workers)]
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder), *parts], check=False, timeout=100)
    assert done.returncode == 0
    world.platform = open_platform(folder)
    return world


# By weights and loads


def test_weights_are_kept_at_every_moment() -> None:
    world = Team(ANN, BOB, CID)
    world.pool({"user": ANN, "share": 3}, {"user": BOB, "share": 2}, {"user": CID, "share": 1}, strategy="weighted")
    leads = world.leads(60)
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads, Cause("test")))
    assert world.owners() == {"ann": 30, "bob": 20, "cid": 10}
    first = Counter(world.names[world.record("Lead", lead)["ownerId"]] for lead in leads[:6])
    assert first == {"ann": 3, "bob": 2, "cid": 1}


def test_who_joins_a_weighted_pool_later_is_not_given_everything_at_first() -> None:
    world = Team(ANN, BOB)
    world.pool(ANN, strategy="weighted")
    leads = world.leads(120)
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads[:100], Cause("test")))
    world.pool(ANN, BOB, strategy="weighted")
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads[100:], Cause("test")))
    assert world.owners() == {"ann": 110, "bob": 10}


def test_the_least_loaded_for_their_capacity_go_first_then_who_has_waited_longest() -> None:
    world = Team(ANN, BOB, CID)
    world.pool({"user": ANN, "capacity": 20}, {"user": BOB, "capacity": 10}, {"user": CID, "capacity": 10},
               strategy="least_loaded")  # fmt: skip
    leads = world.leads(20)
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads, Cause("test")))
    assert world.owners() == {"ann": 10, "bob": 5, "cid": 5}


@given(
    st.sampled_from(["round_robin", "weighted", "least_loaded"]),
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 5)), min_size=1, max_size=6),
    st.integers(1, 3),
    st.integers(1, 60),
)
def test_capacity_is_never_exceeded_and_nobody_waits_while_there_is_room(
    strategy: Any, people: list[tuple[int, int]], weight: int, count: int
) -> None:
    members = [Standing(str(n), share, float(capacity)) for n, (capacity, share) in enumerate(people)]
    chooser = Chooser(strategy, members, weight, None)
    for _ in range(count):
        room = any(member.has_room(weight) for member in members)
        assert isinstance(chooser.choose({}), Standing) == room
        assert all(member.load <= (member.capacity or 0) for member in members)


# Queues


def test_fourteen_leads_with_nine_places_leave_five_in_the_queue_that_are_taken_when_freed() -> None:
    world = Team(ANN, BOB, CID)
    world.pool(*({"user": user, "capacity": 3} for user in (ANN, BOB, CID)), counts='status != "Unqualified"')
    world.listen()
    leads = world.leads(14)
    world.go()
    assert world.owners() == {"ann": 3, "bob": 3, "cid": 3, "": 5}
    assert world.queue() == 5
    assert list_pools(world.platform)[0].queued == {"full": 5}
    for lead in leads[:2]:
        world.update("Lead", lead, status="Unqualified")
    world.go()
    assert world.owners()[""] == 3
    assert [bool(world.record("Lead", lead)["ownerId"]) for lead in leads] == [True] * 11 + [False] * 3, "oldest first"
    records.delete(world.platform, "Lead", leads[2])
    world.update("Lead", leads[3], ownerId=None)
    world.go()
    assert world.queue() == 1
    world.pool(*({"user": user, "capacity": 5} for user in (ANN, BOB, CID)), counts='status != "Unqualified"')
    world.update("User", world.people[ANN], capacity=5)
    world.go()
    assert world.queue() == 0
    assert {run.status for run in world.runs()} == {"completed"}
    assert all(load <= 5 for load in world.loads().values())


def test_more_room_by_a_new_definition_is_taken_up_at_once() -> None:
    world = Team(ANN)
    world.pool({"user": ANN, "capacity": 1})
    world.listen()
    world.leads(3)
    world.go()
    assert world.owners() == {"ann": 1, "": 2}
    world.pool({"user": ANN, "capacity": 2})
    world.go()
    assert world.owners() == {"ann": 2, "": 1}


def test_a_queue_gives_up_after_its_time_and_a_cancelled_run_takes_no_place() -> None:
    world = Team(ANN)
    world.pool({"user": ANN, "capacity": 1}, counts='status == "New"')
    world.listen(timeout="1h")
    leads = world.leads(4)
    world.go()
    waiting = world.runs(status="waiting")
    runs.cancel_run(world.platform, waiting[0].id)
    world.update("Lead", leads[0], status="Open")
    world.go()
    assert world.owners() == {"ann": 2, "": 2}
    assert world.record("Lead", waiting[1].record or "")["ownerId"], "the place went to the next who waited"
    world.until(3600)
    assert world.steps(waiting[2].id, "give") == [("ok", 1, "nobody")]
    assert world.queue() == 0


def test_what_comes_out_of_shift_waits_for_the_shift_and_is_given_when_it_begins() -> None:
    world = Team(ANN, BOB)
    hours = {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}
    apply_definition(world.platform, {"kind": "calendar", "name": "office", **hours})
    apply_definition(world.platform, {"kind": "calendar", "name": "night", "weekly": {"thu": "22:00-06:00"}})
    world.pool({"user": ANN, "calendar": "office"}, {"user": BOB, "calendar": "night"})
    world.listen()
    to(world, "2026-01-01T18:00:00+00:00")
    world.leads(2)
    world.go()
    assert world.owners() == {"": 2}
    to(world, "2026-01-01T22:00:00+00:00")
    assert world.owners() == {"bob": 2}
    to(world, "2026-01-02T09:00:00+00:00")
    world.leads(1)
    world.go()
    assert world.owners() == {"bob": 2, "ann": 1}


def test_an_owner_may_be_given_within_the_save_itself() -> None:
    world = Team(ANN, BOB)
    world.pool({"user": ANN, "capacity": 1}, {"user": BOB, "capacity": 1})
    params = {"object": "Lead", "on": ["created"], "when": "after_save"}
    nodes = {"t": ("trigger.record", params), "give": ("crm.assign", {"object": "Lead", "pool": "inbound"})}
    world.publish(workflow(nodes, "t > give", name="Route"))
    leads = world.leads(3)
    assert world.owners() == {"ann": 1, "bob": 1, "": 1}, "before any worker has done anything"
    records.delete(world.platform, "Lead", leads[0])
    world.go()
    assert world.owners() == {"ann": 1, "bob": 1}


# Territories, sticky owners, overflow


def test_territories_are_conditions_and_what_fits_nobody_goes_to_the_overflow() -> None:
    world = Team(ANN, BOB, CID)
    world.pool({"user": ANN, "when": 'country == "DE"'}, {"user": BOB, "when": 'country == "FR" or score > 90'},
               overflow=CID)  # fmt: skip
    world.listen()
    for country, score in (("DE", 1), ("DE", 95), ("FR", 1), ("IT", 95), ("IT", 1)):
        world.leads(1, country=country, score=score)
    world.go()
    assert world.owners() == {"ann": 1, "bob": 3, "cid": 1}


def test_a_lead_goes_to_the_owner_of_its_company_first_if_there_is_room() -> None:
    world = Team(ANN, BOB, CID)
    world.pool(*({"user": user, "capacity": 4} for user in (ANN, BOB, CID)), sticky="company")
    world.leads(1, company="Acme", ownerId=world.people[CID])
    leads = world.leads(5, company="Acme") + world.leads(2, company="Other")
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads, Cause("test")))
    owners = [world.names[world.record("Lead", lead)["ownerId"]] for lead in leads]
    assert owners[:5] == ["cid", "cid", "cid", "ann", "bob"], "until there is no more room"
    assert owners[5] == owners[6], "new companies stay together too"
    assert world.loads()["cid"] <= 4


def test_a_team_is_all_its_people_and_follows_who_joins() -> None:
    world = Team(ANN, BOB)
    team = world.create("Team", name="Sales")
    for email in (ANN, BOB):
        world.update("User", world.people[email], teamId=team)
    world.pool({"team": "Sales"})
    world.listen()
    world.leads(2)
    world.go()
    cid = world.create("User", name="Cid", email=CID, teamId=team)
    world.names[cid] = "cid"
    world.leads(3)
    world.go()
    assert world.owners() == {"ann": 2, "bob": 2, "cid": 1}


# Loads


def test_loads_follow_every_change_whoever_makes_it() -> None:
    world = Team(ANN, BOB)
    world.pool(ANN, BOB, counts='status != "Converted"', weight=2)
    leads = world.leads(4)
    in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads, Cause("test")))
    assert world.loads() == {"ann": 4, "bob": 4}
    world.update("Lead", leads[0], ownerId=world.people[BOB])
    world.update("Lead", leads[1], status="Converted")
    assert world.loads() == {"ann": 2, "bob": 4}
    records.delete(world.platform, "Lead", leads[2])
    records.undelete(world.platform, "Lead", leads[2])
    world.leads(1, ownerId=world.people[ANN])
    assert world.loads() == {"ann": 4, "bob": 4}
    world.pool(ANN, BOB, weight=1)
    assert world.loads() == {"ann": 2, "bob": 3}


def test_an_owner_that_a_rule_refuses_has_room_again() -> None:
    world = Team(ANN, BOB)
    world.pool({"user": ANN, "capacity": 2})
    document = {"name": "r", "object": "Lead", "refuse": "score < 0 and ownerId != null", "message": "No."}
    apply_definition(world.platform, document, kind="validation")
    leads = world.leads(1, score=-1) + world.leads(2)
    outcomes = in_unit(world.platform, lambda unit: unit.records.assign("inbound", leads, Cause("test")))
    assert isinstance(outcomes[0], SchemaError)
    assert world.owners() == {"ann": 2, "": 1}
    assert world.loads() == {"ann": 2}


def test_a_thousand_leads_are_given_in_few_statements() -> None:
    world = Team(ANN, BOB, CID)
    world.pool(*({"user": user, "capacity": 500} for user in (ANN, BOB, CID)))
    world.leads(1)
    world.platform.store = CountingStore(world.platform.store)
    leads = world.leads(1000)
    statements = world.platform.store.statements
    counts = []
    for at, size in ((0, 10), (10, 990)):
        statements.clear()
        part = leads[at : at + size]
        in_unit(world.platform, lambda unit, part=part: unit.records.assign("inbound", part, Cause("test")))
        counts.append(sum(statements.values()))
    assert counts[1] <= counts[0] <= 16
    assert sorted(world.owners().values()) == [1, 333, 333, 334]


# Mistakes


@pytest.mark.parametrize(
    ("change", "error"),
    [({"members": [{"user": "nobody@x.co"}]}, NotFoundError), ({"object": "Laed"}, SchemaError),
     ({"sticky": "compnay"}, SchemaError), ({"counts": "statsu == 1"}, SchemaError)],
)  # fmt: skip
def test_a_pool_with_a_mistake_is_refused(change: dict[str, Any], error: type) -> None:
    world = Team(ANN)
    with pytest.raises(error):
        world.pool(ANN, **change)


def test_a_pool_that_is_not_there_fails_the_item_with_the_nearest_name() -> None:
    world = Team(ANN)
    world.pool(ANN)
    world.listen(pool="inbuond")
    world.leads(1)
    world.go()
    (run,) = world.runs()
    assert run.error == "definition.unknown"
    assert (world.show(run.id).error or {})["hint"] == "Did you mean 'inbound'?"
    delete_definition(world.platform, "assignment", "inbound")
    assert world.loads() == {}
