"""What each person did for an approval: his claim of the time from taking the question up to answering it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.model.moment import from_text
from towpath.ports.records import Record, Records


def claims_of(records: Records, approvals: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """Of each approval the answers of all its steps and rounds, oldest first; one statement for all."""
    asked = records.find_by("Task", "approvalId", approvals)
    return {
        approval: [_claim(task) for task in sorted(tasks, key=_by_answer) if task["status"] == "Completed"]
        for approval, tasks in asked.items()
    }


def _by_answer(task: Record) -> tuple[str, str]:
    return task["completedAt"] or "", task["id"]


def _claim(task: Record) -> dict[str, Any]:
    ended = from_text(task["completedAt"])
    return {"actor": task["completedBy"], "started_at": from_text(task["claimedAt"]) or ended, "ended_at": ended}
