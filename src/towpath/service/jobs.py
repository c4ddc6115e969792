"""Bulk jobs: declare that records enter a workflow, look how far it has come, pause, resume and cancel it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from towpath.crm.conditions import search_condition
from towpath.engine.jobs import JOB
from towpath.engine.plan import Plan
from towpath.errors import ConflictError, NotFoundError
from towpath.model.condition import Comparison, Condition, Field, condition_to_json
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.platform import Platform
from towpath.service.published import record_triggers
from towpath.service.snapshot import Snapshot, in_snapshot

State = Literal["running", "paused", "completed", "cancelled", "failed"]
ENDED = ("completed", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how far it has come. ``refused`` has, by reason, how many records and the first of their ids."""

    id: str
    workflow: str
    object: str
    where: Any
    by_hand: bool
    per_hour: int | None
    state: State
    total: int
    looked: int
    entered: int
    refused: Mapping[str, Any]
    created_by: str
    created_at: int
    changed_at: int
    ended_at: int | None
    due: int | None
    error: str | None

    @property
    def progress(self) -> float:
        """Share of its records that have had their turn."""
        if self.state == "completed" or not self.total:
            return 1.0
        return min(1.0, self.looked / self.total)  # some may have begun to match since it was declared


NAMES = tuple(field.name for field in fields(Job))


def enrol(
    platform: Platform, workflow: str, object_name: str, where: Condition | None = None, *, by_hand: bool = True,
    per_hour: int | None = None, actor: str = "system",
) -> Job:  # fmt: skip
    """Declare that every record that matches now enters the workflow, by its enrolment rules; workers see to it.

    ``by_hand`` skips the trigger's condition; ``per_hour`` starts at most so many runs within an hour.
    """

    def look(state: Snapshot) -> tuple[int, str | None]:
        state.active_version(workflow)
        plan = state.catalogue.plan(object_name)
        newest = state.tx.select(plan.table, ("id",), order=(Order("id", descending=True),), limit=1)
        total = int(state.tx.count(plan.table, search_condition(plan, where))[0][0])
        return total, newest[0][0] if newest else None

    total, last = in_snapshot(platform, look)

    def declare(tx: Transaction) -> Job:
        platform.published.refresh(tx)
        now = platform.clock.now()
        job = Job(
            platform.ids.new(), platform.published.plans[platform.published.find(workflow)].workflow, object_name,
            None if where is None else condition_to_json(where), by_hand, per_hour, "running", total, 0, 0, {},
            actor, now, now, None, now, None,
        )  # fmt: skip
        row = tuple(getattr(job, name) for name in NAMES)
        tx.insert(JOB, (*NAMES, "cursor", "last", "hour", "used"), [(*row, None, last, None, 0)])
        return job

    return platform.store.write(declare)


def enrol_existing(platform: Platform, workflow: str, *, actor: str = "system") -> list[Job]:
    """Take the records that meet the conditions of a workflow's record triggers now: one job for each trigger.

    They enter by the workflow's enrolment rules, as if they had just begun to meet the condition.
    """
    plan, jobs = _plan(platform, workflow), []
    for trigger in record_triggers(plan):
        params: Any = plan.nodes[plan.index[trigger.node]].params
        where = None if params.condition is None else params.condition.condition
        jobs.append(enrol(platform, workflow, trigger.object, where, by_hand=False, actor=actor))
    return jobs


def _plan(platform: Platform, workflow: str) -> Plan:
    def work(tx: Transaction) -> Plan:
        platform.published.refresh(tx)
        return platform.published.plans[platform.published.find(workflow)]

    return platform.store.write(work)


def list_jobs(platform: Platform, *, state: State | None = None, limit: int = 50, offset: int = 0) -> list[Job]:
    """Jobs, newest first."""
    where = None if state is None else Comparison(Field("state"), "==", state)
    newest = (Order("id", descending=True),)
    rows = platform.store.read(lambda tx: tx.select(JOB, NAMES, where, order=newest, limit=limit, offset=offset))
    return [Job(*row) for row in rows]


def show_job(platform: Platform, job: str) -> Job:
    """One job; NotFoundError where there is none."""
    return platform.store.read(lambda tx: _get(tx, job))


def pause_job(platform: Platform, job: str) -> Job:
    """Let no more records enter until it is resumed; those that have entered go on."""
    return _settle(platform, job, "paused")


def resume_job(platform: Platform, job: str) -> Job:
    """Go on where it was paused."""
    return _settle(platform, job, "running")


def cancel_job(platform: Platform, job: str) -> Job:
    """Let no more records enter, for good; those that have entered go on."""
    return _settle(platform, job, "cancelled")


def _settle(platform: Platform, job_id: str, state: State) -> Job:
    def work(tx: Transaction) -> Job:
        job, now = _get(tx, job_id), platform.clock.now()
        if job.state == state:
            return job
        if job.state in ENDED:
            raise ConflictError(
                f"the job {job_id} is {job.state}", code="job.ended", hint="Declare another one: who is inside stays.",
                params={"id": job_id, "state": job.state},
            )  # fmt: skip
        due, ended = (now if state == "running" else None), (now if state in ENDED else None)
        tx.update(JOB, ("state", "due", "changed_at", "ended_at"), [(state, due, now, ended, job_id)])
        return _get(tx, job_id)

    return platform.store.write(work)


def _get(tx: Reader, job: str) -> Job:
    rows: Sequence[tuple[Any, ...]] = tx.get(JOB, [job], NAMES)
    if not rows:
        raise NotFoundError(
            f"there is no job {job!r}", code="job.unknown", hint="towpath jobs list shows them.", params={"id": job}
        )
    return Job(*rows[0])


def next_job(tx: Reader) -> int | None:
    """When a job takes its next page."""
    due = Comparison(Field("due"), "is_not_empty")
    rows = tx.select(JOB, ("due",), due, order=(Order("due"),), limit=1)
    return int(rows[0][0]) if rows else None
