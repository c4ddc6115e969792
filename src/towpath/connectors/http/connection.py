"""One connection to a web server: a request goes out as bytes, its answer comes back parsed and bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO

import httptools

from towpath.connectors.http.collecting import Collector, Room
from towpath.connectors.http.content import MessageError, Piece

MOST_HEADERS = 64 * 1024  # bytes
_NO_BODY = frozenset({204, 304})


class NoAnswerError(Exception):
    """The connection ended before the answer did: the request may have arrived."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a peer answered; whoever has it closes the body."""

    status: int
    headers: dict[str, str]
    body: IO[bytes]


class Connection(asyncio.Protocol):
    """Carries one exchange at a time; ``open`` says whether it can carry another."""

    def __init__(self) -> None:
        self.open = False
        self.idle_since = 0.0
        self._transport: asyncio.Transport
        self._answer: asyncio.Future[Reply] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._room, self._bodiless = Room(0), False
        self._writable = asyncio.Event()
        self._writable.set()
        self._begin()

    def _begin(self) -> None:
        self._headers: dict[str, str] = {}
        self._header_bytes = 0
        self._collector: Collector | None = None  # once all headers are there

    async def exchange(self, request: Sequence[Piece], room: Room, *, bodiless: bool) -> Reply:
        """Send a request and await its answer, if there is room for it. Raises NoAnswerError, MessageError."""
        self._begin()
        self._room, self._bodiless = room, bodiless
        self._answer = asyncio.get_running_loop().create_future()
        try:
            await self._write(request, self._answer)
            return await self._answer
        except BaseException:  # a deadline, too: what still comes belongs to no other call
            self.close()
            if self._collector is not None:
                self._collector.body.close()
            raise
        finally:
            self._answer = None

    async def _write(self, request: Sequence[Piece], answer: asyncio.Future[Reply]) -> None:
        """Write a request as fast as the peer takes it; one that has answered before gets no more."""
        for piece in request:
            if isinstance(piece, bytes):
                self._transport.write(piece)
                continue
            loop, parts = asyncio.get_running_loop(), iter(piece)
            while (part := await loop.run_in_executor(None, next, parts, None)) is not None:
                self._transport.write(part)
                await self._writable.wait()
                if answer.done():
                    self.open = False  # the peer still waits for the rest
                    return

    def pause_writing(self) -> None:
        """The peer is slower than we are."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._writable.set()

    def close(self) -> None:
        """Let go of the connection."""
        self.open = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It can be used."""
        self._transport = transport  # type: ignore[assignment] # TCP and TLS give no other
        self.open = True

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        if self._answer is None:  # nobody has asked: such a peer is not to be trusted with another call
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail(MessageError("the service wants to speak another protocol"))
        except httptools.HttpParserError as error:
            found = error.__context__
            self._fail(found if isinstance(found, MessageError) else MessageError(f"the answer is not HTTP: {error}"))

    def connection_lost(self, error: Exception | None) -> None:
        """An answer that says nothing of its length ends here; any other is cut off."""
        self.open = False
        self._writable.set()
        whole = self._collector is not None and not {"content-length", "transfer-encoding"} & self._headers.keys()
        if whole and error is None:
            self._finish()
        else:
            self._fail(NoAnswerError(str(error or "the service hung up")))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > MOST_HEADERS:
            raise MessageError(f"the headers of the answer are larger than {MOST_HEADERS} bytes")
        key, text = name.decode("ascii", "replace").lower(), value.decode("utf-8", "replace")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        """All headers."""
        self._collector = Collector(self._headers, self._room, bodiless=self._bodiless)
        if self._bodiless and self._parser.get_status_code() >= 200:  # the parser cannot know, and waits for a body
            self._finish()
            self.close()

    def on_body(self, data: bytes) -> None:
        """Part of the body."""
        if self._collector is not None:
            self._collector.add(data)

    def on_message_complete(self) -> None:
        """The end of an answer, unless it is one that only says that the answer will come."""
        if self._parser.get_status_code() < 200:
            self._begin()
            return
        if not self._parser.should_keep_alive():
            self.open = False
        self._finish()

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            body, self._collector = self._collector.body if self._collector else BytesIO(), None
            self._answer.set_result(Reply(self._parser.get_status_code(), self._headers, body))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
