"""How n8n's HTTP Request reads page after page."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Given, Json, UnmappedError
from towpath.formats.n8n.texts import is_expression, ours, theirs

_PATH = "options.pagination.pagination"
_UPDATE, _NEXT = "updateAParameterInEachRequest", "responseContainsNextURL"
_EMPTY, _STATUSES, _OTHER = "responseIsEmpty", "receiveSpecificStatusCodes", "other"
_PLACES = {"qs": "query", "headers": "headers", "body": "body"}
MOST = 1000  # pages that http.request reads


def read_pages(given: Given) -> dict[str, Any] | None:
    """The ``pages`` of our node; None where one answer is all there is."""
    mode = given.fixed(f"{_PATH}.paginationMode", _UPDATE if given.get(_PATH) is not None else "off")
    if mode == "off":
        return None
    pages = _next_url(given) if mode == _NEXT else _updated(given)
    when = given.fixed(f"{_PATH}.paginationCompleteWhen", _EMPTY)
    if when == _OTHER:
        pages["done"] = ours(given.get(f"{_PATH}.completeExpression", ""))
    elif when == _STATUSES:
        pages["done_statuses"] = [int(each) for each in given.names(f"{_PATH}.statusCodesWhenComplete")]
    if given.fixed(f"{_PATH}.limitPagesFetched", False):
        pages["most"] = min(int(given.fixed(f"{_PATH}.maxRequests", 100)), MOST)
    milliseconds = given.fixed(f"{_PATH}.requestInterval", 0)
    return {**pages, "pause": milliseconds / 1000} if milliseconds else pages


def _next_url(given: Given) -> dict[str, Any]:
    url = given.get(f"{_PATH}.nextURL", "")
    if not is_expression(url):
        raise UnmappedError("the address of its next page is no expression", "Write {{ $response.body.next }}, say.")
    return {"next_url": url}


def _updated(given: Given) -> dict[str, Any]:
    pages: dict[str, Any] = {}
    for row in given.rows(f"{_PATH}.parameters.parameters"):
        place, name = _PLACES[row.get("type", "qs")], str(row.get("name", ""))
        if is_expression(name):
            raise UnmappedError("the name of a parameter that changes from page to page is an expression")
        if name:
            pages.setdefault(place, {})[name] = ours(row.get("value", ""))
    if not pages:
        raise UnmappedError("it reads page after page, and nothing changes between them", "Name the parameter.")
    return pages


def write_pages(pages: Json) -> dict[str, Any] | None:
    """What n8n has for it; None where it cannot say it."""
    changed = set(pages) & set(_PLACES.values())
    ends = set(pages) & {"done", "done_statuses"}
    if ("next_url" in pages) == bool(changed) or len(ends) > 1:
        return None
    if "next_url" in pages:
        made: dict[str, Any] = {"paginationMode": _NEXT, "nextURL": theirs(pages["next_url"])}
    else:
        rows = [
            {"type": theirs_name, "name": name, "value": theirs(value)}
            for theirs_name, place in _PLACES.items()
            for name, value in pages.get(place, {}).items()
        ]
        made = {"paginationMode": _UPDATE, "parameters": {"parameters": rows}}
    if "done" in pages:
        made |= {"paginationCompleteWhen": _OTHER, "completeExpression": theirs(pages["done"])}
    if "done_statuses" in pages:
        statuses = ",".join(map(str, pages["done_statuses"]))
        made |= {"paginationCompleteWhen": _STATUSES, "statusCodesWhenComplete": statuses}
    if "most" in pages:
        made |= {"limitPagesFetched": True, "maxRequests": pages["most"]}
    return {**made, "requestInterval": round(pages["pause"] * 1000)} if "pause" in pages else made
