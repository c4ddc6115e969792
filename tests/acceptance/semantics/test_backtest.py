"""Back-test of a draft: past changes, caught effects, and what the published version did instead."""

from __future__ import annotations

from typing import Any

import pytest

import towpath
from tests.acceptance.flows import DAY, World, workflow
from towpath.connectors.pretend import PretendSender
from towpath.engine.tables import ENGINE_TABLES
from towpath.errors import InputError, WorkflowError
from towpath.model.workflow import WorkflowDefinition
from towpath.service import records
from towpath.service.backtest import Backtest, backtest
from towpath.service.past_changes import past_changes
from towpath.service.snapshot import in_snapshot


class Counting(PretendSender):
    """Sends nothing, and counts."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, effects: Any) -> Any:
        self.sent += len(effects)
        return super().send(effects)


def draft(limit: int = 50, **more: Any) -> dict[str, Any]:
    """Leads that score are mailed, wait, and are marked hot or warm."""
    nodes = {
        "t": ("trigger.record", {"object": "Lead", "condition": f"score > {limit}"}),
        "mail": ("mail.send", {"to": "{{ $json.email }}", "subject": "hello", "text": "x"}),
        "call": ("http.request", {"url": "https://example.com/{{ $json.id }}"}),
        "wait": ("wait.duration", {"duration": "3 days"}),
        "if": ("logic.if", {"condition": "{{ $record.score > 80 }}"}),
        "hot": ("crm.update", {"object": "Lead", "id": "{{ $record.id }}", "fields": {"rating": "Hot"}}),
        "warm": ("crm.update", {"object": "Lead", "id": "{{ $record.id }}", "fields": {"rating": "Warm"}}),
        **more,
    }
    edges = ("t > mail", "mail:sent > call", "call > wait", "wait > if", "if:true > hot", "if:false > warm")
    return workflow(nodes, *edges, name="Journey", start_brake=1_000_000)


def definition(document: dict[str, Any]) -> WorkflowDefinition:
    found: WorkflowDefinition = towpath.load(document).definition
    return found


@pytest.fixture(scope="module")
def month() -> World:
    """A month in which sixty leads came and changed while the workflow was on."""
    sender = Counting()
    world = World(senders={"http": sender, "mail": sender})
    world.sender = sender  # type: ignore[attr-defined]
    world.publish(draft())
    for day in range(30):
        world.until(day * DAY)
        for n in range(2):
            lead = world.create("Lead", lastName=f"{day}-{n}", email="a@b.co", score=20 + (day * 7 + n * 31) % 70)
            world.go()
            if n:
                world.update("Lead", lead, score=(day * 13) % 100)
                world.go()
    world.until(40 * DAY)
    return world


def run(world: World, document: dict[str, Any]) -> Backtest:
    return backtest(world.platform, definition(document), world.begin, world.clock.now() + 1)


def test_the_published_version_held_against_its_own_past_did_the_same(month: World) -> None:
    result = run(month, draft())
    assert result.starts == result.published_starts > 20
    assert (result.only_draft, result.only_published) == (0, 0)
    assert result.changes >= 90
    changed_in_between = result.other_path  # a score that changed during the wait: the draft sees it as it was
    assert result.same + changed_in_between == result.starts
    assert result.same > changed_in_between


def test_a_stricter_draft_starts_on_fewer_records_and_says_which(month: World) -> None:
    result = run(month, draft(80))
    assert result.starts < result.published_starts
    assert result.only_draft == 0
    assert result.only_published == result.published_starts - result.starts
    assert len(result.differences) == 20
    record = next(d.record for d in result.differences if d.draft is None)
    assert month.record("Lead", record)["score"] <= 100
    assert {path.path for path in result.paths if path.draft} == {"mail [sent] → call → wait → if [true] → hot"}


def test_a_draft_with_another_step_takes_other_ways(month: World) -> None:
    document = draft()
    document["nodes"]["extra"] = {"type": "crm.update", "params": {"object": "Lead", "fields": {"city": "x"}}}
    document["edges"]["mail:sent > call"] = {"source": "mail", "source_port": "sent", "target": "extra"}
    document["edges"]["extra > call"] = {"source": "extra", "target": "call"}
    result = run(month, document)
    assert result.other_path == result.starts
    assert result.same == 0


def test_nothing_leaves_and_nothing_is_kept(month: World) -> None:
    month.go()
    sender: Counting = month.sender  # type: ignore[attr-defined]
    before, sent = everything(month), sender.sent
    result = run(month, draft(0))
    month.go()
    assert sender.sent == sent
    assert everything(month) == before
    assert (result.caught.mails, result.caught.calls) == (result.starts, result.starts)
    assert result.caught.records > 0


def everything(world: World) -> dict[str, list[Any]]:
    tables = [*ENGINE_TABLES, *world.platform.catalogue.tables()]
    return world.platform.store.read(lambda tx: {table.name: sorted(map(repr, tx.select(table))) for table in tables})


def test_past_changes_give_each_record_as_it_was() -> None:
    month = World()
    lead = month.create("Lead", lastName="Doe", score=1)
    seen = [{"score": 2}, {"score": 3, "city": "Bonn"}, {"city": None}]
    for values in seen:
        month.clock.set(month.clock.now() + 1_000_000)
        month.update("Lead", lead, **values)
    records.delete(month.platform, "Lead", lead)
    records.undelete(month.platform, "Lead", lead)
    since, until = month.begin, month.clock.now() + 1
    changes = in_snapshot(month.platform, lambda state: list(past_changes(state, "Lead", since, until)))
    mine = [change for _, change in changes if change.id == lead][::-1]
    assert [change.kind for change in mine] == ["created", "updated", "updated", "updated", "deleted", "undeleted"]
    assert [(c.old or {}).get("score") for c in mine] == [None, 1, 2, 3, 3, None]
    assert [(c.new or {}).get("score") for c in mine] == [1, 2, 3, 3, None, 3]
    assert [(c.new or {}).get("city") for c in mine] == [None, None, "Bonn", None, None, None]


def test_enrolment_rules_of_the_draft_count(month: World) -> None:
    document = draft(0)
    every = run(month, {**document, "settings": {"start_brake": 1_000_000}}).starts
    document["nodes"]["t"]["params"]["mode"] = "level"
    settings = {"start_brake": 1_000_000, "enrolment": {"again": "never", "suppress": "score > 80"}}
    once = run(month, {**document, "settings": settings})
    assert once.starts <= every
    assert len({d.record for d in once.differences if d.draft}) == len([d for d in once.differences if d.draft])


def test_a_draft_of_a_new_workflow_has_nothing_to_be_held_against(month: World) -> None:
    document = {**draft(), "name": "Another"}
    result = run(month, document)
    assert result.published_starts == 0
    assert result.only_draft == result.starts > 0


def test_what_cannot_be_tested_says_why(month: World) -> None:
    with pytest.raises(InputError) as caught:
        run(month, workflow({"t": "trigger.manual", "n": "logic.noop"}, "t > n", name="Hand"))
    assert caught.value.code == "backtest.no_record_trigger"
    with pytest.raises(WorkflowError):
        run(month, draft(more=("crm.update", {"object": "Laed", "fields": {}})))


def test_a_way_ends_where_a_person_is_asked(month: World) -> None:
    nodes = {
        "t": ("trigger.record", {"object": "Lead", "condition": "score > 50"}),
        "task": ("people.task", {"subject": "Call"}),
        "end": "logic.noop",
    }
    result = run(month, workflow(nodes, "t > task", "task > end", name="Tasks"))
    assert [path.path for path in result.paths] == ["…"]
    assert result.caught.people == result.starts
    assert month.tasks() == []
