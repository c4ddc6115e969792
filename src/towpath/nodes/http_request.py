"""HTTP request: calls a web address for each item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.files import TOO_LARGE, TOO_LARGE_HINT
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import EffectError, NodeError, Where
from towpath.model.duration import Duration
from towpath.model.problem import Problem
from towpath.model.workflow import Retry

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PASSED = ("status", "headers", "body")


class Params(NodeParams):
    """The call, and what becomes of the answer."""

    url: Dynamic[Text] = Field(description="The address, with http:// or https://.")
    method: Method = Field("GET", description="The HTTP method.")
    headers: Dynamic[dict[str, Text]] = Field(
        {}, validate_default=True, description="Headers by name; keys and passwords belong into a connection."
    )
    query: Dynamic[dict[str, Any]] = Field(
        {},
        validate_default=True,
        description="Parameters added to the address; null leaves one out, a list repeats it.",
    )
    body: Dynamic[Any] = Field(None, validate_default=True, description="What is sent; null sends nothing.")
    body_type: Literal["json", "form", "text"] = Field("json", description="How the body is written.")
    timeout: Duration = Field(30.0, gt=0, le=300, description="How long the answer may take.")
    send_file: str | None = Field(
        None, min_length=1, description="Instead of a body: the name of a file of the item that is sent."
    )
    response: Literal["auto", "json", "text", "file"] = Field(
        "auto", description="How the answer is read: by its content type, as JSON, as text, or kept as a file."
    )
    file: str = Field("data", min_length=1, description="With a file: the name that the item carries it under.")
    ok: tuple[int | Literal["2xx", "3xx", "4xx", "5xx"], ...] = Field(
        ("2xx",), min_length=1, description="Statuses that are a success; an item with any other fails."
    )
    give: Literal["response", "body"] = Field(
        "response", description="response: an object with status, headers and body; body: the body alone, "
        "a list as one item for each element.",
    )  # fmt: skip
    into: str | None = Field(
        None, min_length=1, description="Keep the item and put what came into this field; otherwise it is a new item."
    )
    repeatable: bool = Field(
        False, description="The service knows the Idempotency-Key header, so a call in doubt may be sent again. "
        "Without it a person decides about calls in doubt; GET, HEAD and OPTIONS are always sent again.",
    )  # fmt: skip


def run(batch: Batch[Params]) -> None:
    """Calls go to the outbox; the visits wait for the answers."""
    params = batch.params
    fixed: dict[str, Any] = {"method": params.method, "timeout": params.timeout, "response": params.response}
    fixed["ok"] = list(params.ok)
    if params.response == "file":
        fixed["file_bytes"] = batch.node.settings.limits.file_bytes
    if batch.node.spec.connections:
        fixed["connection"] = batch.node.spec.connections[0]
    keyed = params.repeatable or params.method in _SAFE
    for position, url, headers, query, body in batch.resolve(params.url, params.headers, params.query, params.body):
        wrong = _wrong_address(url)
        if wrong is not None:
            batch.fail(position, NodeError(wrong, code="http.url", hint=_URL_HINT, where=Where(field="url")))
            continue
        request = {**fixed, "url": url, "headers": headers, "query": query}
        if params.send_file is not None:
            named = (batch.items[position].binary or {}).get(params.send_file)
            if named is None:
                batch.fail(position, NodeError(f"the item has no file {params.send_file!r}", code="file.missing"))
                continue
            request["file"] = dict(named)
        elif body is not None:
            request |= {"body": body, "body_type": params.body_type}
        batch.effect(position, "http", request, keyed=keyed)


_URL_HINT = "Write for example https://api.example.com/v1/leads."


def _wrong_address(url: str) -> str | None:
    """What is wrong with an address; whether it may be called is the sender's to judge."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if good and parts.username is None and parts.password is None:
        return None
    return "a web address must not hold a user or password" if good else f"{url[:200]!r} is no web address"


def resume(batch: Batch[Params]) -> None:
    """Answers become items."""
    for position, answer in batch.results:
        if answer is None:
            continue
        if answer.get("state") != "sent":
            batch.fail(position, _failed(answer))
            continue
        response = answer.get("response") or {}
        if response.get("file") is not None:
            _give_file(batch, position, response)
        else:
            _give(batch, position, {name: response.get(name) for name in _PASSED})


def _give(batch: Batch[Params], position: int, response: dict[str, Any]) -> None:
    params = batch.params
    value = response["body"] if params.give == "body" else response
    if params.into is not None:
        batch.derive(position, {**batch.items[position].json, params.into: value})
        return
    for part in value if isinstance(value, list) else [value]:
        batch.derive(position, part if isinstance(part, dict) else {"body": part})


def _give_file(batch: Batch[Params], position: int, response: dict[str, Any]) -> None:
    """The file goes on beside the files that the item has already."""
    params, item = batch.params, batch.items[position]
    said = {} if params.give == "body" else {name: response.get(name) for name in ("status", "headers")}
    json = said if params.into is None else {**item.json, params.into: said}
    batch.derive(position, json, binary={**(item.binary or {}), params.file: response["file"]})


def _failed(answer: Mapping[str, Any]) -> EffectError:
    response = answer.get("response") or {}
    status = response.get("status")
    return EffectError(
        str(answer.get("error") or "the call failed"),
        code=answer.get("code") or ("http.status" if status else "http.failed"),
        hint=_hint(answer.get("code"), status),
        retryable=bool(answer.get("retryable")),
        retry_after=answer.get("retry_after"),
        params={"status": status, "body": _short(response.get("body"))} if status else {},
    )


def _hint(code: str | None, status: int | None) -> str:
    if code == TOO_LARGE:
        return TOO_LARGE_HINT
    return "Look at the answer in 'params'." if status else "Check the address and whether the service can be reached."


def _short(body: Any) -> Any:
    """What an error keeps of an answer."""
    text = body if isinstance(body, str) else repr(body)
    return body if len(text) <= 2000 else text[:2000] + "..."


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """An address that is written out must be one, and a body needs a method that sends it."""
    if params.url.template is None:
        wrong = _wrong_address(str(params.url.literal))
        if wrong is not None:
            yield Problem("node.url", wrong, context.node, "url", hint=_URL_HINT)
    if params.method in _SAFE and params.body.source is not None:
        hint = "Use POST, PUT or PATCH, or put the values into 'query'."
        yield Problem(
            "node.body", f"{params.method} sends no body", context.node, "body", hint=hint, severity="warning"
        )


node_type = NodeType(
    name="http.request",
    title="HTTP request",
    description="Calls a web address for each item and goes on with the answer. Passing failures (429, 5xx, no "
    "connection) are tried again, after as long as the service asks for; any other bad status fails the item.",
    icon="globe",
    group="http",
    touches="external",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    retry=Retry(attempts=5, delay=5.0, factor=3.0, max_delay=3600.0, jitter=0.1),
    examples=(
        {"url": "https://api.example.com/companies", "query": {"domain": "{{ $json.domain }}"}, "into": "company"},
        {
            "url": "https://api.example.com/leads/{{ $json.id }}",
            "method": "PUT",
            "body": {"status": "{{ $json.status }}"},
            "repeatable": True,
        },
    ),
)
