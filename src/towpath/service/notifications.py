"""What asks for somebody's attention: tasks and approvals given to him, and what goes wrong in the workflows he owns.

Nothing is stored but what was read: all of it is found where it is, so that it goes once it is done with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Workflow:
    id: str
    name: str


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
        latest = sorted(found, key=lambda each: (-each[1], each[0]))[:MOST]
        return [
            Notification(key, kind, at, text, workflow, run, task, _unread(read, key, at))
            for key, at, kind, text, workflow, run, task in latest
        ]

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


_Found: TypeAlias = tuple[str, int, Kind, str, str | None, str | None, str | None]


def _unread(read: Mapping[str, Any], key: str, at: int) -> bool:
    return at > read.get("until", 0) and key not in read.get("ids", ())


def _tasks(state: Snapshot, actor: Actor) -> list[dict[str, Any]]:
    mine = All((Comparison(Field("ownerId"), "==", actor.id), Comparison(Field("status"), "in", OPEN)))
    return state.records.find("Task", mine, order=(Order("id", descending=True),), limit=MOST)


def _of_tasks(tasks: Sequence[Mapping[str, Any]]) -> Iterator[_Found]:
    for task in tasks:
        kind: Kind = "approval" if task["approvalId"] else "task"
        yield (
            f"task:{task['id']}",
            from_text(task["createdAt"]) or 0,
            kind,
            task["subject"],
            None,
            task["runId"],
            task["id"],
        )


def _owned(tx: Reader, actor: Actor) -> dict[int, _Workflow]:
    """The versions of the workflows that somebody published last; an owner has those of no person too."""
    rows = tx.select(VERSION, ("number", "workflow", "name", "published_by"), order=(Order("number"),))
    publishers = {workflow: publisher for _, workflow, _, publisher in rows}
    people = {key for (key,) in tx.get(ACCOUNT, sorted({str(each) for each in publishers.values()}), ("id",))}
    return {
        number: _Workflow(workflow, name)
        for number, workflow, name, _ in rows
        if publishers[workflow] == actor.id or (actor.role == "owner" and publishers[workflow] not in people)
    }


def _failed(tx: Reader, owned: Mapping[int, _Workflow]) -> Iterator[_Found]:
    failed = All((Comparison(Field("version"), "in", tuple(owned)), Comparison(Field("status"), "==", "failed")))
    columns = ("id", "version", "started_at", "ended_at", "error")
    for run, version, started, ended, error in tx.select(
        RUN, columns, failed, order=(Order("id", descending=True),), limit=MOST
    ):
        at = ended or started
        yield (
            f"failed:{run}:{at}",
            at,
            "failed",
            error or "",
            owned[version].name,
            run,
            None,
        )  # again when it fails again


def _near_limits(
    platform: Platform, tx: Reader, owned: Mapping[int, _Workflow], mine: set[str | None]
) -> Iterator[_Found]:
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
            yield (
                f"limit:{key}",
                at,
                "time_limit",
                definition.node_name(node) if node else "",
                definition.name,
                run,
                None,
            )
