"""n8n's HTTP Request, versions 1 to 4."""

from __future__ import annotations

import json
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.multipart import read_form, read_old_files, write_form
from towpath.formats.n8n.paging import read_pages, write_pages
from towpath.formats.n8n.texts import is_expression, json_code, ours, single_chunk, theirs

_OLD_KINDS = {"form-urlencoded": "form", "multipart-form-data": "multipart"}
_OLD_METHOD, _METHOD = "requestMethod", "method"
_KNOWN = (
    "url",
    "method",
    "headers",
    "query",
    "body",
    "body_type",
    "give",
    "timeout",
    "ok",
    "response",
    "file",
    "send_file",
    "pages",
    "files",
)


def read(given: Given) -> Mapped:
    """The answer's body becomes the item, a list one item for each element, as in n8n."""
    method = str(given.fixed(_METHOD if given.version >= 3 else _OLD_METHOD, given.get(_METHOD, "GET"))).upper()
    params: dict[str, Any] = {"url": given.get("url", ""), "give": "body"}
    if not params["url"]:
        raise UnmappedError("it has no address")
    if method != "GET":
        params["method"] = method
    (_new if given.version >= 3 else _old)(given, params)
    _options(given, params)
    warnings = []
    if str(given.get("authentication", "none")) not in ("none", ""):
        warnings.append("its credentials become an empty connection: fill it before the node runs")
    return Mapped("http.request", params, warnings=tuple(warnings))


def _new(given: Given, params: dict[str, Any]) -> None:
    """Versions 3 and 4: each part is switched on, then given as pairs or as JSON."""
    if given.fixed("sendHeaders", False):
        params["headers"] = _part(given, "specifyHeaders", "headerParameters", "jsonHeaders")
    if given.fixed("sendQuery", False):
        params["query"] = _part(given, "specifyQuery", "queryParameters", "jsonQuery")
    if given.fixed("sendBody", False):
        _body(given, params)


def _body(given: Given, params: dict[str, Any]) -> None:
    kind = given.fixed("contentType", "json")
    if kind == "json":
        params["body"] = _part(given, "specifyBody", "bodyParameters", "jsonBody")
    elif kind == "form-urlencoded":
        params["body_type"] = "form"
        if given.fixed("specifyBody", "keypair") == "string":
            raise UnmappedError("its form is written as one text", "Write the form as fields.")
        params["body"] = _pairs(given, "bodyParameters")
    elif kind == "raw":
        params |= {"body_type": "text", "body": ours(given.get("body", ""))}
        content_type = given.get("rawContentType")
        if content_type:
            params["headers"] = {**params.get("headers", {}), "content-type": ours(content_type)}
    elif kind == "binaryData":
        params["send_file"] = str(given.fixed("inputDataFieldName", "data"))
    elif kind == "multipart-form-data":
        params |= read_form(given)
    else:
        raise UnmappedError(f"it sends a body of the kind {kind!r}")


def _old(given: Given, params: dict[str, Any]) -> None:
    """Versions 1 and 2: pairs in lists with names of their own, or JSON in texts."""
    as_json = given.fixed("jsonParameters", False)
    for ours_name, pairs, text in (
        ("headers", "headerParametersUi", "headerParametersJson"),
        ("query", "queryParametersUi", "queryParametersJson"),
        ("body", "bodyParametersUi", "bodyParametersJson"),
    ):
        value = _json(given.get(text)) if as_json else _pairs(given, pairs, "parameter")
        if value:
            params[ours_name] = value
    kind = given.fixed("options.bodyContentType", "json")
    if as_json and given.fixed("sendBinaryData", False):
        params.pop("body", None)  # n8n sends files without it
        params |= read_old_files(given, kind)
    elif "body" in params and kind in _OLD_KINDS:
        params["body_type"] = _OLD_KINDS[kind]
    elif "body" in params and kind != "json":
        raise UnmappedError(f"it sends a body of the kind {kind!r}")
    content_type = given.get("options.bodyContentCustomMimeType")
    if content_type:
        params["headers"] = {**params.get("headers", {}), "content-type": ours(content_type)}


def _part(given: Given, how: str, pairs: str, text: str) -> Any:
    return _json(given.get(text, {})) if given.fixed(how, "keypair") == "json" else _pairs(given, pairs)


def _pairs(given: Given, path: str, rows: str = "parameters") -> dict[str, Any]:
    found = {}
    for row in given.rows(f"{path}.{rows}"):
        name = row.get("name", "")
        if is_expression(name):
            raise UnmappedError("the name of a header, parameter or field is an expression")
        if name:
            found[str(name)] = ours(row.get("value", ""))
    return found


def _json(value: Any) -> Any:
    """JSON as text or as a value; an expression must be the whole of it."""
    if not isinstance(value, str):
        return ours(value)
    if is_expression(value):
        return value if single_chunk(value) is not None else _filled(value)
    try:
        return ours(json.loads(value or "{}"))
    except ValueError:
        raise UnmappedError("its JSON cannot be read") from None


def _filled(text: str) -> Any:
    """JSON with expressions inside texts: each text becomes an expression of its own."""
    try:
        value = json.loads(text[1:])
    except ValueError:
        return json_code(text)
    return _marked(value)


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return f"={value}" if "{{" in value else value
    if isinstance(value, dict):
        return {key: _marked(part) for key, part in value.items()}
    return [_marked(part) for part in value] if isinstance(value, list) else value


def _options(given: Given, params: dict[str, Any]) -> None:
    old = given.version < 3
    response = "options" if old else "options.response.response"
    if given.fixed(f"{response}.fullResponse", False):
        del params["give"]
    if given.fixed(f"{response}.neverError" if not old else "options.ignoreResponseCode", False):
        params["ok"] = ["2xx", "3xx", "4xx", "5xx"]
    form = given.fixed("responseFormat" if old else f"{response}.responseFormat", "autodetect")
    if form == "file":
        params["response"] = "file"
        name = given.fixed("dataPropertyName", "data") if old else given.fixed(f"{response}.outputPropertyName", "data")
        if name != "data":
            params["file"] = str(name)
    if form in ("json", "text", "string"):
        params["response"] = "json" if form == "json" else "text"
    milliseconds = given.fixed("options.timeout")
    if isinstance(milliseconds, int | float) and milliseconds > 0:
        params["timeout"] = min(milliseconds / 1000, 300.0)
    pages = None if old else read_pages(given)
    if pages is not None:
        params["pages"] = pages


def write(params: Json) -> Json | None:
    """Bodies and headers as JSON; what is kept beside the item cannot be said."""
    body, options = _write_body(params), _write_options(params)
    if set(params) - set(_KNOWN) or body is None or options is None:
        return None
    return {
        "method": params.get("method", "GET"),
        "url": params.get("url"),
        **_write_json(params, "headers", "sendHeaders", "specifyHeaders", "jsonHeaders"),
        **_write_json(params, "query", "sendQuery", "specifyQuery", "jsonQuery"),
        **body,
        "options": options,
    }


def _write_json(params: Json, name: str, switch: str, how: str, text: str) -> dict[str, Any]:
    if name not in params:
        return {}
    value = theirs(params[name])
    return {switch: True, how: "json", text: value if is_expression(value) else _json_text(params[name])}


def _write_body(params: Json) -> dict[str, Any] | None:
    if "send_file" in params:
        return {"sendBody": True, "contentType": "binaryData", "inputDataFieldName": params["send_file"]}
    kind = params.get("body_type", "json")
    if kind == "multipart":
        return write_form(params)
    return _write_json(params, "body", "sendBody", "specifyBody", "jsonBody") if kind == "json" else None


def _write_options(params: Json) -> dict[str, Any] | None:
    response = _response(params)
    options: dict[str, Any] = {"response": {"response": response}} if response else {}
    if "timeout" in params:
        options["timeout"] = round(params["timeout"] * 1000)
    if "pages" in params:
        pages = write_pages(params["pages"])
        if pages is None:
            return None
        options["pagination"] = {"pagination": pages}
    return options


def _response(params: Json) -> dict[str, Any]:
    """What n8n's options say about the answer."""
    response: dict[str, Any] = {}
    if "give" not in params:
        response["fullResponse"] = True
    if params.get("ok") == ["2xx", "3xx", "4xx", "5xx"]:
        response["neverError"] = True
    if "response" in params:
        response["responseFormat"] = params["response"]
    if "file" in params:
        response["outputPropertyName"] = params["file"]
    return response


def _json_text(value: Any) -> str:
    """JSON as n8n's field takes it: with expressions inside texts it is an expression as a whole."""
    plain = theirs(value)
    text = json.dumps(_unmarked(plain), ensure_ascii=False, indent=2)
    return f"={text}" if text.find("{{") >= 0 else text


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix("=")
    if isinstance(value, dict):
        return {key: _unmarked(part) for key, part in value.items()}
    return [_unmarked(part) for part in value] if isinstance(value, list) else value


_OLD: Json = {"requestMethod": "GET", "responseFormat": "json", "options": {}, "authentication": "none"}
dialect = Dialect(
    "n8n-nodes-base.httpRequest",
    (1, 2, 3, 4, 4.1, 4.2, 4.3, 4.4),
    read,
    {1: _OLD, 3: {"method": "GET", "options": {}, "authentication": "none"}},
    target="http.request",
    write=write,
    writes=4.2,
)
