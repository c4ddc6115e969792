"""The steps http.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class HttpSteps(Group):
    """The steps http.*, typed."""

    __slots__ = ()

    def request(
        self,
        url: str,
        *,
        method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = "GET",
        headers: Mapping[str, Any] | str | None = None,
        query: Mapping[str, Any] | str | None = None,
        body: Any = None,
        body_type: Literal["json", "form", "text", "multipart"] = "json",
        files: Mapping[str, Any] | None = None,
        timeout: float | str = 30.0,
        send_file: str | None = None,
        response: Literal["auto", "json", "text", "file"] = "auto",
        file: str = "data",
        ok: Sequence[int | Literal["2xx", "3xx", "4xx", "5xx"]] | None = None,
        give: Literal["response", "body"] = "response",
        into: str | None = None,
        pages: Mapping[str, Any] | None = None,
        repeatable: bool = False,
        name: str | None = None,
    ) -> Step:
        """HTTP request: Calls a web address for each item and goes on with the answer. Passing failures (429, 5xx, no
        connection) are tried again, after as long as the service asks for; any other bad status fails the item.

        url: The address, with http:// or https://.
        method: The HTTP method.
        headers: Headers by name; keys and passwords belong into a connection.
        query: Parameters added to the address; null leaves one out, a list repeats it.
        body: What is sent; null sends nothing.
        body_type: How the body is written: as JSON, as a form, as text, or as a form that may have files.
        files: With multipart: the names of the form's files, each with the name that the item has it under.
        timeout: How long the answer may take.
        send_file: Instead of a body: the name of a file of the item that is sent.
        response: How the answer is read: by its content type, as JSON, as text, or kept as a file.
        file: With a file: the name that the item carries it under.
        ok: Statuses that are a success; an item with any other fails.
        give: response: an object with status, headers and body; body: the body alone, a list as one item for each
            element.
        into: Keep the item and put what came into this field; otherwise it is a new item.
        pages: How to go on where the service answers in pages.
        repeatable: The service knows the Idempotency-Key header, so a call in doubt may be sent again. Without it a
            person decides about calls in doubt; GET, HEAD and OPTIONS are always sent again.
        """
        return self._step(
            "http.request",
            name,
            {
                "url": url,
                "method": method,
                "headers": headers,
                "query": query,
                "body": body,
                "body_type": body_type,
                "files": files,
                "timeout": timeout,
                "send_file": send_file,
                "response": response,
                "file": file,
                "ok": ok,
                "give": give,
                "into": into,
                "pages": pages,
                "repeatable": repeatable,
            },
        )
