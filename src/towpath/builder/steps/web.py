"""The steps web.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class WebSteps(Group):
    """The steps web.*, typed."""

    __slots__ = ()

    def respond(
        self,
        give: Literal["first", "all", "json", "text", "file", "redirect", "nothing"] = "first",
        *,
        body: Any = None,
        file: str = "data",
        url: str | None = None,
        status: int | str = 200,
        headers: Mapping[str, Any] | str | None = None,
        name: str | None = None,
    ) -> Step:
        """Answer a web call: Answers the call of the webhook or form that started the run, if its trigger lets a node
        answer.

        give: first: the first item; all: all items; json or text: what 'body' says; file: a file of the first item;
            redirect: another address; nothing: no body.
        body: With json and text: the body.
        file: With file: its name in the item.
        url: With redirect: where the caller is sent.
        status: The HTTP status; 302 with redirect, 204 with nothing, if not given.
        headers: Headers by name.
        """
        return self._step(
            "web.respond",
            name,
            {"give": give, "body": body, "file": file, "url": url, "status": status, "headers": headers},
        )
