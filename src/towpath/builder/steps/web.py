"""The steps web.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class WebSteps(Group):
    """The steps web.*, typed."""

    __slots__ = ()

    def form(
        self,
        mode: Literal["page", "end"] = "page",
        *,
        title: str = "Form",
        description: str = "",
        fields: Sequence[Mapping[str, Any]] = (),
        button: str | None = None,
        redirect: str | None = None,
        keep: bool = False,
        timeout: float | str | None = None,
        name: str | None = None,
    ) -> Step:
        """Form page: Shows the next page of the form that started the run and waits until it is filled in, or ends it.

        mode: Another page with fields, or the last one without.
        title: The heading.
        description: A text under the heading.
        fields: With page: what is asked.
        button: With page: the text on the button.
        redirect: With end: an address that people are sent on to.
        keep: With page: the item's own fields stay beside what was filled in.
        timeout: With page: how long to wait; then items leave by 'timeout'.
        """
        return self._step(
            "web.form",
            name,
            {
                "mode": mode,
                "title": title,
                "description": description,
                "fields": fields,
                "button": button,
                "redirect": redirect,
                "keep": keep,
                "timeout": timeout,
            },
        )

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
