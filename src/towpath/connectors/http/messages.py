"""Requests as ``http.request`` writes them turned into bytes for the wire, and answers turned back into JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import IO, Any

import httpx
import msgspec

from towpath.connectors.http.content import SAFE, MessageError, Open, Piece, content_of, pairs, size_of
from towpath.ports.effects import Download

_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "accept-encoding"})
# What a line of a head may be: a method and an address, or a name of RFC 9110's letters and a value without controls.
_LINE = re.compile(r"[A-Z]+ [!-~]+ HTTP/1\.1|[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*")
_LONG_NUMBER = re.compile(rb"\d{19}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready for the wire."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    timeout: float
    pieces: tuple[Piece, ...]  # all of it, as it goes over the wire; files are read when it does


def write_call(
    request: Mapping[str, Any],
    key: str,
    ours: Mapping[str, str],
    more: Mapping[str, str],
    open_file: Open | None = None,
) -> Call:
    """The call of a request. ``ours`` are headers that it may set anew, ``more`` those of its connection.

    Raises MessageError.
    """
    method = str(request.get("method", "GET")).upper()
    content_type, content = content_of(request, open_file)
    headers = {**ours, "accept": "*/*", "accept-encoding": "gzip"}
    if method not in SAFE:
        headers["idempotency-key"] = f"{key}-{page}" if (page := request.get("page")) else key
    for name, value in {**request.get("headers", {}), **more}.items():
        if name.lower() in _OURS:
            raise MessageError(f"the header {name!r} is not yours to set")
        headers[name.lower()] = str(value)
    if size_of(content):
        own = request.get("body_type") == "multipart"  # only whoever writes the parts knows what is between them
        headers["content-type"] = content_type if own else headers.get("content-type", content_type)
    return _call(method, _url(request), headers, content, float(request.get("timeout", 30)))


def redirected(call: Call, url: httpx.URL) -> Call:
    """The same call, without a body, of another address."""
    return _call(call.method, url, call.headers, [], call.timeout)


def _call(method: str, url: httpx.URL, headers: Mapping[str, str], content: list[Piece], timeout: float) -> Call:
    lines = [f"{method} {url.raw_path.decode('ascii')} HTTP/1.1", f"host: {url.netloc.decode('ascii')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if content:
        lines.append(f"content-length: {size_of(content)}")
    for line in lines:
        if not _LINE.fullmatch(line):
            raise MessageError(f"{line[:200]!r} cannot stand in the head of a request")
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return Call(method, url, headers, timeout, tuple(_joined([head, *content])))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same with what stands beside each other in one piece: it goes out in one packet."""
    held = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            held += piece
        else:
            yield from (held, piece)
            held = b""
    yield held


def _url(request: Mapping[str, Any]) -> httpx.URL:
    try:
        url = _parsed(request["url"])
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise MessageError(f"{str(url)[:200]!r} may not be called")
        query: list[tuple[str, Any]] = list(pairs(request.get("query") or {}))
        return url.copy_merge_params(httpx.QueryParams(query)) if query else url
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise MessageError(f"not a web address: {error}") from None


@lru_cache(maxsize=1024)
def _parsed(text: str) -> httpx.URL:
    return httpx.URL(text)


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
