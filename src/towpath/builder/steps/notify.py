"""The steps notify.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from typing import Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class NotifySteps(Group):
    """The steps notify.*, typed."""

    __slots__ = ()

    def log(
        self, text: str, *, level: Literal["debug", "info", "warning", "error"] = "info", name: str | None = None
    ) -> Step:
        """Write to the log: Writes a line that is shown with the run. The items go on as they are.

        text: The line.
        level: How much it matters.
        """
        return self._step("notify.log", name, {"text": text, "level": level})

    def team(self, text: str, *, team: str | None = None, user: str | None = None, name: str | None = None) -> Step:
        """Tell a team: Shows a message to a team or a user inside Towpath. The items go on as they are.

        text: What is said.
        team: Id or name of the team.
        user: Id, e-mail or name of the user.
        """
        return self._step("notify.team", name, {"text": text, "team": team, "user": user})
