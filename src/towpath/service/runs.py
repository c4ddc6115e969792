"""Looking at runs and steering them: list, show, retry, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towpath.engine.state import FrozenRun, FrozenToken, decode, encode_state
from towpath.engine.tables import NOTICE, OUTBOX, RUN, STEP_DATA, VERSION
from towpath.errors import ConflictError, InputError, NotFoundError
from towpath.insight import ALWAYS, Window
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.cancelling import log_cancelled
from towpath.service.marked_runs import Mark, marked
from towpath.service.platform import Platform
from towpath.service.run_closing import close_waits
from towpath.service.run_files import RunFile, files_of
from towpath.service.run_steps import StepView, standing_at, steps_with_data
from towpath.service.signals import signal
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.unit import Unit, in_unit

STATUSES = ("waiting", "completed", "failed", "cancelled")
Versions = Mapping[int, tuple[str, str, int]]  # number -> workflow, its name, the version within it
_LISTED = ("id", "version", "status", "record", "started_at", "ended_at", "due", "error")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One row of a list of runs; times are microseconds UTC."""

    id: str
    workflow_id: str
    workflow: str
    version: int
    status: str
    record: str | None
    started_at: int
    ended_at: int | None
    due: int | None
    error: str | None


@dataclass(slots=True)
class RunView:
    """A run with everything known about it."""

    summary: RunSummary
    steps: list[StepView]
    waiting_at: list[dict[str, Any]]
    globals: dict[str, Any]
    error: dict[str, Any] | None
    data: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    files: list[RunFile] = field(default_factory=list)
    object: str | None = None  # of the record that the run is about


def list_runs(
    platform: Platform,
    *,
    workflow: str | None = None,
    status: str | None = None,
    record: str | None = None,
    began: Window = ALWAYS,
    mark: Mark = Mark(),  # noqa: B008 - frozen
    limit: int = 50,
    offset: int = 0,
) -> list[RunSummary]:
    """Runs, newest first: of a workflow by id or name, of a record, that began in a time, behind a mark of a chart."""

    def work(tx: Reader) -> list[RunSummary]:
        versions = _versions(tx)
        found = matching(versions, workflow=workflow, status=status, record=record, began=began)
        if mark:
            now = platform.clock.now()
            rows = marked(tx, _LISTED, found, mark, now=now, limit=limit, offset=offset)
        else:
            rows = tx.select(RUN, _LISTED, found, order=(Order("id", descending=True),), limit=limit, offset=offset)
        return [_summary(row, versions) for row in rows]

    return platform.store.read(work)


def matching(
    versions: Versions, *, workflow: str | None, status: str | None, record: str | None, began: Window
) -> Condition | None:
    """The condition that lists, counts and bulk deeds share. InputError for a status that there is not."""
    if status is not None and status not in STATUSES:
        raise InputError(
            f"{status!r} is not a run status", code="run.unknown_status", hint="Known: " + ", ".join(STATUSES)
        )
    parts: list[Condition] = []
    if workflow is not None:
        numbers = tuple(number for number, (wid, name, _) in versions.items() if workflow in (wid, name))
        if not numbers:
            raise NotFoundError(f"no workflow is called {workflow!r}", code="workflow.unknown")
        parts.append(Comparison(Field("version"), "in", numbers))
    if status is not None:
        parts.append(Comparison(Field("status"), "==", status))
    if record is not None:
        parts.append(Comparison(Field("record"), "==", record))
    if began.start is not None:
        parts.append(Comparison(Field("started_at"), ">=", began.start))
    if began.end is not None:
        parts.append(Comparison(Field("started_at"), "<", began.end))
    return All(tuple(parts)) if parts else None


def count_runs(platform: Platform, *, record: str | None = None, began: Window = ALWAYS) -> dict[str, dict[str, int]]:
    """Number of runs per workflow name and status."""

    def work(tx: Reader) -> dict[str, dict[str, int]]:
        versions = _versions(tx)
        counts: dict[str, dict[str, int]] = {}
        found = matching(versions, workflow=None, status=None, record=record, began=began)
        for number, status, count in tx.count(RUN, found, by=("version", "status")):
            mine = counts.setdefault(versions[number][1], {})
            mine[status] = mine.get(status, 0) + count
        return counts

    return platform.store.read(work)


def matching_ids(
    platform: Platform,
    status: str,
    *,
    workflow: str | None = None,
    record: str | None = None,
    began: Window = ALWAYS,
    after: str = "",
    limit: int,
) -> list[str]:
    """The ids of runs of one status, oldest first, from the one ``after`` on."""

    def work(tx: Reader) -> list[str]:
        found = matching(_versions(tx), workflow=workflow, status=status, record=record, began=began)
        found = All((*((found,) if found else ()), Comparison(Field("id"), ">", after)))
        return [run for (run,) in tx.select(RUN, ("id",), found, order=(Order("id"),), limit=limit)]

    return platform.store.read(work)


def show_run(platform: Platform, run_id: str) -> RunView:
    """A run with its steps in order, where it waits, and what was kept of its data."""

    def work(snapshot: Snapshot) -> RunView:
        tx = snapshot.tx
        row = run_row(tx, run_id)
        plan = platform.published.plan(tx, row[1])
        state = decode(row[-1])
        object_name = state.object or plan.object
        record = snapshot.records.get(object_name, [row[3]]).get(row[3]) if object_name and row[3] else None
        kept = tx.select(
            STEP_DATA,
            ("sequence", "node", "at", "data"),
            Comparison(Field("run"), "==", run_id),
            order=(Order("sequence"),),
        )
        said = tx.select(
            NOTICE, ("at", "kind", "text", "node"), Comparison(Field("run"), "==", run_id), order=(Order("id"),)
        )
        sent = tx.select(
            OUTBOX,
            ("id", "node", "kind", "state", "attempt", "error"),
            Comparison(Field("run"), "==", run_id),
            order=(Order("id"),),
        )
        data = [dict(zip(("sequence", "node", "at", "data"), r, strict=True)) for r in kept]
        return RunView(
            summary=_summary(row[:10], _versions(tx)),
            steps=steps_with_data(tx, plan, run_id, state.segments, data),
            waiting_at=standing_at(plan, state, record) if row[2] in ("waiting", "failed") else [],
            globals=state.globals,
            error=state.error,
            data=data,
            notices=[dict(zip(("at", "kind", "text", "node"), r, strict=True)) for r in said],
            effects=[dict(zip(("id", "node", "kind", "state", "attempt", "error"), r, strict=True)) for r in sent],
            files=files_of(tx, run_id),
            object=object_name if row[3] else None,
        )

    return in_snapshot(platform, work)


def retry_run(platform: Platform, run_id: str, *, items: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Let a failed run go on from the step that failed, with its items or edited ones."""

    def work(tx: Transaction) -> None:
        row = run_row(tx, run_id)
        if row[2] != "failed":
            raise ConflictError(f"run {run_id} is {row[2]}; only failed runs can be retried", code="run.not_failed")
        state = decode(row[-1])
        if not state.tokens:
            raise ConflictError(
                f"run {run_id} kept nothing to go on from", code="run.not_retriable", hint="Start it again instead."
            )
        now = platform.clock.now()
        _make_ready(state, now, items)
        state.error = None
        tx.update(
            RUN,
            ("status", "due", "ended_at", "error", "epoch", "state"),
            [("waiting", now, None, None, row[7] + 1, encode_state(state), run_id)],
        )

    platform.store.write(work)


def _make_ready(state: FrozenRun, now: int, items: Sequence[Mapping[str, Any]] | None) -> None:
    """All that is not waiting goes on; what failed is another attempt, with the edited items."""
    node = (state.error or {}).get("where", {}).get("node")
    ready = release(state, now)
    failed = next((token for token in ready if token.node == node), ready[0] if ready else None)
    if failed is None:
        return
    failed.attempt, failed.enabled_at = failed.attempt + 1, now
    failed.origin = None  # a person decided: this is a new effect, not the old one again
    if items is not None:
        failed.inputs, failed.places = [[dict(item) for item in items]], None


def release(state: FrozenRun, now: int) -> list[FrozenToken]:
    """All that is not waiting goes on now, in its old order."""
    ready = [token for token in state.tokens if token.started_at is None and not token.pending]
    for token in ready:
        if not token.number:
            state.numbers += 1
            token.number = state.numbers
        token.due = now
    return ready


def cancel_run(platform: Platform, run_id: str, *, actor: str = "system") -> None:
    """End a waiting run now: its waits and open tasks are closed, effects not yet sent are withdrawn."""

    def work(unit: Unit) -> None:
        tx = unit.tx
        row = run_row(tx, run_id)
        if row[2] != "waiting":
            raise ConflictError(f"run {run_id} is {row[2]}; only waiting runs can be cancelled", code="run.not_waiting")
        now = platform.clock.now()
        state = decode(row[-1])
        log_cancelled(unit, platform.published.plan(tx, row[1]), run_id, state, state.tokens)
        state.tokens = []
        tx.update(
            RUN,
            ("status", "due", "ended_at", "epoch", "state"),
            [("cancelled", None, now, row[7] + 1, encode_state(state), run_id)],
        )
        close_waits(unit, run_id, actor)
        if row[8] is not None:
            key = row[8].partition(" ")[2]
            unit.events += signal(tx, {key: {"status": "cancelled", "items": [], "error": None}}, platform.ids)

    in_unit(platform, work)


def run_row(tx: Reader, run_id: str) -> tuple[Any, ...]:
    """A run as it is stored: the columns of a list, then its epoch, parent, error and state."""
    rows = tx.get(RUN, [run_id], (*_LISTED[:7], "epoch", "parent", "error", "state"))
    if not rows:
        raise NotFoundError(
            f"there is no run {run_id!r}", code="run.not_found", hint="towpath runs list shows the latest ones."
        )
    return rows[0]


def _versions(tx: Reader) -> Versions:
    return {
        number: (workflow, name, version)
        for number, workflow, name, version in tx.select(VERSION, ("number", "workflow", "name", "version"))
    }


def _summary(row: Sequence[Any], versions: Versions) -> RunSummary:
    run_id, number, status, record, started_at, ended_at, due = row[:7]
    workflow, name, version = versions.get(number, ("", "?", 0))
    return RunSummary(run_id, workflow, name, version, status, record, started_at, ended_at, due, row[-1])
