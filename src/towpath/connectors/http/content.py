"""What a request carries behind its head: JSON, text, a file, a form. Files are read as they go."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlencode

import msgspec

from towpath.errors import NotFoundError
from towpath.ports.effects import Content

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Piece: TypeAlias = bytes | Content
Open: TypeAlias = Callable[[str], Content]
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(;[ \w=.+-]*)?", re.ASCII)
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


def content_of(request: Mapping[str, Any], open_file: Open | None) -> tuple[str, list[Piece]]:
    """The content type and the pieces of what a request carries; none where it has no body. Raises MessageError."""
    named, kind = request.get("file"), request.get("body_type", "json")
    if named is not None:
        return _media_type(named), [_opened(named, open_file)]
    if kind == "multipart":
        return _multipart(request, open_file)
    body = _body(request)
    return _TYPES[kind], [] if body is None else [body]


def size_of(pieces: list[Piece]) -> int:
    """How many bytes they have together."""
    return sum(len(piece) if isinstance(piece, bytes) else piece.size for piece in pieces)


def pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and texts for a query or a form: a list repeats its name, null leaves it out."""
    for name, value in values.items():
        for part in value if isinstance(value, list) else [value]:
            if part is not None:
                yield name, part if isinstance(part, str) else msgspec.json.encode(part).decode()


def _body(request: Mapping[str, Any]) -> bytes | None:
    body = request.get("body")
    if body is None:
        return None if request.get("method", "GET") in SAFE else b""
    kind = request.get("body_type", "json")
    if kind == "json":
        return msgspec.json.encode(body)
    if kind == "form":
        return urlencode(list(pairs(_fields(body)))).encode()
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)


def _multipart(request: Mapping[str, Any], open_file: Open | None) -> tuple[str, list[Piece]]:
    boundary = f"towpath-{secrets.token_hex(16)}"
    pieces: list[Piece] = []
    for name, text in pairs(_fields(request.get("body") or {})):
        pieces.append(f"--{boundary}\r\n{_disposition(name)}\r\n\r\n{text}\r\n".encode())
    for name, named in (request.get("files") or {}).items():
        head = f'{_disposition(name)}; filename="{_quoted(str(named.get("fileName") or "file"))}"'
        pieces.append(f"--{boundary}\r\n{head}\r\ncontent-type: {_media_type(named)}\r\n\r\n".encode())
        pieces += [_opened(named, open_file), b"\r\n"]
    return f"multipart/form-data; boundary={boundary}", [*pieces, f"--{boundary}--\r\n".encode()]


def _fields(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise MessageError("a form needs an object as its body")
    return body


def _disposition(name: str) -> str:
    return f'content-disposition: form-data; name="{_quoted(name)}"'


def _quoted(text: str) -> str:
    """As browsers write names in forms: what would end the name or its line is written in another way."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _opened(named: Mapping[str, Any], open_file: Open | None) -> Content:
    try:
        if open_file is None:
            raise NotFoundError("there is no place here that keeps files")
        return open_file(str(named.get("id")))
    except NotFoundError:
        raise MessageError("the file that is to be sent is no longer kept") from None


def _media_type(named: Mapping[str, Any]) -> str:
    text = str(named.get("mimeType", ""))
    return text if _MEDIA_TYPE.fullmatch(text) else "application/octet-stream"
