"""Requests as ``http.request`` writes them turned into bytes for the wire, and answers turned back into JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import IO, Any
from urllib.parse import urlencode

import httpx
import msgspec

from towpath.ports.effects import Download

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "accept-encoding"})
# What a line of a head may be: a method and an address, or a name of RFC 9110's letters and a value without controls.
_LINE = re.compile(r"[A-Z]+ [!-~]+ HTTP/1\.1|[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*")
_LONG_NUMBER = re.compile(rb"\d{19}")
_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}


class MessageError(Exception):
    """The request cannot be made, or the answer cannot be used; the text says why, ``code`` where that has a name."""

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready for the wire."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    timeout: float
    bytes: bytes  # all of it, as it goes over the wire


def write_call(
    request: Mapping[str, Any], key: str, user_agent: str, more: Mapping[str, str], file: bytes | None = None
) -> Call:
    """The call of a request; ``more`` are headers of its connection, ``file`` what it sends. Raises MessageError."""
    method = str(request.get("method", "GET")).upper()
    named = request.get("file")
    if named is not None and file is None:
        raise MessageError("the file that is to be sent is no longer kept")
    content = _content(request) if file is None else file
    headers = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": "gzip"}
    if content:
        headers["content-type"] = _TYPES[request.get("body_type", "json")] if named is None else _media_type(named)
    if method not in SAFE:
        headers["idempotency-key"] = f"{key}-{page}" if (page := request.get("page")) else key
    for name, value in {**request.get("headers", {}), **more}.items():
        if name.lower() in _OURS:
            raise MessageError(f"the header {name!r} is not yours to set")
        headers[name.lower()] = str(value)
    return _call(method, _url(request), headers, content, float(request.get("timeout", 30)))


def redirected(call: Call, url: httpx.URL) -> Call:
    """The same call, without a body, of another address."""
    return _call(call.method, url, call.headers, None, call.timeout)


def _call(method: str, url: httpx.URL, headers: Mapping[str, str], content: bytes | None, timeout: float) -> Call:
    lines = [f"{method} {url.raw_path.decode('ascii')} HTTP/1.1", f"host: {url.netloc.decode('ascii')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if content is not None:
        lines.append(f"content-length: {len(content)}")
    for line in lines:
        if not _LINE.fullmatch(line):
            raise MessageError(f"{line[:200]!r} cannot stand in the head of a request")
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return Call(method, url, headers, timeout, head + content if content else head)


def _media_type(named: Mapping[str, Any]) -> str:
    text = str(named.get("mimeType", ""))
    return text if re.fullmatch(r"[\w.+-]+/[\w.+-]+(;[ \w=.+-]*)?", text, re.ASCII) else "application/octet-stream"


def _url(request: Mapping[str, Any]) -> httpx.URL:
    try:
        url = _parsed(request["url"])
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise MessageError(f"{str(url)[:200]!r} may not be called")
        query: list[tuple[str, Any]] = list(_pairs(request.get("query") or {}))
        return url.copy_merge_params(httpx.QueryParams(query)) if query else url
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise MessageError(f"not a web address: {error}") from None


@lru_cache(maxsize=1024)
def _parsed(text: str) -> httpx.URL:
    return httpx.URL(text)


def _pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and texts for a query or a form: a list repeats its name, null leaves it out."""
    for name, value in values.items():
        for part in value if isinstance(value, list) else [value]:
            if part is not None:
                yield name, part if isinstance(part, str) else msgspec.json.encode(part).decode()


def _content(request: Mapping[str, Any]) -> bytes | None:
    body = request.get("body")
    if body is None:
        return None if request.get("method", "GET") in SAFE else b""
    kind = request.get("body_type", "json")
    if kind == "json":
        return msgspec.json.encode(body)
    if kind == "form":
        if not isinstance(body, Mapping):
            raise MessageError("a form needs an object as its body")
        return urlencode(list(_pairs(body))).encode()
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)


def read_file(content: IO[bytes], headers: Mapping[str, str], path: str) -> Download:
    """The answer as a file, under the name that the peer or the address gives it."""
    said = Message()
    said["content-disposition"] = headers.get("content-disposition", "")
    name = said.get_filename() or path.rpartition("/")[2] or "file"
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Download(name[:255], media_type or "application/octet-stream", content)


def read_body(data: bytes, content_type: str, wanted: str) -> Any:
    """The answer as JSON or text, null when it is empty. Raises MessageError."""
    if not data:
        return None
    if wanted == "json" or (wanted == "auto" and "json" in content_type.lower()):
        try:
            value = msgspec.json.decode(data)
            return _with_floats(value) if _LONG_NUMBER.search(data) else value
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            if wanted == "json":
                raise MessageError("the answer is not JSON") from None
    return _text(data, content_type)


def _with_floats(value: Any) -> Any:
    """Whole numbers of more than 64 bits become floats, as in JavaScript: items hold no others."""
    if isinstance(value, dict):
        return {name: _with_floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_floats(part) for part in value]
    return float(value) if type(value) is int and not -(2**63) <= value < 2**63 else value


def _text(data: bytes, content_type: str) -> str:
    _, _, charset = content_type.partition("charset=")
    try:
        return data.decode(charset.partition(";")[0].strip(" \"'") or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def same_place(left: httpx.URL, right: httpx.URL) -> bool:
    """Whether a redirect stays with the host that was called; from http to https is fine, back is not."""
    if left.host != right.host:
        return False
    upgraded = (left.scheme, right.scheme) == ("http", "https") and left.port is None and right.port is None
    return upgraded or (left.scheme == right.scheme and left.port == right.port)
