"""A local web service that answers every call with a little JSON at once, as fast as this machine can."""

from __future__ import annotations

import asyncio

import httptools
import uvloop

from benchmarks.alone import say

_BODY = b'{"company": "Engines", "employees": 42}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


class Service(asyncio.Protocol):
    """One connection that is kept open."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Part of a request."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """A whole request."""
        self._transport.write(_ANSWER)


async def main() -> None:
    """Serve until the process is told to stop; the port comes first."""
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0, backlog=1024)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
