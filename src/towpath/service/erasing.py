"""Erases what runs that have ended carried: files, items, calls, log lines. Their steps and figures stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from towpath.engine.files import erase_files
from towpath.engine.state import FrozenRun, decode, encode_state
from towpath.engine.tables import META, NOTICE, OUTBOX, REPLY, RUN, STEP_DATA, WAIT
from towpath.errors import ConflictError, NotFoundError
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.platform import Platform

PAGE = 200  # runs in one transaction
_UNTIL = "runs.erased_until"  # the row of META with the moment before which no run carries anything
_ENDED = ("completed", "failed", "cancelled")
_SETTLED = ("sent", "failed", "cancelled", "refused")
_COLUMNS = ("id", "status", "state")


@dataclass(frozen=True, slots=True)
class Erased:
    """How many runs had something to erase, and how many files went with them."""

    runs: int = 0
    files: int = 0


def erase_run(platform: Platform, run_id: str) -> Erased:
    """Erase what a run carried. Raises NotFoundError; ConflictError ``run.not_ended`` while it goes on."""

    def work(tx: Transaction) -> Erased:
        rows = tx.get(RUN, [run_id], _COLUMNS)
        if not rows:
            raise NotFoundError(f"there is no run {run_id!r}", code="run.not_found")
        if rows[0][1] not in _ENDED:
            hint = "Cancel it first, or let it come to its end."
            raise ConflictError(f"run {run_id} is {rows[0][1]}", code="run.not_ended", hint=hint)
        return _erase(tx, rows)

    return platform.store.write(work)


def erase_ended(platform: Platform, before: int, since: int = 0) -> Erased:
    """The same for all runs that ended from ``since`` on, before ``before``, in microseconds; a few at a time."""
    done, last = Erased(), ""
    while True:
        runs = platform.store.read(partial(_ended_runs, since=since, before=before, after=last))
        page = platform.store.write(partial(_erase_page, runs=runs))
        done = Erased(done.runs + page.runs, done.files + page.files)
        if len(runs) < PAGE:
            return done
        last = runs[-1]


def erase_old(platform: Platform) -> Erased:
    """What the operator's setting says: erase what ended longer ago than runs are kept; what was erased is not read."""
    if platform.keep_runs is None:
        return Erased()
    before = platform.clock.now() - round(platform.keep_runs * SECOND)
    known = platform.store.read(lambda tx: tx.get(META, [_UNTIL], ("value",)))
    done = erase_ended(platform, before, known[0][0] if known else 0)
    platform.store.write(lambda tx: _note(tx, before))
    return done


def _note(tx: Transaction, until: int) -> None:
    tx.insert(META, META.names, [(_UNTIL, until)], ignore_conflicts=True)
    tx.update(META, ("value",), [(until, _UNTIL)])


def _ended_runs(tx: Reader, since: int, before: int, after: str) -> list[str]:
    """The next ids of such runs behind this one."""
    when = Comparison(Field("ended_at"), ">=", since), Comparison(Field("ended_at"), "<", before)
    these = All((Comparison(Field("status"), "in", _ENDED), *when, Comparison(Field("id"), ">", after)))
    return [run for (run,) in tx.select(RUN, ("id",), these, order=(Order("id"),), limit=PAGE)]


def _erase_page(tx: Transaction, runs: Sequence[str]) -> Erased:
    """These, but for those that somebody has set going again meanwhile."""
    rows = tx.get(RUN, runs, _COLUMNS) if runs else []
    return _erase(tx, [row for row in rows if row[1] in _ENDED])


def _erase(tx: Transaction, rows: Sequence[tuple[Any, ...]]) -> Erased:
    runs = [row[0] for row in rows]
    empty = [(_emptied(state), run, bytes(state)) for run, _, state in rows]
    emptied = [(state, run) for state, run, was in empty if state != was]
    tx.update(RUN, ("state",), emptied)
    with_files = erase_files(tx, runs)
    touched = {run for _, run in emptied} | set(with_files) | _erase_calls(tx, runs)
    for table in (STEP_DATA, NOTICE, WAIT, REPLY):
        found = tx.get(table, runs, ("run", *table.key), by="run")
        touched |= {run for run, *_ in found}
        tx.delete(table, [key[0] if len(key) == 1 else tuple(key) for _, *key in found])
    return Erased(len(touched), len(with_files))


def _emptied(state: bytes) -> bytes:
    """The run's document with nothing but its way to its steps in the log, and where it came from."""
    was = decode(state)
    return encode_state(
        FrozenRun(segments=was.segments, steps=was.steps, chain=was.chain, depth=was.depth, object=was.object)
    )


def _erase_calls(tx: Transaction, runs: Sequence[str]) -> set[str]:
    """Empty what these runs sent and were answered; that they sent it stays, and so does a call in doubt, for people.

    The runs that had something left.
    """
    found = tx.get(OUTBOX, runs, ("id", "run", "request", "answer", "error", "state"), by="run")
    full = [row for row in found if row[5] in _SETTLED and any(row[2:5])]
    tx.update(OUTBOX, ("request", "answer", "error"), [({}, None, None, row[0]) for row in full])
    return {row[1] for row in full}
