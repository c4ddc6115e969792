"""Names of hosts as the system resolves them."""

from __future__ import annotations

import socket
from collections.abc import Callable

Resolve = Callable[[str, int], list[str]]  # host, port -> addresses


class NotSentError(Exception):
    """The call never left: it can be made again without harm."""


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises NotSentError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSentError(f"{host} cannot be found: {error}") from None
    return [str(entry[4][0]) for entry in found]
