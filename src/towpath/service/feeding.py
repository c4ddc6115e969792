"""Feeds bulk jobs: lets the next page of a job's records enter, with the job's cursor in the same transaction.

Jobs take turns, page by page, behind all that is interactive; a job never runs far ahead of the workers, so that what
waits in the intake stays small however many records it has.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.crm.conditions import search_condition
from towpath.engine.enrolment import CAP, room, rules_of, slots
from towpath.engine.jobs import JOB
from towpath.engine.journal import write_events, write_notices
from towpath.engine.plan import Plan
from towpath.engine.tables import EVENT, WORKFLOW
from towpath.engine.timer_starts import record_starts
from towpath.errors import StorageError, TowpathError
from towpath.model.condition import All, Comparison, Condition, Field, condition_from_json
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.enrolment import NAMED, admit_event, refusal
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot

PAGE = 1_000  # records of one transaction
AHEAD = 8  # events of a workflow in the intake from which on a job waits: enough for the workers of one database
JOBS = 50  # jobs that are looked at for one that has room
REST = 60 * SECOND  # until a job of a workflow that is paused or off looks again
log = logging.getLogger("towpath.jobs")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A job as it was when its turn came."""

    id: str
    workflow: str
    object: str
    where: Any
    by_hand: bool
    per_hour: int | None
    looked: int
    entered: int
    refused: Mapping[str, Any]
    cursor: str | None
    last: str | None
    hour: int | None
    used: int


_COLUMNS = tuple(_Turn.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class _Page:
    """Records in order of their ids; ``is_last`` where no more follow."""

    ids: tuple[str, ...]
    is_last: bool


def feed(platform: Platform, size: int = PAGE) -> bool:
    """Let the next page of the job whose turn it is enter; whether there was anything to do.

    ``size`` is how many runs one event starts: a batch takes events whole, and is to take no longer than it may.
    A job that cannot be done (its condition names a field that is gone, for one) fails, and says why.
    """
    now = platform.clock.now()
    turn = platform.store.read(lambda tx: _whose_turn(tx, now))
    if turn is None:
        return False
    try:
        with platform.tracing.span("feed a bulk job", {"towpath.job": turn.id}) as span:
            page = in_snapshot(platform, lambda state: _page(state, turn))
            span.tell({"towpath.records": len(page.ids) if page is not None else 0})
            return platform.store.write(lambda tx: _Feeding(platform, tx, turn, min(size, PAGE)).take(page))
    except StorageError:
        raise
    except Exception as error:  # a fault of one job must not stop the others
        log.warning("the job %s fails: %s", turn.id, error, exc_info=not isinstance(error, TowpathError))
        failed = {"state": "failed", "error": str(error), "due": None, "ended_at": now}
        platform.store.write(lambda tx: _fail(tx, turn, failed))
        return True


def _whose_turn(tx: Reader, now: int) -> _Turn | None:
    """The job that has waited longest, of those whose workflow has room in the intake."""
    due = All((Comparison(Field("due"), "is_not_empty"), Comparison(Field("due"), "<=", now)))
    rows = tx.select(JOB, _COLUMNS, due, order=(Order("due"), Order("id")), limit=JOBS)
    return next((turn for turn in (_Turn(*row) for row in rows) if _has_room(tx, turn.workflow)), None)


def _has_room(tx: Reader, workflow: str) -> bool:
    """Whether little of the workflow waits in the intake; one that starts nothing has room for its job to rest."""
    version = _starting(tx, workflow)
    waiting = Comparison(Field("version"), "==", version)
    return version is None or len(tx.select(EVENT, ("id",), waiting, limit=AHEAD)) < AHEAD


def _starting(tx: Reader, workflow: str) -> int | None:
    """The version that starts runs; None while the workflow is paused or off."""
    rows = tx.get(WORKFLOW, [workflow], ("active", "paused"))
    return rows[0][0] if rows and rows[0][1] is None else None


def _page(state: Snapshot, turn: _Turn) -> _Page | None:
    """The next records that match, in order, read beside whoever writes; None where none may start now."""
    if _starting(state.tx, turn.workflow) is None:
        return None
    if turn.last is None:
        return _Page((), is_last=True)
    plan = state.catalogue.plan(turn.object)
    parts: list[Condition] = [Comparison(Field("id"), "<=", turn.last)]
    if turn.cursor is not None:
        parts.append(Comparison(Field("id"), ">", turn.cursor))
    wanted = search_condition(plan, None if turn.where is None else condition_from_json(turn.where))
    parts += [] if wanted is None else [wanted]
    rows = state.tx.select(plan.table, ("id",), All(tuple(parts)), order=(Order("id"),), limit=PAGE)
    return _Page(tuple(row[0] for row in rows), is_last=len(rows) < PAGE)


class _Feeding:
    """One page of a job, in the transaction that starts its runs."""

    def __init__(self, platform: Platform, tx: Transaction, turn: _Turn, size: int) -> None:
        self.platform, self.tx, self.turn, self.size = platform, tx, turn, size
        self.now = platform.clock.now()

    def take(self, page: _Page | None) -> bool:
        """Start what may start now; False where somebody else has moved the job on meanwhile."""
        platform, tx, turn = self.platform, self.tx, self.turn
        platform.published.refresh(tx)
        if not _is_as_it_was(tx, turn):
            return False
        number = platform.published.active.get(turn.workflow)
        if page is None or number is None or turn.workflow in platform.published.paused:
            _save(tx, turn.id, {"due": self.now + REST})
            return True
        self._go_on(platform.published.plan(tx, number), page)
        return True

    def _go_on(self, plan: Plan, page: _Page) -> None:
        most, again = self._room(plan)
        ids = page.ids[:most]
        if page.ids and not ids:
            _save(self.tx, self.turn.id, {"due": again})
            return
        entered, refused = self._start(plan, ids)
        values: dict[str, Any] = {
            "looked": self.turn.looked + len(ids), "entered": self.turn.entered + entered, "refused": refused,
            "cursor": ids[-1] if ids else self.turn.cursor, "due": self.now, "changed_at": self.now,
        }  # fmt: skip
        if self.turn.per_hour is not None:
            _, hour, used = slots(self.turn.hour, self.turn.used, entered, self.turn.per_hour, self.now)
            values |= {"hour": hour, "used": used}
        if page.is_last and ids == page.ids:
            values |= {"state": "completed", "due": None, "ended_at": self.now}
            notices = [refusal(plan, self.turn.object, why, self.now, **each) for why, each in refused.items()]
            write_notices(self.tx, notices, self.platform.ids)
        _save(self.tx, self.turn.id, values)

    def _room(self, plan: Plan) -> tuple[int, int]:
        """How many runs the job and its workflow may start now, and when they may start more."""
        caps = [room(self.turn.hour, self.turn.used, self.turn.per_hour, self.now)]
        rules = rules_of(plan)
        if rules is not None and rules.spec.max_entries_per_hour is not None:
            rows = self.tx.get(CAP, [plan.workflow], ("hour", "used"))
            hour, used = rows[0] if rows else (None, 0)
            caps.append(room(hour, used, rules.spec.max_entries_per_hour, self.now))
        return min(most for most, _ in caps), max(again for _, again in caps)

    def _start(self, plan: Plan, ids: Sequence[str]) -> tuple[int, dict[str, Any]]:
        """Put the starts of those who are admitted into the intake; how many, and who was refused so far."""
        platform, turn = self.platform, self.turn
        node = next((n.id for n in plan.triggers("record") if getattr(n.params, "object", None) == turn.object), None)
        entered, refused = 0, dict(turn.refused)
        for event in record_starts(plan, node, turn.object, ids, platform.ids, bulk=True, size=self.size):
            admitted, said = admit_event(platform, self.tx, event, by_hand=turn.by_hand)
            if admitted is not None:
                write_events(self.tx, [admitted], {plan.number: plan.definition.settings.priority}, self.now)
                entered += len(admitted.starts)
            for notice in said:
                _add(refused, notice.data)
        return entered, refused


def _is_as_it_was(tx: Transaction, turn: _Turn) -> bool:
    """Whether the job is this transaction's, and nobody has paused it or moved it on."""
    mine = All((Comparison(Field("id"), "==", turn.id), Comparison(Field("state"), "==", "running")))
    return tx.claim(JOB, ("cursor",), mine, limit=1) == [(turn.cursor,)]


def _fail(tx: Transaction, turn: _Turn, values: Mapping[str, Any]) -> None:
    if _is_as_it_was(tx, turn):
        _save(tx, turn.id, values)


def _add(refused: dict[str, Any], more: Mapping[str, Any]) -> None:
    before = refused.get(more["reason"], {"count": 0, "records": []})
    records = [*before["records"], *more["records"]][:NAMED]
    refused[more["reason"]] = {"count": before["count"] + more["count"], "records": records}


def _save(tx: Transaction, job: str, values: Mapping[str, Any]) -> None:
    tx.update(JOB, tuple(values), [(*values.values(), job)])
