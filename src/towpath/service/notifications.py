"""What asks for somebody's attention: tasks and approvals given to him, and what goes wrong in the workflows he owns.

Nothing is stored but what was read: all of it is found where it is, so that it goes once it is done with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from towpath.engine.tables import NOTICE, RUN, VERSION
from towpath.identity.tables import ACCOUNT
from towpath.model.condition import All, Comparison, Field
from towpath.model.moment import from_text
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.access import Actor
from towpath.service.platform import Platform
from towpath.service.preferences import keep_in, preferences_in
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.tasks import OPEN

Kind: TypeAlias = Literal["task", "approval", "time_limit", "failed"]
MOST = 50
_READ = "notifications"  # the preference: the time up to which all are read, and the ids of those read since
_MOST_READ = 200


@dataclass(frozen=True, slots=True)
class Notification:
    """One matter; ``at`` in microseconds UTC, ``text`` what the task is, the step's name, or the error's code."""

    id: str
    kind: Kind
    at: int
    text: str
    workflow: str | None
    run: str | None
    task: str | None
    unread: bool


def notifications(platform: Platform, actor: Actor) -> list[Notification]:
    """The newest matters of somebody that are still open, the latest first."""

    def work(state: Snapshot) -> list[Notification]:
        tasks = _tasks(state, actor)
        owned = _owned(state.tx, actor)
        found = [
            *_of_tasks(tasks),
            *_near_limits(platform, state.tx, owned, {task["runId"] for task in tasks}),
            *_failed(state.tx, owned),
        ]
        read = preferences_in(state.tx, actor).get(_READ) or {}
        latest = sorted(found, key=lambda each: (-each.at, each.id))[:MOST]
        return [replace(each, unread=each.unread and _is_new(read, each)) for each in latest]

    return in_snapshot(platform, work)


def mark_read(platform: Platform, actor: Actor, ids: Sequence[str] | None = None) -> None:
    """Mark some as read, or all that there are by now."""
    now = platform.clock.now()

    def work(tx: Transaction) -> None:
        read = preferences_in(tx, actor).get(_READ) or {}
        if ids is None:
            kept = {"until": now, "ids": []}
        else:
            known = dict.fromkeys([*read.get("ids", ()), *ids])
            kept = {"until": read.get("until", 0), "ids": list(known)[-_MOST_READ:]}
        keep_in(tx, actor, _READ, kept)

    platform.store.write(work)


def _is_new(read: Mapping[str, Any], each: Notification) -> bool:
    return each.at > read.get("until", 0) and each.id not in read.get("ids", ())


def _tasks(state: Snapshot, actor: Actor) -> list[dict[str, Any]]:
    mine = All((Comparison(Field("ownerId"), "==", actor.id), Comparison(Field("status"), "in", OPEN)))
    return state.records.find("Task", mine, order=(Order("id", descending=True),), limit=MOST)


def _of_tasks(tasks: Sequence[Mapping[str, Any]]) -> Iterator[Notification]:
    """Of an open task the last change tells when it was given; what he has taken up himself is no news to him."""
    for task in tasks:
        at = from_text(task["updatedAt"] or task["createdAt"]) or 0
        kind: Kind = "approval" if task["approvalId"] else "task"
        key, new = f"task:{task['id']}:{at}", task["status"] == "Open"
        yield Notification(key, kind, at, task["subject"], None, task["runId"], task["id"], new)


def _owned(tx: Reader, actor: Actor) -> dict[int, str]:
    """Versions of the workflows that somebody published last, and their names; an owner has those of no person too."""
    rows = tx.select(VERSION, ("number", "workflow", "name", "published_by"), order=(Order("number"),))
    publishers = {workflow: publisher for _, workflow, _, publisher in rows}
    people = {key for (key,) in tx.get(ACCOUNT, sorted({str(each) for each in publishers.values()}), ("id",))}
    return {
        number: name
        for number, workflow, name, _ in rows
        if publishers[workflow] == actor.id or (actor.role == "owner" and publishers[workflow] not in people)
    }


def _failed(tx: Reader, owned: Mapping[int, str]) -> Iterator[Notification]:
    failed = All((Comparison(Field("version"), "in", tuple(owned)), Comparison(Field("status"), "==", "failed")))
    columns = ("id", "version", "started_at", "ended_at", "error")
    for run, version, started, ended, error in tx.select(
        RUN, columns, failed, order=(Order("id", descending=True),), limit=MOST
    ):
        at = ended or started
        key = f"failed:{run}:{at}"  # another one when it fails again
        yield Notification(key, "failed", at, error or "", owned[version], run, None, True)


def _near_limits(
    platform: Platform, tx: Reader, owned: Mapping[int, str], mine: set[str | None]
) -> Iterator[Notification]:
    """Of runs that still wait: the alert at a share of the time limit, once for the run or step."""
    near = Comparison(Field("kind"), "==", "time_limit")
    rows = tx.select(
        NOTICE, ("id", "at", "version", "run", "node"), near, order=(Order("id", descending=True),), limit=4 * MOST
    )
    waiting = {
        run for run, status in tx.get(RUN, sorted({row[3] for row in rows}), ("id", "status")) if status == "waiting"
    }
    for key, at, version, run, node in rows:
        if run in waiting and (version in owned or run in mine):
            definition = platform.published.plan(tx, version).definition
            text = definition.node_name(node) if node else ""
            yield Notification(f"limit:{key}", "time_limit", at, text, definition.name, run, None, True)
