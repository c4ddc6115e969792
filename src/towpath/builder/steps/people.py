"""The steps people.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        steps: Sequence[Mapping[str, Any]] = (),
        submitter: str | None = None,
        fallback: str | None = None,
        locks: Sequence[str] = (),
        form: Mapping[str, Any] | None = None,
        priority: Literal["Low", "Normal", "High", "Urgent"] = "Normal",
        mail: bool = False,
        due: float | str | None = None,
        timeout: float | str | None = None,
        reactions: Sequence[Mapping[str, Any]] = (),
        into: str = "approval",
        name: str | None = None,
    ) -> Step:
        """Approval: Asks people to approve or reject and waits for the decision, in one step or several. Without an
        active approver the fallback decides; nothing is ever approved by itself.

        subject: What is to be decided, in one line.
        description: What the approver should know.
        approver: Id, e-mail or name of the user who decides; the node's lane says who when it is left out.
        steps: In place of one approver: steps, each with approvers (user, role, team, queue, manager, field), a
            policy, fields to lock, and what happens when nobody decides.
        submitter: Who asks, by id, e-mail or name: must not decide, the fallback does.
        fallback: Who decides when the approver is missing, inactive or the submitter; without one the item fails.
        locks: Fields of the run's record that nobody may edit until the decision; steps have their own.
        form: JSON Schema of what the approver fills in beside the decision.
        priority: How urgent it is.
        mail: Also tell the approvers by mail, with a link to answer by.
        due: When it should be decided, from now: '4 business hours'.
        timeout: When the run stops waiting, from now: the request is cancelled and the item leaves by 'timeout'.
        reactions: What happens when nobody decides: remind, escalate, reassign, expire; steps have their own.
        into: Field of the item that gets id, outcome, response and completedBy.
        """
        return self._step(
            "people.approve",
            name,
            {
                "subject": subject,
                "description": description,
                "approver": approver,
                "steps": steps,
                "submitter": submitter,
                "fallback": fallback,
                "locks": locks,
                "form": form,
                "priority": priority,
                "mail": mail,
                "due": due,
                "timeout": timeout,
                "reactions": reactions,
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
        role: str | None = None,
        queue: str | None = None,
        priority: Literal["Low", "Normal", "High", "Urgent"] = "Normal",
        mail: bool = False,
        due: float | str | None = None,
        reactions: Sequence[Mapping[str, Any]] = (),
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
        role: In place of a team: whoever has this role may take it.
        queue: In place of a team: id or name of the queue.
        priority: How urgent it is.
        mail: Also tell its owner by mail, with a link to answer by.
        due: When it should be done, from now: '15 min', '4 business hours', '2 business days'.
        reactions: What happens while it is not done: remind, escalate (tell), reassign, expire (cancel).
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
                "role": role,
                "queue": queue,
                "priority": priority,
                "mail": mail,
                "due": due,
                "reactions": reactions,
                "timeout": timeout,
                "into": into,
            },
        )
