"""HTTP request: calls a web address for each item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.files import TOO_LARGE, TOO_LARGE_HINT
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.paging import Pages, first_requests, is_empty, next_requests
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import EffectError, NodeError, Where, did_you_mean
from towpath.model.duration import Duration
from towpath.model.problem import Problem
from towpath.model.workflow import Retry
from towpath.ports.time import SECOND

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
    body_type: Literal["json", "form", "text", "multipart"] = Field(
        "json", description="How the body is written: as JSON, as a form, as text, or as a form that may have files."
    )
    files: dict[str, str] = Field(
        {}, description="With multipart: the names of the form's files, each with the name that the item has it under."
    )
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
    pages: Pages | None = Field(None, description="How to go on where the service answers in pages.")
    repeatable: bool = Field(
        False, description="The service knows the Idempotency-Key header, so a call in doubt may be sent again. "
        "Without it a person decides about calls in doubt; GET, HEAD and OPTIONS are always sent again.",
    )  # fmt: skip


def run(batch: Batch[Params]) -> None:
    """Calls go to the outbox; the visits wait for the answers."""
    pages, requests = batch.params.pages, list(_requests(batch))
    if pages is None:
        for position, request in requests:
            _send(batch, position, request)
        return
    _ask(batch, first_requests(batch, pages, requests), {})


def _requests(batch: Batch[Params]) -> Iterator[tuple[int, dict[str, Any]]]:
    params = batch.params
    fixed: dict[str, Any] = {"method": params.method, "timeout": params.timeout, "response": params.response}
    fixed["ok"] = [*params.ok, *(params.pages.done_statuses if params.pages else ())]
    if params.response == "file":
        fixed["file_bytes"] = batch.node.settings.limits.file_bytes
    if batch.node.spec.connections:
        fixed["connection"] = batch.node.spec.connections[0]
    for position, url, headers, query, body in batch.resolve(params.url, params.headers, params.query, params.body):
        wrong = _wrong_address(url)
        if wrong is not None:
            batch.fail(position, _no_address(wrong))
            continue
        carried = _carried(batch, position, body)
        if position not in batch.failed:
            yield position, {**fixed, "url": url, "headers": headers, "query": query, **carried}


def _carried(batch: Batch[Params], position: int, body: Any) -> dict[str, Any]:
    """What the request has as its body: a file alone, or values, which may have files beside them."""
    params = batch.params
    if params.send_file is not None:
        return {"file": _file(batch, position, params.send_file)}
    files = {name: _file(batch, position, carried_as) for name, carried_as in params.files.items()}
    changing = params.pages is not None and params.pages.body.source
    carried = {**({} if body is None else {"body": body}), **({"files": files} if files else {})}
    return {**carried, "body_type": params.body_type} if carried or changing else {}


def _file(batch: Batch[Params], position: int, name: str) -> dict[str, Any]:
    """The reference of an item's file; an item without it fails."""
    binary = batch.items[position].binary or {}
    if name not in binary:
        hint = did_you_mean(name, binary) or "Give it a file first, or name one that it has."
        batch.fail(position, NodeError(f"the item has no file {name!r}", code="file.missing", hint=hint))
    return dict(binary.get(name, {}))


def _send(batch: Batch[Params], position: int, request: dict[str, Any]) -> None:
    batch.effect(position, "http", request, keyed=batch.params.repeatable or batch.params.method in _SAFE)


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


def _no_address(wrong: str) -> NodeError:
    return NodeError(wrong, code="http.url", hint=_URL_HINT, where=Where(field="url"))


def resume(batch: Batch[Params]) -> None:
    """Answers become items."""
    if batch.params.pages is not None:
        _read_on(batch, batch.params.pages)
        return
    for position, answer in batch.results:
        if answer is None:
            continue
        if answer.get("state") != "sent":
            batch.fail(position, _failed(answer))
            continue
        _give_answer(batch, position, _kept(answer.get("response") or {}))


def _kept(response: Mapping[str, Any]) -> dict[str, Any]:
    names = (*_PASSED, "file") if response.get("file") is not None else _PASSED
    return {name: response.get(name) for name in names}


def _give_answer(batch: Batch[Params], position: int, response: dict[str, Any]) -> None:
    if "file" in response:
        _give_file(batch, position, response)
    else:
        _give(batch, position, response)


def _read_on(batch: Batch[Params], pages: Pages) -> None:
    """A page has come for each item that is still reading, or the pause before the next one is over."""
    read: dict[int, dict[str, Any]] = {}  # position -> its request and the answers so far
    due, answered = [], []
    for position, answer in batch.results:
        mine = (batch.owners[position].token.memo or {}).get(str(batch.places[position]))
        if mine is None:  # has come to its end before
            continue
        read[position] = mine
        if mine["next"] is not None:
            due.append((position, mine["next"]))
        elif answer is None or answer.get("state") != "sent":
            batch.fail(position, _failed(answer or {}))
        elif (answer.get("response") or {}).get("status") in pages.done_statuses:
            _give_pages(batch, position, mine["answers"])
        else:
            mine["answers"].append(_kept(answer.get("response") or {}))
            answered.append((position, mine["request"], mine["answers"]))
    further = next_requests(batch, pages, answered)
    for position in {position for position, _, _ in answered} - {position for position, _ in further} - batch.failed:
        _give_pages(batch, position, read[position]["answers"])
    for visit in batch.visits:
        visit.answers.clear()
    if due or not pages.pause:
        _ask(batch, [*due, *further], read)
    else:
        _wait(batch, further, read, batch.now + round(pages.pause * SECOND))
    _in_order(batch)


def _ask(batch: Batch[Params], requests: Sequence[tuple[int, dict[str, Any]]], read: dict[int, dict[str, Any]]) -> None:
    """Ask for pages, and remember what has come before them."""
    for position, request in requests:
        wrong = _wrong_address(request["url"])
        if wrong is not None:
            batch.fail(position, _no_address(wrong))
            continue
        _send(batch, position, request)
        answers = read[position]["answers"] if position in read else []
        _remember(batch, position, {"request": request, "next": None, "answers": answers})


def _wait(
    batch: Batch[Params], requests: Sequence[tuple[int, dict[str, Any]]], read: dict[int, dict[str, Any]], due: int
) -> None:
    for position, request in requests:
        batch.park(batch.owners[position], due=due)
        _remember(batch, position, {"request": request, "next": request, "answers": read[position]["answers"]})


def _remember(batch: Batch[Params], position: int, mine: dict[str, Any]) -> None:
    parking = batch.park(batch.owners[position])
    parking.memo = {**(parking.memo or {}), str(batch.places[position]): mine}


def _give_pages(batch: Batch[Params], position: int, answers: Sequence[dict[str, Any]]) -> None:
    """All pages; an empty one behind the others only said that there are no more."""
    params, whole = batch.params, batch.params.give == "response"
    pages = [answer for place, answer in enumerate(answers) if whole or not place or not is_empty(answer)]
    if params.into is None or params.response == "file":
        for answer in pages:
            _give_answer(batch, position, answer)
        return
    values = [answer if whole else answer["body"] for answer in pages]
    joined = [part for value in values for part in (value if isinstance(value, list) else [value])]
    batch.derive(position, {**batch.items[position].json, params.into: joined})


def _in_order(batch: Batch[Params]) -> None:
    """Items that had few pages were done first; they leave in the order in which they came."""
    for visit in batch.visits:
        if visit.park is None:
            for items in visit.outputs.values():
                items.sort(key=lambda item: item.pair if isinstance(item.pair, int) else 0)


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
    if params.files and params.body_type != "multipart":
        hint = "Set 'body_type' to multipart, or send one file alone with 'send_file'."
        yield Problem("node.body", "only a multipart form can have files", context.node, "files", hint=hint)
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
    retry=Retry(attempts=82, delay=5.0, factor=3.0, max_delay=3600.0, jitter=0.1),  # 75 hours, give or take one
    examples=(
        {"url": "https://api.example.com/companies", "query": {"domain": "{{ $json.domain }}"}, "into": "company"},
        {
            "url": "https://api.example.com/orders",
            "pages": {"query": {"page": "{{ $pageCount + 1 }}"}, "done": "{{ $response.body.length < 100 }}"},
            "give": "body",
        },
        {
            "url": "https://api.example.com/leads/{{ $json.id }}",
            "method": "PUT",
            "body": {"status": "{{ $json.status }}"},
            "repeatable": True,
        },
    ),
)
