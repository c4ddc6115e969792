"""Reading an answer that comes in pages: what is asked next, and when there is no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import LimitError, NodeError, TowpathError
from towpath.expr import Scope
from towpath.model.duration import Duration

MOST = 1000  # pages
_SAME = 5  # answers that are the same one after the other: the service does not look at what changes
_CHANGED = ("query", "headers", "body")
Json = dict[str, Any]


class Pages(NodeParams):
    """How the next page is asked for. Expressions see $response (body, headers, statusCode), $request, $pageCount."""

    next_url: Dynamic[Text | None] = Field(
        None, validate_default=True, description="The address of the next page, {{ $response.body.next }} for example; "
        "where it is empty there is no more. Left out, the same address is asked again."
    )  # fmt: skip
    query: Dynamic[Json] = Field(
        {}, validate_default=True, description="Parameters of each request, the first one too; null leaves one out. "
        "$pageCount is 0 at first: {{ $pageCount + 1 }} is the number of the page."
    )  # fmt: skip
    headers: Dynamic[Json] = Field({}, validate_default=True, description="The same for headers.")
    body: Dynamic[Json] = Field({}, validate_default=True, description="The same for fields of the body.")
    done: Dynamic[Any] = Field(
        None, validate_default=True, description="When it is true after a page, this was the last one. "
        "Where neither this nor done_statuses is given, an empty page is the last."
    )  # fmt: skip
    done_statuses: tuple[int, ...] = Field((), description="A page with such a status is the end, and no page.")
    pause: Duration = Field(0.0, ge=0, le=3600, description="How long to wait between two pages.")
    most: int | None = Field(
        None, ge=1, le=MOST, description=f"Read no more pages than these. More than {MOST} are a failure."
    )


def first_requests(batch: Batch[Any], pages: Pages, requests: Sequence[tuple[int, Json]]) -> list[tuple[int, Json]]:
    """The requests (position, request) of the first pages."""
    return _requests(batch, pages, [(position, request, _seen(request, ())) for position, request in requests])


def _requests(batch: Batch[Any], pages: Pages, asked: Sequence[tuple[int, Json, Json]]) -> list[tuple[int, Json]]:
    """The requests (position, request, what its expressions see) with what changes from page to page."""
    scopes = [_scope(batch, position, seen) for position, _, seen in asked]
    columns = {name: _values(batch, getattr(pages, name), asked, scopes) for name in _CHANGED}
    made = []
    for place, (position, request, seen) in enumerate(asked):
        if position not in batch.failed:
            changes = {name: _merged(request.get(name), column[place]) for name, column in columns.items()}
            changed = {name: value for name, value in changes.items() if value is not None}
            made.append((position, {**request, **changed, "page": seen["pageCount"]}))
    return made


def next_requests(
    batch: Batch[Any], pages: Pages, answered: Sequence[tuple[int, Json, list[Json]]]
) -> list[tuple[int, Json]]:
    """What to ask after these (position, request, answers so far); whoever is not among them has no more to ask."""
    asked = [(position, request, _seen(request, answers)) for position, request, answers in answered]
    scopes = [_scope(batch, position, seen) for position, _, seen in asked]
    done = _values(batch, pages.done, asked, scopes)
    urls = _values(batch, pages.next_url, asked, scopes)
    going = []
    for place, (position, request, answers) in enumerate(answered):
        if position in batch.failed or _ended(pages, answers, done[place]):
            continue
        if pages.next_url.source is not None and not urls[place]:
            continue
        error = _endless(answers)
        if error is not None:
            batch.fail(position, error)
            continue
        url = {"url": urls[place]} if urls[place] else {}
        going.append((position, {**request, **url}, _seen(request, answers)))
    return _requests(batch, pages, going)


def is_empty(answer: Json) -> bool:
    """Whether there is nothing in a page."""
    return "file" not in answer and answer.get("body") in (None, "", [], {})


def _seen(request: Json, answers: Sequence[Json]) -> Json:
    response = {}
    if answers:
        last = answers[-1]
        response = {"body": last.get("body"), "headers": last.get("headers") or {}, "statusCode": last.get("status")}
    return {"response": response, "request": {**request, "qs": request.get("query")}, "pageCount": len(answers)}


def _scope(batch: Batch[Any], position: int, seen: Json) -> Scope:
    item = batch.items[position]
    run = msgspec.structs.replace(batch.runs[position].scope, page=seen)
    return Scope(item.json, run, batch.places[position], item)


def _values(
    batch: Batch[Any], value: Dynamic[Any], asked: Sequence[tuple[int, Json, Json]], scopes: Sequence[Scope]
) -> list[Any]:
    found = value.evaluate(scopes, batch.sandbox) if scopes else []
    for (position, _, _), got in zip(asked, found, strict=True):
        if isinstance(got, TowpathError):
            batch.fail(position, got)
    return found


def _merged(base: Any, changes: Mapping[str, Any]) -> Any:
    """The object with the changes; null takes a value away. Nothing where there is nothing to change."""
    if not changes:
        return None
    whole = {**(base if isinstance(base, Mapping) else {}), **changes}
    return {name: value for name, value in whole.items() if value is not None or name not in changes}


def _ended(pages: Pages, answers: Sequence[Json], done: Any) -> bool:
    if pages.most is not None and len(answers) >= pages.most:
        return True
    if pages.done.source is not None:
        return bool(done)
    return not pages.done_statuses and is_empty(answers[-1])


def _endless(answers: Sequence[Json]) -> TowpathError | None:
    if len(answers) >= MOST:
        hint = "Say with pages.most how many are wanted, or with pages.done when there are no more."
        return LimitError(f"there are more than {MOST:,} pages", code="http.too_many_pages", hint=hint)
    bodies = [answer.get("body") for answer in answers[-_SAME:]]
    if len(bodies) == _SAME and all(body == bodies[0] for body in bodies) and bodies[0] is not None:
        hint = "Look at what changes from page to page, and at when it is done."
        return NodeError(f"the last {_SAME} pages are the same", code="http.same_page", hint=hint)
    return None
