"""The network under the HTTP client: resolves once, checks, connects to what was checked, and keeps deadlines."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from towpath.connectors.http.addresses import AllowList, check_addresses

Resolve = Callable[[str, int], list[str]]


class Deadline(threading.local):
    """When the call that this thread is at has to be over; a peer that drips bytes cannot stretch it."""

    at = 0.0

    def start(self, seconds: float) -> None:
        """The call begins now."""
        self.at = time.monotonic() + seconds

    def left(self, timeout: float | None, late: type[Exception] = httpcore.ReadTimeout) -> float:
        """Seconds that one operation may take, at most ``timeout``."""
        rest = self.at - time.monotonic()
        if rest <= 0:
            raise late("the answer took too long")
        return rest if timeout is None or rest < timeout else timeout


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only. TLS still asks for the name, since the client names the server itself."""

    def __init__(self, allowed: AllowList, deadline: Deadline, resolve: Resolve | None = None) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._resolve = resolve or resolve_host
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers. Raises RefusedError."""
        addresses = check_addresses(host, port, self._resolve(host, port), self._allowed)
        error: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                wait = self._deadline.left(timeout, httpcore.ConnectTimeout)
                stream = self._backend.connect_tcp(address, port, wait, local_address, socket_options)
                return DeadlineStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose operations end with the deadline of the thread that uses it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All bytes."""
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted."""
        wait = self._deadline.left(timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, wait)
        return DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host as the system resolves it. Raises httpcore.ConnectError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} cannot be found: {error}") from None
    return [str(entry[4][0]) for entry in found]
