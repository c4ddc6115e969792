"""Bodies of requests: counted while they come in, and read as strict JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from towpath.errors import InputError


class StrictRequest(Request):
    """A request whose JSON is what the standard says: no NaN, no lone surrogates, bounded nesting."""

    async def json(self) -> Any:
        """The body's value. InputError with the place of the mistake."""
        return parse_json(await self.body())


def parse_json(body: bytes) -> Any:
    """A JSON text's value. InputError ``request.json`` with the place of the mistake."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from None


def not_json(error: Exception) -> InputError:
    """The refusal of a body that is not JSON."""
    text = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    refusal = InputError(f"the body is not JSON: {text}", code="request.json", hint="Send UTF-8 JSON.")
    refusal.status = 400
    return refusal


def counted(receive: Receive, limit: int) -> Receive:
    """The same messages, until they come to more than ``limit`` bytes: then HTTP 413."""
    total = 0

    async def take() -> Message:
        nonlocal total
        message = await receive()
        if message["type"] == "http.request":
            total += len(message.get("body", b""))
            if total > limit:
                raise HTTPException(413)
        return message

    return take
