"""Sends what the outbox holds: intention committed first, then the call, then its result with the wake-up.

A call found in ``sending`` after a crash is sent again only if its peer honours idempotency keys and the key is
young enough to be remembered; otherwise it is parked as ``unknown`` for a person (security.md, decision 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec

from towpath.crm.mail_thread import THREAD
from towpath.engine.events import Answered, Notice
from towpath.engine.files import StoredFiles
from towpath.engine.journal import write_events, write_notices
from towpath.engine.tables import OUTBOX, RUN
from towpath.errors import ConflictError, NotFoundError
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.effects import Answer, Effect
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.ports.tracing import Attributes
from towpath.service.effect_leases import LEASE, Row, Taken, held, still_held
from towpath.service.mail_limits import ABOUT, Held, as_sent, hold_back
from towpath.service.platform import Platform
from towpath.service.run_files import open_file
from towpath.service.signals import answer_runs
from towpath.service.task_mail import TASK, with_link

_CAN_GO_ON = ("waiting", "failed")
KEY_MEMORY = 24 * 3600 * SECOND  # how long peers are trusted to remember an idempotency key (Stripe: 24 h)
_ROW = ("id", "run", "node", "token", "item", "kind", "request", "key", "keyed", "attempt", "created_at")
_KEYED, _KIND, _REQUEST = _ROW.index("keyed"), _ROW.index("kind"), _ROW.index("request")
_HELD = (*_ROW, "changed_at")
MOST_HOSTS = 10  # named in the span of a batch


def send_due(platform: Platform, limit: int = 1000, *, kinds: Sequence[str] | None = None) -> int:
    """Send what is due, of these kinds or all; how many effects were sent. Results are on disk when it returns.

    Where workers share the store, the calls are held for ``LEASE`` at a time. Whoever is silent for longer has lost
    them: another settles what became of them, and answers that come after that are not written.
    """
    taken = platform.store.write(lambda tx: _take(platform, tx, limit, kinds))
    if not taken.rows:
        return taken.lapsed
    with held(platform, taken):
        answers = _send(platform, taken.rows)
    try:
        platform.store.write(lambda tx: _record_held(platform, tx, taken, answers))
    finally:
        for answer in answers:
            if answer.file is not None:
                answer.file.content.close()
    return len(taken.rows)


def recover(platform: Platform) -> dict[str, int]:
    """At start: what became of calls that were under way when the process died; counts of resent and unknown.

    Where workers share the store, others may have calls under way: only those that nobody holds any more are meant.
    """
    now = platform.clock.now()
    sending = Comparison(Field("state"), "==", "sending")
    lost = All((sending, Comparison(Field("due"), "<=", now))) if platform.shared else sending
    return platform.store.write(lambda tx: _recover(platform, tx, tx.select(OUTBOX, _HELD, lost)))


def resolve_unknown(
    platform: Platform, effect_id: str, *, happened: bool, response: Mapping[str, Any] | None = None
) -> None:
    """A person says what became of an unknown effect: it happened (with this response), or it is to be sent again."""

    def work(tx: Transaction) -> None:
        rows = tx.get(OUTBOX, [effect_id], (*_ROW, "state"))
        if not rows:
            raise NotFoundError(f"there is no effect {effect_id!r}", code="effect.not_found")
        if rows[0][-1] != "unknown":
            raise ConflictError(f"effect {effect_id!r} is {rows[0][-1]}, not unknown", code="effect.not_unknown")
        if happened:
            _record(platform, tx, [rows[0][:-1]], [Answer(effect_id, "sent", response or {})])
        else:
            now = platform.clock.now()
            tx.update(OUTBOX, ("state", "due", "changed_at"), [("new", now, now, effect_id)])

    platform.store.write(work)


def _take(platform: Platform, tx: Transaction, limit: int, kinds: Sequence[str] | None) -> Taken:
    now = platform.clock.now()
    due: tuple[Condition, ...] = (Comparison(Field("due"), "is_not_empty"), Comparison(Field("due"), "<=", now))
    if kinds is not None:
        due = (*due, Comparison(Field("kind"), "in", tuple(kinds)))
    found = tx.claim(OUTBOX, (*_HELD, "state"), All(due), order=(Order("due"), Order("id")), limit=limit)
    lost = [row[:-1] for row in found if row[-1] == "sending"]
    rows = [row[:-2] for row in found if row[-1] != "sending"]
    if lost:
        _recover(platform, tx, lost)
    going, refused = _let_go(platform, tx, rows, now)
    if going:
        until = now + LEASE if platform.shared else None
        tx.update(OUTBOX, ("state", "due", "changed_at"), [("sending", until, now, row[0]) for row in going])
    return Taken(now, [_as_it_leaves(platform, tx, row) for row in going], len(lost) + refused)


def _let_go(platform: Platform, tx: Transaction, rows: Sequence[Row], now: int) -> tuple[list[Row], int]:
    """The effects that may leave now; mails may have to wait or be refused (how many) by the limits of mail."""
    mails = [(row[0], row[_REQUEST]) for row in rows if row[_KIND] == "mail"]
    held = hold_back(platform, tx, mails, now) if mails else Held()
    if held.later:
        tx.update(OUTBOX, ("due",), [(until, effect) for effect, until in held.later.items()])
    if held.refused:
        refused = [row for row in rows if row[0] in held.refused]
        _record(platform, tx, refused, [Answer(row[0], "refused") for row in refused])
    return [row for row in rows if row[0] not in held.later and row[0] not in held.refused], len(held.refused)


def _record_held(platform: Platform, tx: Transaction, taken: Taken, answers: Sequence[Answer]) -> None:
    """The answers to calls that are still held; what others have settled in the meantime stays as they settled it."""
    mine = still_held(tx, taken) if platform.shared else {row[0] for row in taken.rows}
    pairs = [(row, answer) for row, answer in zip(taken.rows, answers, strict=True) if row[0] in mine]
    if pairs:
        rows = [row for row, _ in pairs]
        _record(platform, tx, rows, _with_files(platform, tx, rows, [answer for _, answer in pairs]))


def _as_it_leaves(platform: Platform, tx: Transaction, row: Row) -> Row:
    request = row[_REQUEST]
    if row[_KIND] != "mail" or TASK not in request:
        return row
    return (*row[:_REQUEST], with_link(platform, tx, request), *row[_REQUEST + 1 :])


def _send(platform: Platform, rows: Sequence[Row]) -> list[Answer]:
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row[_KIND], []).append(row)
    answers: dict[str, Answer] = {}
    for kind, alike in by_kind.items():
        with platform.tracing.span("send effects", side="client") as span:
            found = _send_alike(platform, kind, [_effect(platform, row, span.headers) for row in alike])
            if platform.tracing.on:
                span.tell(_told(kind, alike, found))
        answers.update((answer.id, answer) for answer in found)
    return [_storable(answers[row[0]]) for row in rows]


def _effect(platform: Platform, row: Row, trace: Mapping[str, str]) -> Effect:
    effect_id, _, _, _, _, kind, request, key, keyed, attempt, _ = row
    leaving = as_sent(request) if kind == "mail" else request
    return Effect(effect_id, kind, leaving, key, attempt, keyed, partial(open_file, platform), trace)


def _send_alike(platform: Platform, kind: str, effects: Sequence[Effect]) -> Sequence[Answer]:
    sender = platform.senders.get(kind)
    if sender is None:
        return [Answer(each.id, "failed", error=f"nothing here sends {kind!r} effects") for each in effects]
    return sender.send(effects)


def _told(kind: str, rows: Sequence[Row], answers: Sequence[Answer]) -> Attributes:
    """What the span of a batch says: never more of an address than its host."""
    hosts = {_host(row[_REQUEST]) for row in rows} if kind == "http" else set()
    failed = sum(answer.state in ("failed", "unknown") for answer in answers)
    about: Attributes = {"towpath.kind": kind, "towpath.effects": len(rows), "towpath.failed": failed}
    return {**about, "towpath.hosts": sorted(hosts - {""})[:MOST_HOSTS]} if hosts else about


def _host(request: Mapping[str, Any]) -> str:
    try:
        return urlsplit(str(request.get("url", ""))).hostname or ""
    except ValueError:  # the sender says what is wrong with the address
        return ""


def _with_files(platform: Platform, tx: Transaction, rows: Sequence[Row], answers: Sequence[Answer]) -> list[Answer]:
    """Files that came are kept with their runs, if those can still use them; the answers have references of them."""
    asked = [row[1] for row, answer in zip(rows, answers, strict=True) if answer.file is not None]
    waiting = {run for run, status in tx.get(RUN, asked, ("id", "status")) if status in _CAN_GO_ON} if asked else set()
    files, found = StoredFiles(tx, platform.ids, platform.clock), []
    for row, answer in zip(rows, answers, strict=True):
        if answer.file is None:
            found.append(answer)
            continue
        came, kept = answer.file, None
        if row[1] in waiting:  # how large it may be the sender has seen to
            kept = files.write(row[1], came.chunks(), name=came.name, media_type=came.media_type)
        found.append(replace(answer, response={**answer.response, "file": kept}, file=None))
    return found


def _record(platform: Platform, tx: Transaction, rows: Sequence[Row], answers: Sequence[Answer]) -> None:
    """Results into the outbox, and the runs woken; an unknown one stays parked until a person decides."""
    now = platform.clock.now()
    put_off = [answer for answer in answers if answer.state == "later"]
    if put_off:
        due = [("new", now + round((answer.retry_after or 1.0) * SECOND), now, answer.id) for answer in put_off]
        tx.update(OUTBOX, ("state", "due", "changed_at"), due)
        told = [(row, answer) for row, answer in zip(rows, answers, strict=True) if answer.state != "later"]
        rows, answers = [row for row, _ in told], [answer for _, answer in told]
    tx.update(
        OUTBOX,
        ("state", "due", "changed_at", "error", "answer"),
        [(answer.state, None, now, answer.error, dict(answer.response) or None, answer.id) for answer in answers],
    )
    _keep_threads(tx, rows, answers, now)
    answered = [
        Answered(row[1], row[3], f"effect:{row[0]}", _answer_json(answer))
        for row, answer in zip(rows, answers, strict=True)
        if answer.state != "unknown"
    ]
    doubtful = [row for row, answer in zip(rows, answers, strict=True) if answer.state == "unknown"]
    write_notices(tx, [_in_doubt(now, row) for row in doubtful], platform.ids)
    write_events(tx, answer_runs(tx, answered, platform.ids), {}, now)


def _keep_threads(tx: Transaction, rows: Sequence[Row], answers: Sequence[Answer], now: int) -> None:
    """Which record a mail that left is about, by its Message-ID: an answer to it finds the record."""
    threads = []
    for row, answer in zip(rows, answers, strict=True):
        about = row[_REQUEST].get(ABOUT, {}) if row[_KIND] == "mail" and answer.state == "sent" else {}
        message = str(answer.response.get("messageId") or "").strip("<> ").lower()
        if about.get("record") and message:
            threads.append((message, about["object"], about["record"], False, now))
    if threads:
        tx.insert(THREAD, THREAD.names, threads, ignore_conflicts=True)


def _in_doubt(now: int, row: Row) -> Notice:
    """Only a person can say what became of such a call, so people are told."""
    effect_id, run, node, _, _, kind, *_ = row
    text = f"nobody knows whether a call ({kind}) has arrived: towpath effects resolve {effect_id} settles it"
    return Notice(now, "effect_unknown", text, None, run, node, {"effect": effect_id})


def _storable(answer: Answer) -> Answer:
    """An answer that no item can hold must not keep those of others from being written."""
    try:
        msgspec.msgpack.encode(_answer_json(answer))
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        if answer.file is not None:
            answer.file.content.close()
        return Answer(answer.id, "failed", error=f"the answer came, but cannot be stored: {error}")
    return answer


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "state": answer.state, "response": dict(answer.response), "error": answer.error, "code": answer.code,
        "retryable": answer.retryable, "retry_after": answer.retry_after,
    }  # fmt: skip


def _recover(platform: Platform, tx: Transaction, rows: Sequence[Row]) -> dict[str, int]:
    now = platform.clock.now()
    young = {row[0] for row in rows if row[_KEYED] and now - row[-1] < KEY_MEMORY}
    again = [row[0] for row in rows if row[0] in young]
    unclear = [row for row in rows if row[0] not in young]
    doubtful = [row[0] for row in unclear]
    if again:
        tx.update(OUTBOX, ("state", "due", "changed_at"), [("new", now, now, effect_id) for effect_id in again])
    if doubtful:
        text = "the process ended while this call was under way"
        tx.update(
            OUTBOX,
            ("state", "due", "changed_at", "error"),
            [("unknown", None, now, text, effect_id) for effect_id in doubtful],
        )
        write_notices(tx, [_in_doubt(now, row[:-1]) for row in unclear], platform.ids)
    return {"resent": len(again), "unknown": len(doubtful)}
