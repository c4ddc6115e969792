"""What asks for somebody's attention is told to him alone until it is done with, and is unread until he saw it."""

from __future__ import annotations

import pytest

import towpath
from tests.acceptance.flows import HOUR, World, workflow
from towpath.errors import LimitError
from towpath.identity.tables import ACCOUNT
from towpath.service import workflows
from towpath.service.access import Actor
from towpath.service.notifications import Notification, mark_read, notifications
from towpath.service.preferences import MOST, preferences, set_preference
from towpath.service.tasks import claim_task, complete_task, reassign_task

BROKEN = workflow({"find": ("crm.get", {"object": "Lead", "id": "{{ $json.lead }}"})}, name="Find")
ASK = workflow(
    {"new": ("trigger.manual", {}), "ask": ("people.task", {"subject": "Call"})}, "new > ask",
    time_limit="2 hours",
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


def person(world: World, name: str) -> Actor:
    """Somebody with an account, who designs workflows."""
    user = world.create("User", name=name, email=f"{name.lower()}@example.com")
    world.platform.store.write(lambda tx: tx.insert(ACCOUNT, ("id", "role", "status"), [(user, "designer", "active")]))
    return Actor(user, "designer", person=True)


def told(world: World, actor: Actor) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in notifications(world.platform, actor)]


def only(world: World, actor: Actor) -> Notification:
    (found,) = notifications(world.platform, actor)
    return found


def test_a_task_is_told_to_whom_it_was_given_until_it_is_done(world: World) -> None:
    ann, bob = person(world, "Ann"), person(world, "Bob")
    world.publish(ASK)
    world.start()
    task = world.records("Task")[0]["id"]
    assert told(world, ann) == []
    reassign_task(world.platform, task, to=ann.id)
    assert (told(world, ann), told(world, bob)) == ([("task", "Call")], [])
    assert only(world, ann).task == task
    complete_task(world.platform, task)
    assert told(world, ann) == []


def test_a_failed_run_is_told_to_whoever_published_its_workflow_last(world: World) -> None:
    ann, bob, owner = person(world, "Ann"), person(world, "Bob"), Actor("boss", "owner", person=True)
    run = failing(world, ann)
    assert told(world, ann) == [("failed", "node.not_found")]
    assert (only(world, ann).run, only(world, ann).workflow) == (run, "Find")
    assert (told(world, bob), told(world, owner)) == ([], [])


def test_what_nobody_published_is_told_to_owners(world: World) -> None:
    world.publish(BROKEN)
    world.start([{"lead": "nobody"}], "Find")
    assert [kind for kind, _ in told(world, Actor("boss", "owner", person=True))] == ["failed"]
    assert told(world, person(world, "Ann")) == []


def test_a_time_limit_that_comes_near_is_told_as_long_as_the_run_waits(world: World) -> None:
    world.publish(ASK)
    world.start()
    boss = Actor("boss", "owner", person=True)
    world.until(HOUR)
    assert told(world, boss) == []
    world.until(1.9 * HOUR)
    assert told(world, boss) == [("time_limit", "")]
    complete_task(world.platform, world.records("Task")[0]["id"])
    world.go()
    assert told(world, boss) == []


def test_what_was_read_stays_read_one_by_one_or_all_and_for_nobody_else(world: World) -> None:
    ann = person(world, "Ann")
    failing(world, ann)
    world.until(1)
    world.start([{"lead": "nobody"}], "Find")
    newest, oldest = notifications(world.platform, ann)
    assert newest.at > oldest.at
    mark_read(world.platform, ann, [newest.id])
    assert [each.unread for each in notifications(world.platform, ann)] == [False, True]
    mark_read(world.platform, ann)
    assert [each.unread for each in notifications(world.platform, ann)] == [False, False]
    world.until(2)
    world.start([{"lead": "nobody"}], "Find")
    assert [each.unread for each in notifications(world.platform, ann)] == [True, False, False]


def test_a_task_given_on_is_news_even_after_all_was_read_and_taken_up_it_is_none(world: World) -> None:
    ann = person(world, "Ann")
    world.publish(ASK)
    world.start()
    task = world.records("Task")[0]["id"]
    world.until(60)
    mark_read(world.platform, ann)
    world.until(120)
    reassign_task(world.platform, task, to=ann.id)
    assert only(world, ann).unread
    claim_task(world.platform, task, ann.id)
    assert not only(world, ann).unread


def test_preferences_are_kept_for_each_person_and_are_few(world: World) -> None:
    ann, bob = person(world, "Ann"), person(world, "Bob")
    set_preference(world.platform, ann, "tour", "done")
    assert (preferences(world.platform, ann), preferences(world.platform, bob)) == ({"tour": "done"}, {})
    set_preference(world.platform, ann, "tour", None)
    assert preferences(world.platform, ann) == {}
    for number in range(MOST):
        set_preference(world.platform, ann, f"p{number}", 1)
    with pytest.raises(LimitError, match=f"{MOST} values"):
        set_preference(world.platform, ann, "more", 1)


def failing(world: World, by: Actor) -> str:
    workflows.publish(world.platform, towpath.load(BROKEN).definition, actor=by.id)
    return world.start([{"lead": "nobody"}], "Find")
