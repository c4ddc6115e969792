"""A small load generator: so many connections, each with one request under way at a time, over real sockets.

``python -m benchmarks.http_load HOST PORT PATH CONNECTIONS SECONDS`` posts a JSON body again and again, and says in one
line of JSON how many were answered in a second, how long answers took, and which statuses came.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter

import uvloop

from benchmarks.alone import say

BODY = json.dumps(
    {"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "company": "Engines", "score": 42}
).encode()
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, request: bytes, until: float, gone: asyncio.Future[None]) -> None:
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self._request, self._until, self._gone = request, until, gone
        self._begin = 0.0
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The first request."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self._send()

    def data_received(self, data: bytes) -> None:
        """The next request, when the answer to the last is there as a whole."""
        self._read += data
        head, blank, body = self._read.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank or length is None or len(body) < int(length[1]):
            return
        now = time.perf_counter()
        self.times.append(now - self._begin)
        self.statuses[int(head[9:12])] += 1
        self._read = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        """All is said."""
        if not self._gone.done():
            self._gone.set_result(None)

    def _send(self) -> None:
        self._begin = time.perf_counter()
        self._transport.write(self._request)


async def load(host: str, port: int, path: str, connections: int, seconds: float) -> list[Client]:
    """Post for so many seconds; the connections with what they saw."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    loop, until = asyncio.get_running_loop(), time.perf_counter() + seconds
    clients, ends = [], []
    for _ in range(connections):
        gone: asyncio.Future[None] = loop.create_future()
        _, client = await loop.create_connection(lambda gone=gone: Client(request, until, gone), host, port)
        clients.append(client)
        ends.append(gone)
    await asyncio.gather(*ends)
    return clients


def main(host: str, port: int, path: str, connections: int, seconds: float) -> None:
    """Measure and tell."""
    clients = uvloop.run(load(host, port, path, connections, seconds))
    times = sorted(took for client in clients for took in client.times)
    statuses = sum((client.statuses for client in clients), Counter[int]())
    say(
        rate=len(times) / seconds,
        middle=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        statuses={str(status): count for status, count in statuses.items()},
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
