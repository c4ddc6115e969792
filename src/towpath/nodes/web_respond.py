"""Answers the web call that started the run, while the run goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.events import Reply
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import NodeError, Where
from towpath.expr.values import to_text
from towpath.model.problem import Problem

Give = Literal["first", "all", "json", "text", "file", "redirect", "nothing"]
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# What the server alone says: who it is, how long the answer is, what a page of it may do.
_OURS = frozenset({"connection", "content-length", "content-security-policy", "date", "server", "set-cookie",
                   "strict-transport-security", "trailer", "transfer-encoding", "upgrade"})  # fmt: skip


class Params(NodeParams):
    """What is answered."""

    give: Give = Field(
        "first",
        description="first: the first item; all: all items; json or text: what 'body' says; file: a file of the first "
        "item; redirect: another address; nothing: no body.",
    )
    body: Dynamic[Any] = Field(None, validate_default=True, description="With json and text: the body.")
    file: str = Field("data", min_length=1, description="With file: its name in the item.")
    url: Dynamic[Text] | None = Field(None, description="With redirect: where the caller is sent.")
    status: Dynamic[Annotated[int, Field(ge=200, le=599)]] = Field(
        200, validate_default=True, description="The HTTP status; 302 with redirect, 204 with nothing, if not given."
    )
    headers: Dynamic[dict[str, Text]] = Field({}, validate_default=True, description="Headers by name.")

    @model_validator(mode="after")
    def _complete(self) -> Params:
        if (self.give == "redirect") != (self.url is not None):
            raise ValueError("give 'url' with redirect, and only then")
        return self


def run(batch: Batch[Params]) -> None:
    """The first time that a run comes here it answers; its items go on as they are."""
    params = batch.params
    rows = batch.resolve(params.body, params.status, params.headers, params.url or params.body)
    first = {id(batch.owners[row[0]]): row for row in reversed(rows)}
    for visit, positions in batch.by_visit():
        if id(visit) not in first or not positions:
            continue
        position, body, status, headers, url = first[id(visit)]
        wrong = _wrong_header(headers)
        if wrong is not None:
            batch.fail_visit(visit, NodeError(wrong, code="web.header", where=Where(field="headers")))
            continue
        said = {name.lower(): value for name, value in headers.items()}
        batch.context.replies.append(_reply(batch, position, positions, body, status, said, url))
        batch.forward_visit(visit)


def _reply(
    batch: Batch[Params], position: int, positions: list[int], body: Any, status: int, said: dict[str, str], url: Any
) -> Reply:
    give, run, item = batch.params.give, batch.owners[position].run.id, batch.items[position]
    if give == "redirect":
        return Reply(run, status if status != 200 else 302, {**said, "location": _one_line(url)})
    if give == "nothing":
        return Reply(run, status if status != 200 else 204, said)
    if give == "file":
        return Reply(run, status, said, file=(item.binary or {}).get(batch.params.file))
    if give == "text":
        text = b"" if body is None else to_text(body).encode("utf-8", "replace")
        return Reply(run, status, {"content-type": "text/html; charset=utf-8", **said}, text)
    every = [batch.items[each].json for each in positions]
    value = every if give == "all" else item.json if give == "first" else body
    return Reply(run, status, {"content-type": "application/json", **said}, _json(value))


def _one_line(url: Any) -> str:
    return "".join(sign for sign in to_text(url) if sign.isprintable() and sign.isascii())


def _json(value: Any) -> bytes:
    """JSON that was written as text goes out as it is."""
    if isinstance(value, str):
        try:
            msgspec.json.decode(value)
        except msgspec.DecodeError:
            return msgspec.json.encode(value)
        return value.encode()
    return msgspec.json.encode(value)


def _wrong_header(headers: dict[str, str]) -> str | None:
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or not (value.isprintable() and value.isascii()):
            return f"{name[:80]!r} is no header, or its value has signs that a header cannot have"
        if name.lower() in _OURS:
            return f"the header {name[:80]!r} is not yours to set"
    return None


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Headers that are written out are looked at."""
    source = params.headers.source
    wrong = _wrong_header(dict.fromkeys(source, "")) if isinstance(source, dict) else None
    if wrong is not None:
        yield Problem("web.header", wrong, context.node, "headers")


node_type = NodeType(
    name="web.respond",
    title="Answer a web call",
    description="Answers the call of the webhook or form that started the run, if its trigger lets a node answer.",
    icon="reply",
    group="http",
    params=Params,
    run=run,
    check=check,
    examples=(
        {"give": "json", "body": {"id": "{{ $json.id }}", "ok": True}, "status": 201},
        {"give": "redirect", "url": "https://example.com/thanks"},
    ),
)
