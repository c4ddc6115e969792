"""Answering a task from a mail: links with single-use tokens, of which only hashes are kept.

A token is good for one task and one person until the task is done; a second answer is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.crm.answer_link import LINK
from towpath.errors import NotFoundError
from towpath.service.platform import Platform
from towpath.service.staff import find_person
from towpath.service.task_mail import make_link
from towpath.service.tasks import complete_task, get_task
from towpath.service.tokens import token_hash


def link_for(platform: Platform, task_id: str, who: str) -> str:
    """A token by which somebody may answer a task, for whoever hands it over himself."""
    task = get_task(platform, task_id)
    user = find_person(platform, who)
    return platform.store.write(lambda tx: make_link(platform, tx, task["id"], user["id"]))


def linked_task(platform: Platform, token: str) -> dict[str, Any]:
    """The task that a token is for, as it is now, and ``answers_as``: the id of the person. Looking changes nothing."""
    task, user = _find(platform, token)
    return {**get_task(platform, task), "answers_as": user}


def answer(
    platform: Platform, token: str, outcome: str | None, response: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Complete the token's task in the name of its person. ConflictError for the second answer."""
    task, user = _find(platform, token)
    return complete_task(platform, task, who=user, outcome=outcome, response=response)


def _find(platform: Platform, token: str) -> tuple[str, str]:
    rows = platform.store.read(lambda tx: tx.get(LINK, [token_hash(token)], ("task", "user")))
    if not rows:
        raise NotFoundError(
            "this link is not known here", code="task.unknown_link", hint="Take the link of the latest mail."
        )
    return rows[0][0], rows[0][1]
