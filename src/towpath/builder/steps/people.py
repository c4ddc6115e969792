"""The steps people.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class PeopleSteps(Group):
    """The steps people.*, typed."""

    __slots__ = ()

    def approve(
        self,
        subject: str,
        *,
        description: str | None = None,
        approver: str | None = None,
        submitter: str | None = None,
        fallback: str | None = None,
        form: Mapping[str, Any] | None = None,
        priority: Literal["Low", "Normal", "High", "Urgent"] = "Normal",
        due: float | str | None = None,
        timeout: float | str | None = None,
        into: str = "approval",
        name: str | None = None,
    ) -> Step:
        """Approval: Asks one person to approve or reject and waits for the decision. Without an active approver the
        fallback decides; nothing is ever approved by itself.

        subject: What is to be decided, in one line.
        description: What the approver should know.
        approver: Id, e-mail or name of the user who decides; the node's lane says who when it is left out.
        submitter: Who asks, by id, e-mail or name: must not decide, the fallback does.
        fallback: Who decides when the approver is missing, inactive or the submitter; without one the item fails.
        form: JSON Schema of what the approver fills in beside the decision.
        priority: How urgent it is.
        due: When it should be decided, from now.
        timeout: When the run stops waiting, from now: the request is cancelled and the item leaves by 'timeout'.
        into: Field of the item that gets id, outcome, response and completedBy.
        """
        return self._step(
            "people.approve",
            name,
            {
                "subject": subject,
                "description": description,
                "approver": approver,
                "submitter": submitter,
                "fallback": fallback,
                "form": form,
                "priority": priority,
                "due": due,
                "timeout": timeout,
                "into": into,
            },
        )

    def task(
        self,
        subject: str,
        *,
        description: str | None = None,
        kind: Literal["task", "form", "call"] = "task",
        form: Mapping[str, Any] | None = None,
        assignee: str | None = None,
        team: str | None = None,
        priority: Literal["Low", "Normal", "High", "Urgent"] = "Normal",
        due: float | str | None = None,
        timeout: float | str | None = None,
        into: str = "task",
        name: str | None = None,
    ) -> Step:
        """Task for a person: Creates a task and waits until it is done. The item goes on with the outcome and the
        answers.

        subject: What is to be done, in one line.
        description: What the person should know.
        kind: A task, a form to fill in, or a call to make.
        form: JSON Schema of the answer that is asked for.
        assignee: Id, e-mail or name of the user; without user and team the node's lane says who does it.
        team: Id or name of the team, any member of which may take it.
        priority: How urgent it is.
        due: When it should be done, from now.
        timeout: When the run stops waiting, from now: the task is cancelled and the item leaves by 'timeout'.
        into: Field of the item that gets id, outcome, response and completedBy.
        """
        return self._step(
            "people.task",
            name,
            {
                "subject": subject,
                "description": description,
                "kind": kind,
                "form": form,
                "assignee": assignee,
                "team": team,
                "priority": priority,
                "due": due,
                "timeout": timeout,
                "into": into,
            },
        )
