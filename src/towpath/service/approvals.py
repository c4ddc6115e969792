"""Approvals as a service: submit, recall, look; what happens when nobody decides, and when an approver leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.crm.alarms import Alarm
from towpath.crm.approvals.process import Approvals
from towpath.errors import InputError
from towpath.model.approval import ApprovalStep
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.service.departures import notices
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.staff import person
from towpath.service.unit import Unit, in_unit


def submit(
    platform: Platform,
    subject: str,
    steps: Sequence[ApprovalStep],
    *,
    submitter: str | None = None,
    object_name: str | None = None,
    record: str | None = None,
    draft: bool = False,
    actor: str = "system",
    **more: Any,
) -> dict[str, Any]:
    """Ask for a decision about a record (or about nothing in particular); the approval."""
    if not steps:
        raise InputError("an approval has at least one step", code="approval.no_steps")

    def work(unit: Unit) -> dict[str, Any]:
        asks = person(unit.records, submitter)["id"] if submitter else None
        facts = unit.records.get(object_name, [record])[record] if object_name and record else None
        values = {"subject": subject, "submitterId": asks, "relatedObject": object_name, "relatedId": record, **more}
        return of(unit, actor).submit({**values, "facts": facts}, steps, draft=draft)

    return in_unit(platform, work)


def start(platform: Platform, approval: str, *, who: str | None = None, actor: str = "system") -> dict[str, Any]:
    """Send a draft on its way; only its submitter may, or an administrator (``who`` left out)."""

    def work(unit: Unit) -> dict[str, Any]:
        by = person(unit.records, who) if who else None
        return of(unit, by["id"] if by else actor).start(approval, by)

    return in_unit(platform, work)


def recall(platform: Platform, approval: str, *, who: str | None = None, actor: str = "system") -> dict[str, Any]:
    """Take a request back; only its submitter may, or an administrator (``who`` left out)."""

    def work(unit: Unit) -> dict[str, Any]:
        by = person(unit.records, who) if who else None
        return of(unit, by["id"] if by else actor).recall(approval, by)

    return in_unit(platform, work)


def list_approvals(
    platform: Platform, *, status: str | None = None, record: str | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Approvals, newest first: by default the pending ones."""
    parts: list[Condition] = [Comparison(Field("status"), "==", status or "Pending")]
    if record is not None:
        parts.append(Comparison(Field("relatedId"), "==", record))

    def work(state: Snapshot) -> list[dict[str, Any]]:
        return state.records.find("Approval", All(tuple(parts)), order=(Order("id", descending=True),), limit=limit)

    return in_snapshot(platform, work)


def show(platform: Platform, approval: str) -> dict[str, Any]:
    """An approval with the tasks of all its rounds, oldest first, under ``tasks``."""

    def work(state: Snapshot) -> dict[str, Any]:
        found = Approvals(state.records, platform.clock.now(), Cause("system")).get(approval)
        asked = Comparison(Field("approvalId"), "==", approval)
        return {**found, "tasks": state.records.find("Task", asked, order=(Order("id"),))}

    return in_snapshot(platform, work)


def react(unit: Unit, alarms: Sequence[Alarm]) -> None:
    """Reminders, escalations, and expiry of approvals that nobody decided."""
    approvals = of(unit)
    for alarm in alarms:
        if alarm.subject in unit.records.get("Approval", [alarm.subject]):
            approvals.react(alarm.subject)
    unit.notices += notices(approvals)


def of(unit: Unit, actor: str = "engine") -> Approvals:
    """The approvals of a unit of work."""
    return Approvals(unit.records, unit.platform.clock.now(), Cause(actor))
