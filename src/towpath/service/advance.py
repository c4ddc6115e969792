"""Advances runs: claim, lockstep, commit, in one transaction.

A batch that breaks is halved until the run that breaks it stands alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from towpath.engine.claim import Claim, claim, cut
from towpath.engine.context import Context
from towpath.engine.events import Event, Notice, Start
from towpath.engine.files import StoredFiles
from towpath.engine.group import Groups
from towpath.engine.journal import seal, write_batch, write_events, write_notices
from towpath.engine.late_answers import keep_answers
from towpath.engine.load import load
from towpath.engine.lockstep import Lockstep
from towpath.engine.plan import Plan
from towpath.engine.replies import closing_reply
from towpath.engine.state import RunState
from towpath.engine.tables import EVENT, RUN, VERSION
from towpath.engine.trace import Trace
from towpath.engine.unready import fail_unready
from towpath.errors import NodeError, StorageError, TowpathError, Where
from towpath.expr import RunScope
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Field
from towpath.ports.store import Reader, Transaction
from towpath.ports.tracing import Span
from towpath.service.collecting import collecting_later
from towpath.service.enrolment import close_enrolments, watch_of
from towpath.service.platform import Platform
from towpath.service.run_links import addresses
from towpath.service.signals import signal
from towpath.service.unit import Unit
from towpath.service.watching import hold_watched

log = logging.getLogger("towpath.engine")
_OF_A_ROW = ("storage.conflict", "storage.row", "storage.idle_timeout")


@dataclass(slots=True)
class Advanced:
    """What one batch came to: how many runs it took, and how many of them finished.

    The runs themselves and what changed are there for those who asked for them. All else ends with the batch: what
    outlives it is looked through by Python's garbage collector.
    """

    version: int
    count: int
    ended: int
    runs: Sequence[RunState] = ()
    changes: Sequence[Change] = ()


def advance(
    platform: Platform,
    trace: Trace | None = None,
    limit: int | None = None,
    *,
    bulk: bool | None = None,
    keep: bool = False,
) -> Advanced | None:
    """Advance the next batch; None when nothing is due. Its effects are on disk when it returns.

    ``bulk`` takes only what bulk jobs have started, or only the rest; ``keep`` asks for the runs and their changes.
    """
    size = min(limit or platform.batch_size, platform.next_size)
    taken: list[str] = []
    try:
        with collecting_later(), platform.tracing.span("advance runs") as span:
            done = platform.store.write(lambda tx: _advance(platform, tx, size, trace, bulk, taken, keep))
            _tell(platform, span, done)
    except Exception as error:  # a fault in one run must not stop the others
        if isinstance(error, StorageError) and error.code not in _OF_A_ROW:
            raise
        log.warning("a batch of %d broke: %s", size, error, exc_info=not isinstance(error, TowpathError))
        return _isolate(platform, size, trace, limit, bulk, taken, error, keep)
    platform.next_size = min(platform.batch_size, platform.next_size * 2)
    return done


def _tell(platform: Platform, span: Span, done: Advanced | None) -> None:
    """Say in the batch's span what it came to; there is none where nothing was due."""
    if done is None:
        span.forget()
    elif platform.tracing.on:
        plan = platform.published.plans.get(done.version)
        name = {"towpath.workflow": plan.definition.name} if plan is not None else {}
        span.tell({**name, "towpath.version": done.version, "towpath.runs": done.count, "towpath.ended": done.ended})


def _isolate(
    platform: Platform,
    size: int,
    trace: Trace | None,
    limit: int | None,
    bulk: bool | None,
    taken: Sequence[str],
    error: Exception,
    keep: bool,
) -> Advanced | None:
    """A batch broke as a whole: try half of it, down to the one run that breaks it, which then fails alone."""
    smaller = max(1, size // 2)
    is_split = platform.store.write(lambda tx: _split(platform, tx, smaller, bulk))
    if size == 1 and not is_split:
        return _fail(platform, bulk, taken, error, keep)
    platform.next_size = smaller
    return advance(platform, trace, limit, bulk=bulk, keep=keep)


def _fail(platform: Platform, bulk: bool | None, taken: Sequence[str], error: Exception, keep: bool) -> Advanced | None:
    """Have what is next fail; without its plan where that cannot be made, or it would be tried again for ever."""
    try:
        return platform.store.write(lambda tx: _fail_next(platform, tx, bulk, taken, error, keep))
    except Exception as again:
        if isinstance(again, StorageError) and again.code not in _OF_A_ROW:
            raise
        log.warning("what broke it keeps it from being failed with its plan: %s", again)
        return platform.store.write(lambda tx: _fail_unready(platform, tx, bulk, taken, error, keep))


def _advance(
    platform: Platform,
    tx: Transaction,
    size: int,
    trace: Trace | None,
    bulk: bool | None,
    taken: list[str],
    keep: bool,
) -> Advanced | None:
    unit, room = Unit(platform, tx), _room(platform, tx)
    work = claim(tx, platform.clock.now(), size, platform.published.held(), room, bulk)
    if work is None:
        return None
    taken[:] = _concerned(work)
    if work.version in room:
        cut(tx, work, room[work.version])
    plan = platform.published.plan(tx, work.version)
    context = _context(platform, unit, work)
    groups = Groups()
    lockstep = Lockstep(plan, context, load(work, plan, context, groups), trace, groups)
    lockstep.watch = watch_of(platform, plan)
    keep_answers(tx, work)
    lockstep.advance()
    close_enrolments(tx, lockstep, lockstep.watch, platform.clock.now())
    if platform.shared:
        hold_watched(platform, tx, lockstep.runs)
    sealed = seal(lockstep)
    unit.events += context.events
    unit.events += _ended(platform, tx, lockstep)
    unit.finish()
    write_batch(tx, lockstep, sealed, work.consumed)
    return _told(plan.number, lockstep.runs, unit.changes, keep=keep)


def _told(version: int, runs: Sequence[RunState], changes: Sequence[Change], *, keep: bool) -> Advanced:
    ended = sum(run.status != "waiting" for run in runs)
    return Advanced(version, len(runs), ended, runs if keep else (), changes if keep else ())


def _concerned(work: Claim) -> list[str]:
    """The runs of a claim: those that break are known by it."""
    return [*(row[0] for row in work.runs), *(start.run for event in work.events for start in event.starts)]


def _claim(platform: Platform, tx: Transaction, size: int, bulk: bool | None) -> Claim | None:
    return claim(tx, platform.clock.now(), size, platform.published.held(), _room(platform, tx), bulk)


def _room(platform: Platform, tx: Transaction) -> dict[int, int]:
    """How many more runs each version with a concurrency limit may start now."""
    room = {}
    for number, plan in platform.published.plans.items():
        most = plan.definition.settings.concurrency
        if most is not None and platform.shared and not _have_turn(tx, number):
            room[number] = 0
        elif most is not None:
            busy = Comparison(Field("version"), "==", number), Comparison(Field("status"), "==", "waiting")
            room[number] = most - int(tx.count(RUN, All(busy))[0][0])
    return room


def _have_turn(tx: Transaction, number: int) -> bool:
    """One worker at a time counts the runs of a version with a limit: two would each start what is left.

    The row is written, so that a worker with an older view of it is refused and counts again.
    """
    rows = tx.claim(VERSION, ("name",), Comparison(Field("number"), "==", number), limit=1)
    if rows:
        tx.update(VERSION, ("name",), [(rows[0][0], number)])
    return bool(rows)


def _context(platform: Platform, unit: Unit, work: Claim) -> Context:
    return Context(
        platform.clock, platform.ids, platform.chance, unit.records,
        environment=platform.environment, sandbox=platform.sandbox, find_workflow=platform.published.number,
        links=partial(addresses, platform, unit.tx), mocks=platform.mocks,
        services=frozenset(platform.senders), files=StoredFiles(unit.tx, platform.ids, platform.clock),
        bulk=bool(work.events) and all(event.bulk for event in work.events),
    )  # fmt: skip


def _ended(platform: Platform, tx: Reader, lockstep: Lockstep) -> list[Event]:
    """Tell waiting parents, and start error workflows."""
    answers, events = {}, []
    for run in lockstep.runs:
        if run.status not in ("completed", "failed"):
            continue
        reply = closing_reply(lockstep.plan, run)
        if reply is not None:
            lockstep.context.replies.append(reply)
        if run.parent is not None:
            answers[run.parent[1]] = {
                "status": run.status,
                "items": [item.json for item in run.result],
                "error": run.error,
            }
        if run.status == "failed":
            events += _error_event(platform, lockstep.plan, run)
    return [*signal(tx, answers, platform.ids), *events]


def _error_event(platform: Platform, plan: Plan, run: RunState) -> list[Event]:
    handler = plan.definition.settings.error_workflow
    number = platform.published.number(handler) if handler else None
    if number is None or number == plan.number or run.depth >= plan.definition.settings.limits.depth:
        return []  # workflows that fail for each other come to an end as those that run each other do
    triggers = platform.published.plans[number].triggers("error")
    item = {
        "workflow": {"id": plan.workflow, "name": plan.definition.name},
        "run": {"id": run.id},
        "execution": _in_n8n_words(plan, run),
        "record": run.record,
        "error": run.error,
    }
    start = Start(platform.ids.new(), run.record, [item], chain=run.cause_chain, depth=run.depth + 1)
    return [Event(platform.ids.new(), "start", number, triggers[0].id if triggers else None, None, False, [start])]


def _in_n8n_words(plan: Plan, run: RunState) -> dict[str, Any]:
    """What imported error workflows look for."""
    error = run.error or {}
    node = (error.get("where") or {}).get("node")
    last = plan.definition.node_name(node) if node in plan.definition.nodes else node
    return {"id": run.id, "mode": "trigger", "error": {"message": error.get("message")}, "lastNodeExecuted": last}


def _split(platform: Platform, tx: Transaction, size: int, bulk: bool | None) -> bool:
    """Cut the next event into pieces of ``size``, durably, so that they can be tried apart; whether there was one."""
    platform.published.refresh(tx)
    work = _claim(platform, tx, size, bulk)
    large = [event for event in work.events if len(event.starts) > size] if work is not None else []
    for event in large:
        parts = [event.starts[at : at + size] for at in range(0, len(event.starts), size)]
        pieces = [
            Event(platform.ids.new(), "start", event.version, event.trigger, event.object, event.bulk, part)
            for part in parts
        ]
        _replace(platform, tx, event, pieces)
    return bool(large)


def _replace(platform: Platform, tx: Transaction, event: Event, pieces: Sequence[Event]) -> None:
    tx.delete(EVENT, [event.id])
    write_events(tx, pieces, {}, platform.clock.now())


def _fail_next(
    platform: Platform, tx: Transaction, bulk: bool | None, broken: Sequence[str], error: Exception, keep: bool
) -> Advanced | None:
    """What is next cannot be advanced: a single run, or those that one answer wakes. It fails and keeps its place.

    Where another worker has taken it in the meantime, what is next is something else and is left alone.
    """
    unit = Unit(platform, tx)
    work = _claim(platform, tx, 1, bulk)
    if work is None or _concerned(work) != broken:
        return None
    plan = platform.published.plan(tx, work.version)
    context = _context(platform, unit, work)
    lockstep = Lockstep(plan, context, load(work, plan, context))
    known = _known(error, plan.definition.name)
    for run in lockstep.runs:
        lockstep.settler.end_failed(run, known)
    context.notices.append(_poison(platform, known, plan.number, [run.id for run in lockstep.runs]))
    sealed = seal(lockstep)
    unit.events += _ended(platform, tx, lockstep)
    unit.finish()
    write_batch(tx, lockstep, sealed, work.consumed)
    return _told(plan.number, lockstep.runs, (), keep=keep)


def _fail_unready(
    platform: Platform, tx: Transaction, bulk: bool | None, broken: Sequence[str], error: Exception, keep: bool
) -> Advanced | None:
    """Like ``_fail_next``, asking no plan and no node type; the workflow's own error workflow is not known then."""
    work = _claim(platform, tx, 1, bulk)
    if work is None or _concerned(work) != broken:
        return None
    now = platform.clock.now()
    names = tx.get(VERSION, [work.version], ("name",))
    known = _known(error, names[0][0] if names else None)
    failed = fail_unready(tx, work, known, now)
    runs = [RunState(row[0], RunScope(id=row[0]), now, row[3], status="failed") for row in failed]
    answer = {"status": "failed", "items": [], "error": known.as_json()}
    parents = {row[8].partition(" ")[2]: answer for row in failed if row[8] is not None}
    write_events(tx, signal(tx, parents, platform.ids), {}, now)
    write_notices(tx, [_poison(platform, known, work.version, [run.id for run in runs])], platform.ids)
    return _told(work.version, runs, (), keep=keep)


def _poison(platform: Platform, error: TowpathError, version: int, runs: Sequence[str]) -> Notice:
    return Notice(platform.clock.now(), "poison", str(error), version, runs[0] if runs else None)


def _known(error: Exception, workflow: str | None) -> TowpathError:
    if isinstance(error, TowpathError):
        return error
    return NodeError(
        f"the run could not be advanced: {type(error).__name__}: {error}",
        code="run.unexpected",
        hint="This is a fault of a node type; the run can be retried once it is mended.",
        where=Where(workflow=workflow),
    )
