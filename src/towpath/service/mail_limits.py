"""Holds mails back that may not leave yet: in quiet hours, over a cap, or to people who have refused mail meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towpath.crm.mail_count import MAIL_COUNT
from towpath.model.business_time import BusinessTime
from towpath.model.condition import All, Comparison, Field
from towpath.model.mail_policy import MailPolicy
from towpath.ports.mail import address
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.service.platform import Platform

ABOUT = "about"  # the key of a request that says whose mail it is; with a "field" of refusal it is limited
HOUR = 3600 * SECOND
ALL = "*"


@dataclass(slots=True)
class Held:
    """What becomes of mails that are due: some wait until later, some are refused; the others go."""

    later: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


def hold_back(platform: Platform, tx: Transaction, mails: Sequence[tuple[str, Mapping[str, Any]]], now: int) -> Held:
    """Look at ``(effect id, request)`` of limited mails, the longest due first."""
    held, limited = Held(), [(key, request) for key, request in mails if "field" in request.get(ABOUT, ())]
    if not limited:
        return held
    platform.published.refresh(tx)
    held.refused = _refused(platform, tx, limited)
    for policy in platform.published.definitions.of("mail").values():
        if policy.active:
            going = [(k, r) for k, r in limited if k not in held.refused and k not in held.later]
            held.later.update(_wait(tx, policy, going, now))
    counted = [(k, r) for k, r in limited if k not in held.refused and k not in held.later]
    if counted:
        _count(tx, [mailbox_of(request) for _, request in counted], now)
    return held


def as_sent(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request as a sender gets it."""
    return {name: value for name, value in request.items() if name != ABOUT}


def mailbox_of(request: Mapping[str, Any]) -> str:
    """The mailbox that a mail is sent from; empty for the configured one."""
    sender = request.get("sender")
    return address(sender).addr_spec.lower() if sender else ""


def _refused(platform: Platform, tx: Transaction, mails: Iterable[tuple[str, Mapping[str, Any]]]) -> set[str]:
    """Mails to people who have refused mail since it was asked for."""
    wanted: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key, request in mails:
        about = request[ABOUT]
        if about.get("record"):
            wanted.setdefault((about["object"], about["field"]), []).append((about["record"], key))
    refused: set[str] = set()
    for (object_name, name), asked in wanted.items():
        plan = platform.catalogue.plan(object_name)
        if name in plan.names:
            rows = dict(tx.get(plan.table, sorted({record for record, _ in asked}), ("id", name)))
            refused |= {key for record, key in asked if rows.get(record)}
    return refused


def _wait(
    tx: Transaction, policy: MailPolicy, mails: Sequence[tuple[str, Mapping[str, Any]]], now: int
) -> dict[str, int]:
    if not mails:
        return {}
    opening = BusinessTime(policy.open_hours()).next_opening(now) if policy.quiet or policy.quiet_days else now
    if opening > now:
        return {key: opening for key, _ in mails}
    counts = _counts(tx, now)
    waits: dict[str, int] = {}
    for key, request in mails:
        until = _room(policy, counts, mailbox_of(request), now)
        if until is None:
            for name in (ALL, mailbox_of(request)):
                hours = counts.setdefault(name, {})
                hours[now // HOUR] = hours.get(now // HOUR, 0) + 1
        else:
            waits[key] = until
    return waits


def _room(policy: MailPolicy, counts: Mapping[str, Mapping[int, int]], mailbox: str, now: int) -> int | None:
    """None where one more mail may leave now; else when to look again."""
    hour, limit = now // HOUR, policy.limit_of(mailbox)
    own = counts.get(mailbox, {})
    if policy.per_hour is not None and counts.get(ALL, {}).get(hour, 0) >= policy.per_hour:
        return (hour + 1) * HOUR
    if limit.per_hour is not None and own.get(hour, 0) >= limit.per_hour:
        return (hour + 1) * HOUR
    if limit.per_day is not None and sum(own.values()) >= limit.per_day:
        return (min(own) + 24) * HOUR
    return None


def _counts(tx: Transaction, now: int) -> dict[str, dict[int, int]]:
    """Mails of the last 24 hours, by mailbox and hour."""
    found: dict[str, dict[int, int]] = {}
    since = Comparison(Field("hour"), ">", now // HOUR - 24)
    for mailbox, hour, count in tx.select(MAIL_COUNT, ("mailbox", "hour", "count"), since):
        found.setdefault(mailbox, {})[hour] = count
    return found


def _count(tx: Transaction, mailboxes: Sequence[str], now: int) -> None:
    """Count what leaves now, and forget what is older than a day."""
    hour = now // HOUR
    tally = {name: mailboxes.count(name) for name in dict.fromkeys(mailboxes)} | {ALL: len(mailboxes)}
    here = All((Comparison(Field("hour"), "==", hour), Comparison(Field("mailbox"), "in", tuple(tally))))
    stored = dict(tx.select(MAIL_COUNT, ("mailbox", "count"), here))
    new = [(name, hour, count) for name, count in tally.items() if name not in stored]
    known = [(stored[name] + count, name, hour) for name, count in tally.items() if name in stored]
    if new:
        tx.insert(MAIL_COUNT, MAIL_COUNT.names, new)
        old = tx.select(MAIL_COUNT, MAIL_COUNT.key, Comparison(Field("hour"), "<=", hour - 25), limit=1000)
        if old:
            tx.delete(MAIL_COUNT, old)
    if known:
        tx.update(MAIL_COUNT, ("count",), known)
