"""Mails that come in: to the case or record that they answer, else to a new case. Each mail counts once.

An answer is told by the Message-IDs that it refers to, of mails that came in or went out. A case number in the subject
counts only from the address of its customer: anybody can write one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towpath.crm.mail_thread import THREAD
from towpath.engine.events import Notice
from towpath.engine.tables import WAIT
from towpath.errors import TowpathError
from towpath.formats.mail_message import InboundMail, read_mail
from towpath.model.change import Cause
from towpath.model.moment import from_text, to_text
from towpath.ports.mail import Inbox
from towpath.ports.records import Record
from towpath.ports.time import SECOND
from towpath.service.attachments import keep_attachments, tell_left_out
from towpath.service.platform import Platform
from towpath.service.signals import signal
from towpath.service.unit import Unit, in_unit

REOPENS = ("Pending", "On Hold", "Solved", "Closed")
REOPEN_DAYS = 30  # a case that was closed longer ago has a new one made of its answer
_NUMBER = re.compile(r"\[#([0-9a-z]{26})\]", re.IGNORECASE)
_CAUSE = Cause("mail")


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a mail (new, threaded, reopened, repeated or ignored), and with which record."""

    outcome: str
    object: str | None = None
    record: str | None = None


def receive(platform: Platform, raw: bytes) -> Received:
    """Take one mail in; it is on disk when this returns. FormatError for what is no mail."""
    mail = read_mail(raw)
    return in_unit(platform, lambda unit: _receive(unit, mail))


def poll(platform: Platform, inbox: Inbox, limit: int = 100) -> list[Received]:
    """Take in what a mailbox has; each mail is marked there only after it is on disk here.

    A mail that cannot be read is told as a notice and marked too, so that it does not come again for ever.
    """
    done = []
    for key, raw in inbox.fetch(limit):
        try:
            done.append(receive(platform, raw))
        except TowpathError as error:
            if error.status >= 500:
                raise
            text, now = f"a mail could not be taken in: {error.message}", platform.clock.now()
            notice = Notice(now, "mail_unreadable", text, data={"mail": str(key), "code": error.code})
            in_unit(platform, lambda unit, told=notice: unit.notices.append(told))  # type: ignore[misc]
            done.append(Received("ignored"))
        inbox.done(key)
    return done


def _receive(unit: Unit, mail: InboundMail) -> Received:
    if mail.message_id is not None and unit.tx.get(THREAD, [mail.message_id], ("record",)):
        return Received("repeated")
    found = _thread(unit, mail)
    if found is None and mail.automatic:
        text = f"an automatic mail that answers nothing: {mail.subject}"
        unit.notices.append(Notice(unit.platform.clock.now(), "mail_ignored", text, data={"from": mail.sender}))
        return Received("ignored")
    if found is None:
        return _new_case(unit, mail, None)
    object_name, record = found
    if object_name == "Case":
        return _answer_case(unit, mail, record)
    _keep(unit, mail, object_name, record["id"])
    return Received("threaded", object_name, record["id"])


def _thread(unit: Unit, mail: InboundMail) -> tuple[str, Record] | None:
    """The record that the mail answers."""
    rows = unit.tx.get(THREAD, list(mail.references), ("message", "object", "record")) if mail.references else []
    known = {message: (name, record) for message, name, record in rows}
    for message in reversed(mail.references):  # the last one is what it answers
        if message in known:
            name, record_id = known[message]
            record = unit.records.get(name, [record_id]).get(record_id)
            if record is not None:
                return name, record
    return _by_number(unit, mail) or _awaited(unit, mail)


def _by_number(unit: Unit, mail: InboundMail) -> tuple[str, Record] | None:
    numbers = [number.lower() for number in _NUMBER.findall(mail.subject)]
    for record in unit.records.get("Case", numbers).values() if numbers else ():
        contact = unit.records.get("Contact", [record["contactId"]]) if record["contactId"] else {}
        addresses = {record["email"], *(person["email"] for person in contact.values())}
        if mail.sender in {address.lower() for address in addresses if address}:
            return "Case", record
    return None


def _awaited(unit: Unit, mail: InboundMail) -> tuple[str, Record] | None:
    """Somebody whose answer a run waits for, who writes anew instead of answering."""
    for name in ("Lead", "Contact"):
        people = unit.records.find_by(name, "email", [mail.sender])[mail.sender]
        keys = {f"contact:{person['id']}": person for person in people}
        waiting = unit.tx.get(WAIT, sorted(keys), ("key",), by="key") if keys else []
        if waiting:
            return name, keys[waiting[0][0]]
    return None


def _answer_case(unit: Unit, mail: InboundMail, case: Record) -> Received:
    if mail.automatic:
        _keep(unit, mail, "Case", case["id"])
        return Received("threaded", "Case", case["id"])
    if case["status"] == "Closed" and _closed_long_ago(unit, case):
        return _new_case(unit, mail, case)
    reopened = case["status"] in REOPENS
    if reopened:
        again = {"reopened": (case["reopened"] or 0) + 1} if case["status"] in ("Solved", "Closed") else {}
        values = {"status": "Open", "solvedAt": None, "closedAt": None, **again}
        _one(unit.records.update("Case", [case["id"]], [values], _CAUSE))
    _keep(unit, mail, "Case", case["id"])
    return Received("reopened" if reopened else "threaded", "Case", case["id"])


def _closed_long_ago(unit: Unit, case: Record) -> bool:
    closed = from_text(case["closedAt"])
    return closed is not None and unit.platform.clock.now() - closed > REOPEN_DAYS * 86400 * SECOND


def _new_case(unit: Unit, mail: InboundMail, parent: Record | None) -> Received:
    contacts = unit.records.find_by("Contact", "email", [mail.sender])[mail.sender]
    contact = contacts[0] if contacts else None
    row = {
        "subject": mail.subject or "(no subject)",
        "description": mail.text,
        "email": mail.sender,
        "origin": "Email",
        "contactId": contact["id"] if contact else None,
        "accountId": contact["accountId"] if contact else None,
        "parentId": parent["id"] if parent else None,
    }
    case = _one(unit.records.create("Case", [row], _CAUSE))
    _keep(unit, mail, "Case", case["id"])
    return Received("new", "Case", case["id"])


def _keep(unit: Unit, mail: InboundMail, object_name: str, record: str) -> None:
    """The mail as an activity, its place in the thread, and word to the runs that wait for it."""
    now = unit.platform.clock.now()
    attachments = keep_attachments(unit, mail.attachments, record)
    data: dict[str, Any] = {
        "from": mail.sender, "name": mail.sender_name, "to": list(mail.recipients), "messageId": mail.message_id,
        "automatic": mail.automatic, "attachments": attachments,
    }  # fmt: skip
    activity = {
        "subject": mail.subject or "(no subject)", "type": "Email",
        "direction": None if mail.automatic else "Inbound", "occurredAt": to_text(now), "body": mail.text,
        "data": data, "relatedObject": object_name, "relatedId": record,
    }  # fmt: skip
    kept = _one(unit.records.create("Activity", [activity], _CAUSE))
    tell_left_out(unit, attachments, kept["id"])
    if mail.message_id is not None:
        unit.tx.insert(THREAD, THREAD.names, [(mail.message_id, object_name, record, True, now)])
    if not mail.automatic:
        told = {
            "from": mail.sender, "subject": mail.subject, "text": mail.reply, "object": object_name, "id": record,
            "attachments": attachments,
        }  # fmt: skip
        keys = {f"event:mail.replied:{mail.sender}": told, f"event:mail.replied:{record}": told}
        unit.events += signal(unit.tx, keys, unit.platform.ids)


def _one(outcomes: Sequence[Any]) -> Record:
    (outcome,) = outcomes
    if isinstance(outcome, TowpathError):
        raise outcome
    record: Record = outcome
    return record
