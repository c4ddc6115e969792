"""Mails that tell people of their tasks, with a link to answer by.

The link's token is made when the mail leaves and is never stored, so neither the outbox nor a backup has one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm.answer_link import LINK
from towpath.engine.events import OutboxRow
from towpath.model.change import Change
from towpath.ports.store import Transaction
from towpath.service.open_unit import OpenUnit
from towpath.service.platform import Platform
from towpath.service.tokens import token_hash

TASK = "task"  # the key of a request that says whose task the mail is about
_TEXTS = {
    "en": ("{subject}\n\n{description}", "To answer: {link}", "To answer: towpath tasks complete {task}"),
    "zh": ("{subject}\n\n{description}", "请在此处理：{link}", "请运行：towpath tasks complete {task}"),
}


def task_mails(unit: OpenUnit, changes: Sequence[Change]) -> list[OutboxRow]:
    """A mail for each task that has just got an owner and wants him told."""
    if not unit.records.wrote("Task"):
        return []
    tasks = [change.new for change in changes if _tells(change) and change.new is not None]
    users = unit.records.get("User", [task["ownerId"] for task in tasks]) if tasks else {}
    known = [(task, users[task["ownerId"]]) for task in tasks if users.get(task["ownerId"], {}).get("email")]
    return [_row(unit, task, user) for task, user in known]


def _tells(change: Change) -> bool:
    new, old = change.new, change.old
    if change.object != "Task" or new is None or not new["mail"] or new["status"] != "Open" or not new["ownerId"]:
        return False
    return old is None or old["ownerId"] != new["ownerId"]


def _row(unit: OpenUnit, task: Mapping[str, Any], user: Mapping[str, Any]) -> OutboxRow:
    effect, now = unit.platform.ids.new(), unit.platform.clock.now()
    language = "zh" if str(user["locale"] or "").startswith("zh") else "en"
    body = _TEXTS[language][0].format(subject=task["subject"], description=task["description"] or "").strip()
    about = {"id": task["id"], "user": user["id"], "language": language}
    request = {"to": user["email"], "subject": _one_line(task["subject"]), "text": body, TASK: about}
    return OutboxRow(effect, task["runId"] or "", "", 0, 0, 0, "mail", request, False, 1, now, effect)


def with_link(platform: Platform, tx: Transaction, request: Mapping[str, Any]) -> dict[str, Any]:
    """The request as it leaves: its text ends with how to answer."""
    about = request[TASK]
    _, link_text, command = _TEXTS[about["language"]]
    if platform.base_url is None:
        ending = command.format(task=about["id"])
    else:
        token = make_link(platform, tx, about["id"], about["user"])
        ending = link_text.format(link=f"{platform.base_url}/answer/{token}")
    sent = {name: value for name, value in request.items() if name != TASK}
    return {**sent, "text": f"{request['text']}\n\n{ending}"}


def make_link(platform: Platform, tx: Transaction, task: str, user: str) -> str:
    """A new token for this task and person; shown once, kept as a hash."""
    token = secrets.token_urlsafe(32)
    tx.insert(LINK, LINK.names, [(token_hash(token), task, user, platform.clock.now())])
    return token


def _one_line(text: str) -> str:
    return " ".join(text.split())
