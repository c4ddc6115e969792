"""n8n's GraphQL: a POST of a query."""

from __future__ import annotations

import json
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.texts import is_expression, ours


def read(given: Given) -> Mapped:
    """The query and its variables as JSON; the answer's body becomes the item."""
    if given.fixed("requestMethod") != "POST" or given.fixed("requestFormat") not in ("json", "graphql"):
        raise UnmappedError("it does not send JSON by POST")
    body: dict[str, Any] = {"query": ours(given.get("query", ""))}
    variables = given.get("variables")
    if variables:
        body["variables"] = _variables(variables)
    if given.get("operationName"):
        body["operationName"] = ours(given.get("operationName"))
    headers = {str(row.get("name")): ours(row.get("value", "")) for row in given.rows("headerParametersUi.parameter")}
    params: dict[str, Any] = {"url": given.get("endpoint", ""), "method": "POST", "body": body, "give": "body"}
    if headers:
        params["headers"] = headers
    return Mapped("http.request", params)


def _variables(value: Any) -> Any:
    if not isinstance(value, str) or is_expression(value):
        return ours(value)
    try:
        return ours(json.loads(value))
    except ValueError:
        raise UnmappedError("its variables are not JSON") from None


_DEFAULTS = {"requestMethod": "POST", "requestFormat": "json", "authentication": "none", "responseFormat": "json"}
dialect = Dialect(
    "n8n-nodes-base.graphql", (1, 1.1), read, {1: {**_DEFAULTS, "requestFormat": "graphql"}, 1.1: _DEFAULTS}
)
