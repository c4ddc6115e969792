"""Wakes parked runs: turns answers to wait keys into events of the versions that wait for them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from towpath.crm.approvals.claims import claims_of
from towpath.engine.events import Answered, Event
from towpath.engine.tables import RUN, WAIT
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.moment import from_text
from towpath.ports.records import Records
from towpath.ports.store import Reader
from towpath.ports.time import Ids

PEOPLE = ("Lead", "Contact")
DONE = ("Completed", "Cancelled")
APPROVAL = "approval:"
DECIDED = ("Approved", "Rejected", "Recalled", "Expired")


def signal(tx: Reader, answers: Mapping[str, Any], ids: Ids) -> list[Event]:
    """One event per version for all runs that wait for one of these keys; keys that nobody waits for are let go."""
    if not answers:
        return []
    waits = tx.get(WAIT, sorted(answers), ("key", "run", "token"), by="key")
    return answer_runs(tx, [Answered(run, token, key, answers[key]) for key, run, token in sorted(waits)], ids)


def answer_runs(tx: Reader, answered: Sequence[Answered], ids: Ids) -> list[Event]:
    """Events for answers whose runs are known (effects carry their run)."""
    if not answered:
        return []
    versions = dict(tx.get(RUN, sorted({answer.run for answer in answered}), ("id", "version")))
    by_version: dict[int, list[Answered]] = {}
    for answer in answered:
        if answer.run in versions:
            by_version.setdefault(versions[answer.run], []).append(answer)
    return [Event(ids.new(), "wake", version, answers=mine) for version, mine in sorted(by_version.items())]


def watched_objects(tx: Reader, changes: Sequence[Change]) -> set[str]:
    """The objects with changes here of which any record is watched by a waiting run."""
    names = {change.object for change in changes if change.kind != "created"}
    return {name for name in names if tx.select(WAIT, ("key",), _about(name), limit=1)}


def _about(object_name: str) -> Condition:
    # From "change:Lead:" up to "change:Lead;", the character that follows the colon.
    bounds = (
        Comparison(Field("key"), ">=", f"change:{object_name}:"),
        Comparison(Field("key"), "<", f"change:{object_name};"),
    )
    return All(bounds)


def change_answers(
    changes: Sequence[Change], watched: Container[str], merged: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """What record changes say to waiting runs: tasks that are done, and ``change:Object:id`` of watched objects.

    A record that was merged has not gone away: whoever watches it is told of the record that it is now.
    """
    now = {change.id: change.new for change in changes} if merged else {}
    answers: dict[str, Any] = {}
    for change in changes:
        if (
            change.object == "Task"
            and change.new is not None
            and change.new.get("status") in DONE
            and change.new.get("runId")
        ):
            answers[f"task:{change.id}"] = _task_answer(change.new)
        if change.object == "Approval" and change.new is not None and change.new["status"] in DECIDED:
            answers[APPROVAL + change.id] = _approval_answer(change.new)
        if change.object == "Activity" and change.kind == "created" and change.new is not None:
            answers |= _heard(change.new)
        if change.kind != "created":
            if change.object in PEOPLE and change.new is not None and "doNotEmail" in change.fields:
                answers[f"contact:{change.id}"] = {"what": "opted_out"}
            if change.object in watched:
                answers[f"change:{change.object}:{change.id}"] = {
                    "kind": "updated" if change.id in merged else change.kind,
                    "record": now.get(merged.get(change.id, ""), change.new or change.old),
                    "old": change.old,
                }
    return answers


def _task_answer(task: Mapping[str, Any]) -> dict[str, Any]:
    """The finished task, and who worked on it from when to when, for the step log."""
    started = task.get("claimedAt") or task.get("completedAt")
    times = {"started_at": from_text(started), "ended_at": from_text(task.get("completedAt"))}
    return {**task, **times, "actor": task.get("completedBy") or task.get("ownerId")}


def _heard(activity: Mapping[str, Any]) -> dict[str, Any]:
    """Runs that write to somebody until he answers are told that he did, or that there is a meeting."""
    about, kind = activity["relatedId"], activity["type"]
    if not about or (kind != "Meeting" and not (kind == "Email" and activity["direction"] == "Inbound")):
        return {}
    return {f"contact:{about}": {"what": "met" if kind == "Meeting" else "replied", "activity": activity["id"]}}


def _approval_answer(approval: Mapping[str, Any]) -> dict[str, Any]:
    """The decision, and who made it, for the step log; ``with_claims`` adds what each approver did."""
    answer = {"id": approval["id"], "outcome": approval["status"].lower(), "response": approval["response"]}
    if approval["status"] not in ("Approved", "Rejected"):
        return answer
    return {**answer, "completedBy": approval["decidedBy"], "actor": approval["decidedBy"]}


def with_claims(answers: dict[str, Any], records: Records) -> dict[str, Any]:
    """The answers, those of approvals with the claims of everybody who answered."""
    decided = {answer["id"]: answer for key, answer in answers.items() if key.startswith(APPROVAL)}
    for approval, claims in claims_of(records, list(decided)).items() if decided else ():
        decided[approval]["claims"] = claims
    return answers
